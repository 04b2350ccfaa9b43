import CrawlModel
import Foundation
import Storage

/// A crawl of pictures that exist only in the database.
final class BenchCrawl {
    /// How fast something went.
    struct Speed {
        /// Tasks a second.
        let perSecond: Double
        /// Time of all this process's threads for one task; tells more than the rate on a busy machine.
        let processorMicroseconds: Double

        init(_ tasks: Int, _ took: Duration, processor: Duration) {
            perSecond = Double(tasks) / (took / .seconds(1))
            processorMicroseconds = processor / .microseconds(1) / Double(tasks)
        }
    }

    private let folder: CrawlFolder
    private let findsDigests: Bool
    private let isOrdered: Bool
    let hosts: Int
    private let recipe: PathTemplate
    /// Pictures that were discovered.
    private(set) var known = 0
    private var pages = 0

    /// A crawl in a folder.
    ///
    /// - Parameters:
    ///   - folder: The crawl folder.
    ///   - findsDigests: Whether done pictures are found by their digests.
    ///   - isOrdered: Whether pictures are named one after the other, as galleries with numbers are.
    ///   - hosts: How many hosts have pictures.
    init(
        folder: CrawlFolder,
        findsDigests: Bool = false,
        isOrdered: Bool = false,
        hosts: Int = 4
    ) {
        self.folder = folder
        self.findsDigests = findsDigests
        self.isOrdered = isOrdered
        self.hosts = hosts
        do throws(RecipeProblem) {
            recipe = try PathTemplate("{name}{extension}")
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// The size of the database, all of it in its main file.
    func databaseBytes() throws -> Int {
        _ = try lock()
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder.database)
        return attributes?[.size] as? Int ?? 0
    }

    // MARK: What is measured

    /// Discovers so many pictures, and reports the speed of the first tenth and of the last.
    func fill(_ rows: Int, _ report: (String, Speed) -> Void) async throws {
        let tenth = rows / 10
        let batch = min(1000, tenth)
        report("first tenth", try await discover(pages: tenth / batch, items: batch))
        _ = try await discover(pages: 8 * tenth / batch, items: batch)
        report("last tenth", try await discover(pages: tenth / batch, items: batch))
    }

    /// Reads pages on which so many new pictures are found; one transaction each.
    ///
    /// - Returns: The speed for a picture, without the time it takes to make them up.
    func discover(pages count: Int, items: Int) async throws -> Speed {
        let store = try open()
        let first = pages
        pages += count
        let addresses = try (first..<pages).map {
            try WebAddress("http://127.0.0.1:8080/photo/list/?page=\($0)")
        }
        _ = try await store.discover(startPages: addresses)
        var (took, processor) = (Duration.zero, Duration.zero)
        for _ in 0..<count {
            let task = try await store.claimPages(limit: 1)
            guard let task = task.first else { preconditionFailure("no page is ready") }
            let page = readPage(items)
            let before = Self.processorTime
            took += try await ContinuousClock().measure {
                let ending = ending(task.id, .done(page))
                let summary = try await store.finish(page: ending, onConflict: .skip)
                precondition(summary?.newImages == items, "not every picture was new")
            }
            processor += Self.processorTime - before
        }
        try await store.end(.finished)
        return Speed(count * items, took, processor: processor)
    }

    /// Claims and completes pictures in turn, as a crawl does.
    func complete(_ count: Int, inBatchesOf batch: Int) async throws -> Speed {
        let store = try open()
        let speed = try await complete(count, inBatchesOf: batch, in: store)
        try await store.end(.finished)
        return speed
    }

    /// Completes all that is left, and reports the speed of the first tenth and of the last.
    func completeAll(_ report: (String, Speed) -> Void) async throws {
        let store = try open()
        let tenth = store.tally.tasks(.image, .ready) / 10
        report("first tenth", try await complete(tenth, inBatchesOf: 256, in: store))
        let most = store.tally.tasks(.image, .ready) - tenth
        _ = try await complete(most, inBatchesOf: 256, in: store)
        report("last tenth", try await complete(tenth, inBatchesOf: 256, in: store))
        try await store.end(.finished)
    }

    /// Begins a run in another process, which claims so many pictures and is killed.
    func runUntilKilled(holding count: Int) throws {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        child.arguments = [StoreBench.holdWord, folder.path, "\(count)"]
        try child.run()
        child.waitUntilExit()
        precondition(child.terminationStatus == SIGKILL, "the other process ended by itself")
    }

    /// Claims so many pictures and kills this process.
    func holdAndDie(_ count: Int) async throws -> Never {
        let store = try open()
        var left = count
        while left > 0 { left -= try await store.claimImages(limit: min(left, 1000)).count }
        kill(getpid(), SIGKILL)
        preconditionFailure("SIGKILL was survived")
    }

    /// Opens the store, which takes back what the dead run held.
    ///
    /// - Returns: Milliseconds.
    func reopen(expecting count: Int) throws -> Double {
        _ = try lock()
        var takenBack = 0
        let took = try ContinuousClock().measure {
            takenBack = try open().beginning.tasksTakenBack
        }
        precondition(takenBack == count, "\(takenBack) tasks were taken back instead of \(count)")
        return took / .milliseconds(1)
    }

    /// Opens the database for reading and asks where the crawl stands.
    ///
    /// - Returns: Milliseconds, the median of several.
    func status() throws -> Double {
        let times = try (0..<21).map { _ in
            try ContinuousClock().measure {
                let status = try CrawlReader(folder).status()
                precondition(status.tally.tasks(.image, .ready) > 0, "nothing is ready")
            }
        }
        return times.sorted()[times.count / 2] / .milliseconds(1)
    }

    /// The most memory that this process had, in bytes.
    static func peakBytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 * 1024 } ?? 0
    }

    /// Removes all of it; a store that was let go of may still be closing its files.
    func remove() throws {
        _ = try lock()
        while FileManager.default.fileExists(atPath: folder.path) {
            try? FileManager.default.removeItem(atPath: folder.path)
        }
    }

    // MARK: How it is done

    private func complete(
        _ count: Int,
        inBatchesOf batch: Int,
        in store: Store
    ) async throws -> Speed {
        var left = count
        if findsDigests { try await store.indexDigests() }
        let before = Self.processorTime
        let took = try await ContinuousClock().measure {
            while left > 0 {
                let tasks = try await store.claimImages(limit: min(left, batch))
                guard !tasks.isEmpty else { preconditionFailure("\(left) pictures are not there") }
                let endings = tasks.map(saved)
                if findsDigests {
                    let digests = endings.compactMap { ending in
                        if case .done(let image) = ending.outcome { image.digest } else { nil }
                    }
                    let owners = try await store.owners(of: Set(digests))
                    precondition(owners.isEmpty, "no two pictures are the same")
                }
                let lost = try await store.finish(images: endings)
                precondition(lost == 0, "\(lost) pictures were not held")
                left -= tasks.count
            }
        }
        return Speed(count, took, processor: Self.processorTime - before)
    }

    /// Takes the folder's lock; a store that was let go of may still be closing.
    private func lock() throws -> FolderLock {
        try folder.create()
        while true {
            do throws(StoreError) {
                return try FolderLock(folder, holder: "store-bench")
            } catch {
                guard case .locked = error else { throw error }
                sched_yield()
            }
        }
    }

    /// Opens the store as a run; nothing is asked of any host, so that without a limit no room is given back.
    func open(connections: Int = 1 << 40) throws -> Store {
        try Store(
            folder,
            lock: lock(),
            run: RunDescription(
                command: "crawl",
                version: "bench",
                recipe: StoredRecipe(file: "bench.yaml", content: "name: bench")
            ),
            politeness: Politeness(connections: connections, delay: .zero, robots: .ignore),
            now: Self.now
        )
    }

    static let now: @Sendable () -> Timestamp = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }

    private static var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// A page with pictures that were not known, with names of random bits or in order, and captions.
    private func readPage(_ items: Int) -> ReadPage {
        let discoveries = (known..<known + items).map { number in
            // The same length either way: 16 digits, of which the first is never 0.
            let name =
                isOrdered
                ? String(1 << 60 + UInt64(number), radix: 16)
                : String(1 << 63 | UInt64(number) &* 0x9E37_79B9_7F4A_7C15, radix: 16)
            let reference = "http://\(host(ofPicture: number))/pic/\(name).jpg"
            return Discovery(
                reference: reference,
                address: Result { () throws(AddressError) in try WebAddress(reference) },
                name: "又是星期一 \(name)"
            )
        }
        known += items
        let reading = PageReading(
            discoveries: discoveries,
            itemsWithoutImage: 0,
            nextPages: [],
            encoding: "utf-8"
        )
        return ReadPage(reading: reading, bytes: 50_000, status: 200) { discovery in
            recipe.path(name: discovery.name, address: try? discovery.address.get())
        }
    }

    func saved(_ task: ImageTask) -> TaskEnding<SavedImage> {
        let random = UInt64(task.id) &* 0x9E37_79B9_7F4A_7C15
        let digest =
            withUnsafeBytes(of: random.bigEndian) { Array($0) } + [UInt8](repeating: 7, count: 24)
        // Of modification time and length, as most servers have it.
        let tag = "\"\(String(random >> 32, radix: 16))-3a98\""
        let image = SavedImage(
            path: task.path,
            bytes: 15_000,
            digest: digest,
            status: 200,
            validator: tag
        )
        return ending(task.id, .done(image))
    }

    private func ending<Success>(
        _ id: Int64,
        _ outcome: TaskEnding<Success>.Outcome
    ) -> TaskEnding<Success> {
        TaskEnding(taskID: id, outcome: outcome, ended: Self.now(), took: .milliseconds(12))
    }
}
