extension ResultSummary {
  /// The bytes of `summary.json`: one object, keys in a fixed order, one a line.
  ///
  /// `unaccounted` is scanned less all that became of the files, 0 when nothing was lost. `leftOut`
  /// lists the reasons of `tally`, by outcome, the most frequent first.
  public func json(leftOut tally: LeftOutTally) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append("{\n")
    for (key, text) in texts {
      bytes.append(jsonKey: key)
      bytes.append(json: text)
      bytes.append(",\n")
    }
    for (key, value) in numbers {
      bytes.append(jsonKey: key)
      bytes.append(shortest: value)
      bytes.append(",\n")
    }
    for (key, count) in counts {
      bytes.append(jsonKey: key)
      bytes.append(decimal: count)
      bytes.append(",\n")
    }
    if let missed = missedLinks {
      for (key, value) in [
        ("missedLinks", missed.share), ("missedLinksLowest", missed.lowest),
        ("missedLinksHighest", missed.highest),
      ] {
        bytes.append(jsonKey: key)
        bytes.append(shortest: value)
        bytes.append(",\n")
      }
      for (key, count) in [
        ("pairsLeftOut", missed.skippedPairCount), ("pairsSampled", missed.sampledPairCount),
        ("pairsMissed", missed.missedPairCount),
      ] {
        bytes.append(jsonKey: key)
        bytes.append(decimal: count)
        bytes.append(",\n")
      }
    }
    bytes.append(jsonKey: "leftOut")
    bytes.append(jsonGroups: LeftOutOutcome.allCases.flatMap(tally.groups))
    bytes.append("\n}\n")
    return bytes
  }

  private var texts: KeyValuePairs<String, String> {
    switch method {
    case .links(let settings):
      ["measure": settings.measure, "linkage": settings.linkage, "merge": settings.merge]
    case .clustering(let settings):
      [
        "measure": settings.measure, "model": settings.model, "choice": settings.choice,
        "merge": settings.merge,
      ]
    }
  }

  private var numbers: KeyValuePairs<String, Double> {
    switch method {
    case .links(let settings):
      [
        "threshold": settings.threshold, "batchThreshold": settings.batchThreshold,
        "floor": settings.floor,
      ]
    case .clustering: [:]
    }
  }

  private var counts: KeyValuePairs<String, Int> {
    [
      "scanned": outcomes.scanned, "clustered": outcomes.clustered, "outliers": outcomes.outliers,
      "quarantined": outcomes.quarantined, "notRead": outcomes.notRead,
      "skipped": outcomes.skipped, "unaccounted": outcomes.unaccounted, "clusters": clusterCount,
      "largestCluster": largestClusterImageCount, "noDetail": noDetailCount,
    ]
  }
}

extension [UInt8] {
  fileprivate mutating func append(jsonKey key: String) {
    append("  ")
    append(json: key)
    append(": ")
  }

  fileprivate mutating func append(jsonGroups groups: [LeftOutTally.Group]) {
    append("[")
    for (index, group) in groups.enumerated() {
      append(index == 0 ? "\n    {\"outcome\": " : ",\n    {\"outcome\": ")
      append(json: group.outcome.rawValue)
      append(", \"reason\": ")
      append(json: group.reason)
      append(", \"files\": ")
      append(decimal: group.fileCount)
      append("}")
    }
    append(groups.isEmpty ? "]" : "\n  ]")
  }
}
