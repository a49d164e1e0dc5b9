import Clustering
import LinearAlgebra
import Testing

@Suite struct ModelChoiceTests {
  private func model(
    _ clusterCount: Int, silhouette: Double? = nil, daviesBouldin: Double? = nil,
    calinskiHarabasz: Double? = nil, inertia: Double? = nil, method: String = "k-means"
  ) -> ModelScore {
    var model = ModelScore(
      method: method, parameters: "", clusterCount: clusterCount, noiseCount: 0)
    model.silhouette = silhouette
    model.daviesBouldin = daviesBouldin
    model.calinskiHarabasz = calinskiHarabasz
    model.inertia = inertia
    return model
  }

  @Test func `indices are combined by their place between the least and the largest`() {
    let models = [
      model(2, silhouette: 0.2, daviesBouldin: 2, calinskiHarabasz: 100),
      model(3, silhouette: 0.6, daviesBouldin: 1, calinskiHarabasz: 150),
      model(4, silhouette: 0.4, daviesBouldin: 1.5, calinskiHarabasz: 300),
      model(1, silhouette: 0.9, daviesBouldin: 0, calinskiHarabasz: 900),
      model(5, silhouette: 0.9, daviesBouldin: 0),
    ]
    let choice = ModelChoice(of: models, by: .combined)
    #expect(choice.scores == [-1, 1.25, 1, nil, nil])
    #expect(choice.winner == 1)
    #expect(ModelChoice(of: models, by: .silhouette).winner == 4)
    #expect(ModelChoice(of: models, by: .daviesBouldin).scores == [-2, -1, -1.5, nil, 0])
    #expect(ModelChoice(of: models, by: .calinskiHarabasz).winner == 2)
  }

  @Test(arguments: ModelCriterion.allCases)
  func `nothing wins where no model takes part`(criterion: ModelCriterion) {
    let models = [model(1, silhouette: 1, daviesBouldin: 0, calinskiHarabasz: 1), model(0)]
    #expect(ModelChoice(of: models, by: criterion).winner == nil)
    #expect(ModelChoice(of: models, by: criterion).scores == [nil, nil])
    #expect(ModelChoice(of: [], by: criterion).winner == nil)
  }

  @Test func `ties go to fewer clusters, then to the earlier model`() {
    let models = [5, 3, 4, 3].map {
      model($0, silhouette: 0.5, daviesBouldin: 1, calinskiHarabasz: 10)
    }
    for criterion in [ModelCriterion.combined, .silhouette, .daviesBouldin, .calinskiHarabasz] {
      #expect(ModelChoice(of: models, by: criterion).winner == 1)
    }
  }

  @Test func `the elbow is looked for in each method's own curve`() {
    // In any order; of three points and none of two, or of a curve that does not fall.
    let models = [
      model(4, inertia: 10), model(2, inertia: 100), model(3, inertia: 20), model(6, inertia: 0),
      model(2, inertia: 7, method: "ward"), model(9, inertia: 5, method: "ward"),
      model(2, inertia: 1, method: "odd"), model(3, inertia: 3, method: "odd"),
      model(4, inertia: 2, method: "odd"),
    ]
    let choice = ModelChoice(of: models, by: .elbow)
    #expect(choice.winner == 2)
    let expected = [0.4, 0, 0.55, 0].map { $0 * 0.5.squareRoot() }
    for (score, depth) in zip(choice.scores, expected) {
      #expect(abs((score ?? .nan) - depth) < 1e-15)
    }
    #expect(choice.scores[4...].allSatisfy { $0 == nil })
  }

  @Test func `the gap's rule picks the first model that the next does not beat`() {
    func choice(_ gaps: [(Double?, Double)]) -> ModelChoice {
      let models = gaps.enumerated().map { position, gap in
        var model = model(position + 2)
        (model.gap, model.gapError) = (gap.0, gap.1)
        return model
      }
      return ModelChoice(of: models, by: .gap)
    }
    #expect(choice([(0.1, 0.1), (0.5, 0.1), (0.55, 0.1), (0.9, 0.1)]).winner == 1)
    #expect(choice([(0.1, 0.1), (0.5, 0.1), (0.9, 0.1)]).winner == 2)
    #expect(choice([(0.1, 0.1), (nil, 0), (0.15, 0.1)]).scores == [0.1, nil, nil])
    #expect(choice([(nil, 0), (nil, 0)]).winner == nil)
  }

  @Test func `merge heights suggest the count before the largest jump`() {
    // Seven rows: merges at 1, 1, 1, 2, 9, 10 leave 6, 5, 4, 3, 2, 1 clusters.
    let heights = [1.0, 1, 1, 2, 9, 10]
    let accelerations = (1...7).map {
      CountCurve.acceleration(ofMergeHeights: heights, clusterCount: $0)
    }
    #expect(accelerations == [nil, -6, 6, 1, 0, nil, nil])
    var models = (2...5).map { model($0) }
    for index in models.indices { models[index].acceleration = accelerations[index + 1] }
    #expect(ModelChoice(of: models, by: .derivative).winner == 1)
  }

  @Test func `a clustering without spread has no gap`() {
    let rows = Rows(count: 4, dimension: 1, values: [0, 0, 1, 1])
    let gaps = GapStatistic(
      of: rows, clusterCounts: [1, 2, 4], inertias: [1, 0, 0], referenceCount: 3, seed: 1
    ) { rows, count in
      Labels((0..<rows.count).map { Int32($0 * count / rows.count) })
    }
    #expect(gaps.gaps[0] != nil && gaps.errors[0] != nil)
    #expect(gaps.gaps[1...] == [nil, nil] && gaps.errors[1...] == [nil, nil])
    #expect(gaps.suggestedCount == 1)
  }

  @Test func `a model is scored by the indices of its labels`() throws {
    let rows = Rows(count: 7, dimension: 1, values: [0, 1, 9, 10, 30, 29, 500])
    let labels = Labels([0, 0, 1, 1, 2, 2, Labels.noise])
    let model = ModelScore(
      method: "k-means", parameters: "clusters 3", rows: rows, labels: labels, seed: 1,
      checkpoint: {})
    let dispersion = Dispersion(rows, labels, checkpoint: {})
    #expect((model.clusterCount, model.noiseCount) == (3, 1))
    #expect(model.silhouette == Silhouette(rows, labels, checkpoint: {})?.mean)
    #expect(model.silhouetteError == 0)
    #expect((model.inertia, model.distortion) == (1.5, 0.5))
    #expect(model.daviesBouldin == dispersion.daviesBouldin)
    #expect(model.calinskiHarabasz == dispersion.calinskiHarabasz)
    #expect(model.gap == nil && model.gapError == nil && model.acceleration == nil)
  }
}
