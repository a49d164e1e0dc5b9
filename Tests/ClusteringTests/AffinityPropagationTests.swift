import Clustering
import LinearAlgebra
import Testing

@Suite struct AffinityPropagationTests {
  @Test func `separate groups are found, each by a member of its own`() {
    let (rows, groups) = separateGroups(count: 200, seed: 5)
    var method = AffinityPropagation()
    method.preference = -500
    let found = method.cluster(rows, checkpoint: {})
    #expect(found.isConverged)
    #expect(found.labels == Labels(groups))
    #expect(found.exemplars.map { found.labels.values[$0] } == [0, 1, 2, 3, 4])
    // An exemplar is the member with the least squared distance to all in sum.
    for (members, exemplar) in zip(found.labels.members(), found.exemplars) {
      let sums = members.map { row in
        members.reduce(0) { $0 + rows.squaredDistance(row, $1) }
      }
      #expect(members.firstIndex(of: exemplar) == sums.indices.min { sums[$0] < sums[$1] })
    }
  }

  @Test func `rows that are all the same are one cluster, or one each where they prefer it`() {
    let rows = Rows(count: 4, dimension: 1, values: [7, 7, 7, 7])
    var method = AffinityPropagation()
    #expect(method.cluster(rows, checkpoint: {}).labels.values == [0, 0, 0, 0])
    method.preference = 1
    #expect(method.cluster(rows, checkpoint: {}).labels.values == [0, 1, 2, 3])
  }

  @Test func `one row is a cluster`() {
    let found = AffinityPropagation()
      .cluster(Rows(count: 1, dimension: 2, values: [1, 2]), checkpoint: {})
    #expect(found.labels.values == [0])
    #expect(found.exemplars == [0])
  }

  @Test func `it says where iterations ran out`() {
    let (rows, _) = separateGroups(count: 60, seed: 5)
    var method = AffinityPropagation()
    method.iterationLimit = 10
    let found = method.cluster(rows, checkpoint: {})
    #expect(!found.isConverged)
    #expect(found.iterationCount == 10)
  }

  @Test func `what a checkpoint throws ends the work`() {
    let rows = coarseRows(count: 100, dimension: 2, seed: 1)
    for limit in [0, 99, 150, 900] {
      var count = 0
      #expect(throws: Stop.self) {
        try AffinityPropagation().cluster(rows) {
          count += 1
          if count > limit { throw Stop() }
        }
      }
    }
  }
}
