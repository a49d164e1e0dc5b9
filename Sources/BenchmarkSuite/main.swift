/// `BenchmarkSuite WORKLOAD --option value ...`: runs one workload and prints one JSON line.
let arguments = Options(CommandLine.arguments.dropFirst())
do {
  switch arguments.workload {
  case "join": try JoinWorkload(arguments).run()
  case "raster": try RasterWorkload(arguments).run()
  case "pairs": try PairWorkload(arguments).run()
  case "vectors": try VectorWorkload(arguments).run()
  case "cut": CutWorkload(arguments).run()
  default:
    usage(
      "unknown workload '\(arguments.workload)'; there are 'join', 'raster', 'pairs', 'vectors' and 'cut'"
    )
  }
} catch {
  fail("\(error)")
}
