import Pools

/// 26 letters, one queue, two workers.
enum Letters {
    static let announce = WorkFunction("announce") { (letter: String) -> Int in
        say("GET \(letter) from queue.")
        return letter.count
    }

    static func run() throws {
        say("--- two processes ---")
        let processes = try ProcessPool(workers: 2)
        try hand { letter in _ = try processes.apply(announce, letter) }
        processes.close()
        processes.join()

        say("--- two threads ---")
        try hand { letter in say("GET \(letter) from queue.") }
    }

    /// Has two readers take the letters out of one queue, and waits until every letter has been dealt with.
    private static func hand(_ deal: @escaping @Sendable (String) throws -> Void) throws {
        let queue = JoinableQueue<String>()
        let readers = try ThreadPool(threads: 2, name: "reader")
        let reading = (0..<2).map { _ in
            readers.applyAsync {
                while let letter = queue.get() {
                    defer { queue.taskDone() }
                    try deal(letter)
                }
            }
        }
        for letter in UInt8(ascii: "A")...UInt8(ascii: "Z") {
            try queue.put(String(UnicodeScalar(letter)))
        }
        queue.join()
        // Python's readers are daemons that are cut off at the end of the program; these are told that it is over.
        queue.close()
        for reader in reading { try reader.get() }
        readers.close()
        readers.join()
    }
}
