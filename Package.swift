// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
// The allocator of released programs, see docs/decisions/0012; the sanitizers of other builds bring their own.
let allocator = LinkerSetting.linkedLibrary(
    "mimalloc",
    .when(platforms: [.linux], configuration: .release)
)
let sockets = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")

let package = Package(
    name: "magpie",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "magpie", targets: ["magpie"]),
        .library(name: "Pools", targets: ["Pools"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        // Libraries of the system, and what Swift can't call of them.
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0"),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .target(
            name: "CDecoder",
            linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]
        ),
        .target(name: "CHooks"),
        .target(name: "CSystem"),
        .target(name: "CPools"),
        .target(name: "CrashPoints"),

        // The parts, each importing only what stands above it here.
        .target(name: "CrawlModel", dependencies: ["Yams"]),
        .target(name: "Migrations", resources: [.embedInCode("sql")]),
        .target(
            name: "Storage",
            dependencies: [
                "CrawlModel", "CrashPoints", "Migrations", "CSystem", "CCrypto", grdb,
            ]
        ),
        .target(
            name: "Extraction",
            dependencies: ["CrawlModel", "CCrypto", "CLibXML2", "CPCRE2", "CZlib"]
        ),
        .target(name: "Decoding", dependencies: ["CrawlModel", "CDecoder"]),
        .target(name: "Fetching", dependencies: ["CrawlModel", "CCurl"]),
        .target(name: "Pools", dependencies: ["CPools"]),
        .target(
            name: "Crawling",
            dependencies: [
                "CHooks", "CrashPoints", "CrawlModel", "Decoding", "Extraction", "Fetching",
                "Pools", "Storage",
            ]
        ),
        .target(name: "SampleSite", dependencies: [sockets]),
        .executableTarget(
            name: "magpie",
            dependencies: [
                "CrawlModel", "Crawling", "Decoding", "Extraction", "Fetching", "SampleSite",
                "Storage", argumentParser,
            ],
            linkerSettings: [allocator]
        ),
        .executableTarget(name: "pools-bench", dependencies: ["Pools"]),
        .executableTarget(name: "magpie-fuzz", dependencies: ["FuzzTargets"]),
        .executableTarget(name: "pools-examples", dependencies: ["Pools"]),
        .executableTarget(
            name: "store-bench",
            dependencies: ["CrawlModel", "Storage"],
            linkerSettings: [allocator]
        ),
        .executableTarget(
            name: "extraction-bench",
            dependencies: ["CrawlModel", "Extraction"],
            linkerSettings: [allocator]
        ),

        .target(name: "CTestSupport", path: "Tests/CTestSupport"),
        .target(
            name: "TestSupport",
            dependencies: ["CTestSupport", "CrawlModel", "SampleSite"],
            path: "Tests/TestSupport"
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: ["Decoding", "SampleSite", "TestSupport", "magpie"]
        ),
        .testTarget(
            name: "CrashTests",
            dependencies: ["CrashPoints", "SampleSite", "TestSupport", "magpie", grdb]
        ),
        .target(
            name: "FuzzTargets",
            dependencies: ["CrawlModel", "Extraction", "TestSupport"],
            path: "Tests/FuzzTargets"
        ),
        .testTarget(name: "CrawlModelTests", dependencies: ["CrawlModel", "TestSupport"]),
        .testTarget(
            name: "CrawlingTests",
            dependencies: [
                "CrawlModel", "Crawling", "Decoding", "Extraction", "Fetching", "SampleSite",
                "Storage", "TestSupport", "decoder-test-worker", grdb,
            ],
            exclude: ["Sites"]
        ),
        .executableTarget(
            name: "decoder-test-worker",
            dependencies: ["Crawling", "Decoding"],
            path: "Tests/DecoderTestWorker"
        ),
        .testTarget(
            name: "DecodingTests",
            dependencies: ["Decoding", "SampleSite", "TestSupport"]
        ),
        .testTarget(
            name: "FetchingTests",
            dependencies: ["CrawlModel", "Fetching", "SampleSite", "TestSupport"]
        ),
        .testTarget(
            name: "ExtractionTests",
            dependencies: ["Extraction", "CPCRE2", "TestSupport"]
        ),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["FuzzTargets", "TestSupport"],
            exclude: ["Corpus"]
        ),
        .executableTarget(
            name: "pools-test-worker",
            dependencies: ["Pools"],
            path: "Tests/PoolsTestWorker"
        ),
        .testTarget(
            name: "PoolsTests",
            dependencies: ["Pools", "pools-examples", "pools-test-worker", "TestSupport"]
        ),
        .testTarget(name: "SampleSiteTests", dependencies: ["SampleSite", "TestSupport"]),
        .testTarget(name: "TidyTests"),
        .testTarget(name: "StorageTests", dependencies: ["Storage", "TestSupport", grdb]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + strict
}
