import CrawlModel
import Foundation
import Storage

/// Measures the database of a crawl at several sizes: `store-bench [--into DIR] [--ordered] [--digests] [--hosts N] [ROWS…]`.
///
/// With `--ordered` names come one after the other, as galleries with numbers have them, and not at random.
/// With `--hosts` only claims are measured, among so many hosts, of which one has nine pictures of ten.
/// With `--digests` pictures are found by their digests, as a recipe's rule for duplicates needs it.
///
/// Prints one line for each figure: the number of rows, what was measured, the number, with tabs between.
/// Everything goes through `Store`, with the settings of a real crawl.
@main
struct StoreBench {
    /// The word that makes the program a process which is killed while it holds tasks.
    static let holdWord = "hold-and-die"
    /// How many tasks the killed process held, if there are as many.
    static let held = 50_000
    /// What each of many hosts is asked for at once: as a stranger's by default.
    static let connections = 4
    static let rowsUnlessAsked = [10_000, 1_000_000]

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == holdWord, arguments.count == 3, let count = Int(arguments[2]) {
            try await BenchCrawl(folder: CrawlFolder(arguments[1])).holdAndDie(count)
        }
        var parent = NSTemporaryDirectory()
        var sizes: [Int] = []
        var findsDigests = false
        var isOrdered = false
        var hosts = 4
        var words = arguments[...]
        while let word = words.popFirst() {
            if word == "--into", let folder = words.popFirst() {
                parent = folder
            } else if word == "--digests" {
                findsDigests = true
            } else if word == "--hosts", let count = words.popFirst().flatMap({ Int($0) }),
                count > 4
            {
                hosts = count
            } else if word == "--ordered" {
                isOrdered = true
            } else if let rows = Int(word), rows > 0 {
                sizes.append(rows)
            } else {
                print("usage: store-bench [--into DIR] [--ordered] [--digests] [--hosts N] [ROWS…]")
                exit(64)
            }
        }
        for rows in sizes.isEmpty ? rowsUnlessAsked : sizes {
            let path = "\(parent)/store-bench-\(ProcessInfo.processInfo.processIdentifier)-\(rows)"
            let bench = BenchCrawl(
                folder: CrawlFolder(path),
                findsDigests: findsDigests,
                isOrdered: isOrdered,
                hosts: hosts
            )
            if hosts > 4 {
                try await measureTurns(rows, in: bench)
            } else {
                try await measure(rows, in: bench)
            }
        }
    }

    private static func measureTurns(_ rows: Int, in bench: BenchCrawl) async throws {
        try await bench.fill(rows) { _, _ in }
        let turns = try await bench.takeTurns(connections)
        print(
            """
            \(rows)\tclaim among \(bench.hosts) hosts, ms, median\t\(turns.median)
            \(rows)\tall but one in a hundred\t\(turns.nearlyAll)
            \(rows)\tthe longest\t\(turns.most)
            \(rows)\tclaims until the others were served\t\(turns.claims.count)
            \(rows)\tmost tasks of the large host at once, \(connections) allowed\t\(turns.heldOfLarge)
            \(rows)\ttasks of the large host meanwhile\t\(turns.takenOfLarge)
            """
        )
        try bench.remove()
    }

    private static func measure(_ rows: Int, in bench: BenchCrawl) async throws {
        func report(_ figure: String, _ number: Double, processor: Double? = nil) {
            let cost = processor.map { String(format: "\t%.3g us of processor each", $0) } ?? ""
            print("\(rows)\t\(figure)\t\(String(format: "%.4g", number))\(cost)")
            fflush(nil)
        }
        func report(_ figure: String, _ speed: BenchCrawl.Speed) {
            report("\(figure), /s", speed.perSecond, processor: speed.processorMicroseconds)
        }
        func reportMemory(_ stage: String) throws {
            report("peak memory \(stage), MB", Double(try BenchCrawl.peakBytes()) / 1e6)
        }
        try await bench.fill(rows) { report("discoveries, 1,000 to a page, \($0)", $1) }
        report("bytes a ready task", Double(try bench.databaseBytes()) / Double(rows))
        try reportMemory("when filled")
        for items in [70, 20] {
            let speed = try await bench.discover(pages: 100, items: items)
            report("discoveries, \(items) to a page", speed)
        }
        for batch in [60, 256, 1000] {
            let speed = try await bench.complete(min(rows / 10, 50 * batch), inBatchesOf: batch)
            report("claim + complete in batches of \(batch)", speed)
        }
        try reportMemory("when claimed from")
        let count = min(held, rows / 2)
        try bench.runUntilKilled(holding: count)
        report("open + take back \(count) after a kill, ms", try bench.reopen(expecting: count))
        try reportMemory("when opened after a kill")
        report("status, ms", try bench.status())
        try await bench.completeAll { report("claim + complete in batches of 256, \($0)", $1) }
        report("bytes a done task", Double(try bench.databaseBytes()) / Double(bench.known))
        try reportMemory("at the end")
        try bench.remove()
    }
}
