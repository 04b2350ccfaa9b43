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

let package = Package(
    name: "magpie",
    platforms: [.macOS(.v15)],
    products: [],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        .target(name: "CrawlModel", dependencies: ["Yams"]),
        .target(name: "Migrations", resources: [.embedInCode("sql")]),
        .systemLibrary(name: "CCrypto"),
        .target(name: "CSystem"),
        .target(
            name: "TestSupport",
            dependencies: ["CrawlModel"],
            path: "Tests/TestSupport"
        ),
        .testTarget(name: "StorageTests", dependencies: ["Storage", "TestSupport", grdb]),
        .target(
            name: "Storage",
            dependencies: ["CrawlModel", "Migrations", "CSystem", "CCrypto", grdb]
        ),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + strict
}
