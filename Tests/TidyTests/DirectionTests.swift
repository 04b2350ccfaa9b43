import Testing

/// Who may import what, as docs/ARCHITECTURE.md has it.
///
/// SwiftPM alone lets a target import what it did not declare.
struct DirectionTests {
    /// What each part may import besides the system's own modules.
    private static let allowed: [String: Set<String>] = [
        "CrawlModel": ["Yams"],
        "Migrations": [],
        "CrashPoints": [],
        "Storage": ["CrawlModel", "CrashPoints", "Migrations", "CSystem", "CCrypto", "GRDB"],
        "Extraction": ["CrawlModel", "CCrypto", "CLibXML2", "CPCRE2", "CZlib"],
        "Fetching": ["CrawlModel", "CCurl"],
        "Pools": ["CPools"],
        "Decoding": ["CrawlModel", "CDecoder"],
        "Crawling": [
            "CHooks", "CrashPoints", "CrawlModel", "Decoding", "Extraction", "Fetching", "Pools",
            "Storage",
        ],
        "SampleSite": ["FlyingSocks"],
        "magpie": [
            "ArgumentParser", "CrawlModel", "Crawling", "Decoding", "Extraction", "Fetching",
            "SampleSite", "Storage",
        ],
        "magpie-fuzz": ["FuzzTargets"],
        "pools-bench": ["Pools"],
        "pools-examples": ["Pools"],
        "store-bench": ["CrawlModel", "Storage"],
        "extraction-bench": ["CrawlModel", "Extraction"],
    ]

    private static let system: Set<String> = [
        "Darwin", "Dispatch", "Foundation", "Glibc", "Musl", "Synchronization",
    ]

    @Test func `each part imports only what stands below it`() {
        for file in Tree.files(".swift", below: "Sources") {
            guard let allowed = Self.allowed[file.module] else {
                Issue.record("\(file): say in DirectionTests what \(file.module) may import")
                continue
            }
            for module in Self.imports(of: file) {
                #expect(
                    allowed.contains(module) || Self.system.contains(module),
                    "\(file) imports \(module)"
                )
            }
        }
    }

    private static func imports(of file: Tree.File) -> [String] {
        file.lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index <= 1, words.count > index + 1
            else { return nil }
            return String(words[index + 1].prefix { $0 != "." })
        }
    }
}
