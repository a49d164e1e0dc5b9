// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
]
// A C target is built without optimisation in debug, which makes the tests ten times slower.
let c: [CSetting] = [
  .unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden"])
]
// OpenCV is opened at run time: only its headers are needed. Not warned about what is in them.
let opencv: [CXXSetting] = [
  .unsafeFlags([
    "-O2", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden", "-isystem/usr/include/opencv4",
  ])
]

let package = Package(
  name: "Likeness",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "likeness", targets: ["likeness"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // Shims: thin C over what is installed, one Swift importer each.
    // libvips' headers need GLib's flags; its own would link it, and it is opened at run time.
    .systemLibrary(
      name: "CVipsLibrary", pkgConfig: "glib-2.0", providers: [.apt(["libvips-dev"])]),
    .target(name: "CVips", dependencies: ["CVipsLibrary"], cSettings: c),
    .target(
      name: "CCodecs", cSettings: c,
      linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("deflate")]),
    .target(name: "CKernels", cSettings: c),
    .target(name: "CHash", cSettings: c),
    .target(name: "COpenBLAS", cSettings: c),
    .target(name: "COpenCV", cSettings: c, cxxSettings: opencv),

    .target(name: "Catalog", dependencies: ["CHash"], swiftSettings: swift),
    .target(
      name: "Imaging", dependencies: ["Catalog", "CCodecs", "CVips"], swiftSettings: swift),
    .target(name: "Features", dependencies: ["COpenCV", "Imaging"], swiftSettings: swift),
    .target(name: "LinearAlgebra", dependencies: ["COpenBLAS"], swiftSettings: swift),
    .target(
      name: "Clustering", dependencies: ["Catalog", "LinearAlgebra"], swiftSettings: swift),
    .target(name: "Embedding", dependencies: ["LinearAlgebra"], swiftSettings: swift),
    .target(
      name: "Similarity", dependencies: ["Clustering", "CKernels", "LinearAlgebra"],
      swiftSettings: swift),
    .target(
      name: "Storage",
      dependencies: [
        "Catalog", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: swift),
    .target(
      name: "Report", dependencies: ["Catalog"], swiftSettings: swift),
    .target(
      name: "Pipeline",
      dependencies: [
        "Catalog", "Clustering", "Embedding", "Features", "Imaging", "LinearAlgebra", "Report",
        "Similarity", "Storage",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "likeness",
      dependencies: [
        "Catalog", "Clustering", "Imaging", "Pipeline", "Report", "Similarity", "Storage",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "BenchmarkSuite",
      dependencies: ["Clustering", "Embedding", "LinearAlgebra", "Similarity"],
      swiftSettings: swift),

    .target(
      name: "TestArchives", dependencies: ["TestImages"], path: "Tests/TestArchives",
      swiftSettings: swift),
    .testTarget(
      name: "CatalogTests", dependencies: ["Catalog", "TestArchives", "TestImages"],
      swiftSettings: swift),
    .testTarget(
      name: "StorageTests",
      dependencies: [
        "Catalog", "Storage", "TestArchives", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: swift),
    .testTarget(
      name: "PipelineTests",
      dependencies: [
        "Catalog", "Clustering", "Pipeline", "Report", "Similarity", "Storage", "TestArchives",
        "TestImages", "likeness",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "CommandTests",
      dependencies: ["Storage", "TestArchives", "TestImages", "likeness"],
      swiftSettings: swift),
    // Optimised in debug too: checksums and pictures of megabytes take seconds otherwise.
    .target(
      name: "TestImages", path: "Tests/TestImages",
      swiftSettings: swift + [.unsafeFlags(["-O"])]),
    .testTarget(
      name: "ImagingTests", dependencies: ["Catalog", "Imaging", "TestImages"],
      swiftSettings: swift),
    .testTarget(
      name: "FeaturesTests", dependencies: ["Features", "Imaging"], swiftSettings: swift),
    .testTarget(
      name: "ReferenceTests",
      dependencies: [
        "Clustering", "Embedding", "Features", "Imaging", "LinearAlgebra", "Similarity",
        "TestImages",
      ],
      exclude: ["Golden", "Makers"], swiftSettings: swift),
    .testTarget(
      name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "TestImages"],
      swiftSettings: swift),
    .testTarget(
      name: "ClusteringTests", dependencies: ["Clustering", "LinearAlgebra", "TestImages"],
      swiftSettings: swift),
    .testTarget(
      name: "EmbeddingTests", dependencies: ["Embedding", "LinearAlgebra", "TestImages"],
      swiftSettings: swift),
    .testTarget(
      name: "SimilarityTests", dependencies: ["Clustering", "Similarity", "TestImages"],
      swiftSettings: swift),
    .testTarget(name: "ReportTests", dependencies: ["Catalog", "Report"], swiftSettings: swift),
  ],
  cxxLanguageStandard: .cxx17
)
