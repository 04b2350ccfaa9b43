import CrawlModel
import GRDB
import Storage
import TestSupport
import Testing

/// A crawl folder with one run in it, for tests of the store.
struct StoreFixture {
    let temporary = TemporaryFolder()
    let clock = ManualClock()

    var folder: CrawlFolder { CrawlFolder(temporary.path) }

    /// So many limits that none is met.
    static let inconsiderate = Politeness(connections: 576, delay: .zero, robots: .ignore)

    /// Begins a run, as a new process would; the one before must be gone.
    func begin(
        recipe: String? = "name: x",
        politeness: Politeness = Self.inconsiderate
    ) throws -> Store {
        try folder.create()
        return try Store(
            folder,
            lock: FolderLock(folder, holder: "test"),
            run: RunDescription(
                command: "crawl",
                version: "0",
                recipe: recipe.map { StoredRecipe(file: "x.yaml", content: $0) }
            ),
            politeness: politeness,
            now: { [clock] in clock.now }
        )
    }

    /// A store with one start page that has been read and on which these pictures were found.
    func begin(images: [(url: String, name: String)], onConflict: ConflictRule = .skip) async throws
        -> Store
    {
        let store = try begin()
        _ = try await store.discover(startPages: [WebAddress("http://a.test/1")])
        let page = try #require(await store.claimPages(limit: 1).first)
        _ = try await read(page, images, in: store, onConflict: onConflict)
        return store
    }

    func read(
        _ page: PageTask,
        _ images: [(url: String, name: String)],
        next: [WebAddress] = [],
        in store: Store,
        onConflict: ConflictRule = .skip
    ) async throws -> DiscoverySummary? {
        let template = try PathTemplate("{name}{extension}")
        let reading = PageReading(
            discoveries: images.map { image in
                Discovery(
                    reference: image.url,
                    address: Result { () throws(AddressError) in try WebAddress(image.url) },
                    name: image.name
                )
            },
            itemsWithoutImage: 0,
            nextPages: next,
            encoding: "utf-8"
        )
        let readPage = ReadPage(reading: reading, bytes: 10, status: 200) {
            template.path(name: $0.name, address: try? $0.address.get())
        }
        return try await store.finish(
            page: TaskEnding(
                taskID: page.id,
                outcome: .done(readPage),
                ended: clock.now,
                took: .zero
            ),
            onConflict: onConflict
        )
    }

    func done(_ task: ImageTask) -> TaskEnding<SavedImage> {
        let image = SavedImage(
            path: task.path,
            bytes: 5,
            digest: Array(repeating: 7, count: 32),
            status: 200
        )
        return TaskEnding(taskID: task.id, outcome: .done(image), ended: clock.now, took: .zero)
    }

    /// Finds other bytes at the address of the one saved picture, and saves them.
    func change(
        to extensionName: String,
        mayReplace: Bool,
        in store: Store
    ) async throws -> SavedImage {
        _ = try await store.refreshImages()
        let task = try #require(await store.claimRefreshes(limit: 1).first)
        let content = ImageContent(
            bytes: 6,
            digest: Array(repeating: 8, count: 32),
            head: [],
            tail: []
        )
        let change = ChangedImage(
            task: task,
            content: content,
            extensionName: extensionName,
            mayReplace: mayReplace
        )
        let path = try #require(await store.announce([change]).first ?? nil)
        let image = SavedImage(path: path, bytes: 6, digest: content.digest, status: 200)
        let ending = TaskEnding(
            taskID: task.id,
            outcome: .done(RefreshedImage.changed(image)),
            ended: clock.now,
            took: .zero
        )
        try await store.finish(refreshes: [ending], hasHook: true)
        return image
    }

    func failed(
        _ task: ImageTask,
        _ errorClass: ErrorClass,
        due: Timestamp? = nil
    ) -> TaskEnding<SavedImage> {
        TaskEnding(
            taskID: task.id,
            outcome: .failed(Failure(errorClass, "why"), due: due),
            ended: clock.now,
            took: .zero
        )
    }

    /// Asks the database as the sqlite3 shell would.
    func ask<Value: DatabaseValueConvertible>(_ sql: String, as: Value.Type = Value.self) throws
        -> [Value]
    {
        var configuration = Configuration()
        configuration.readonly = true
        // A store that was let go of may be closing the database still.
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: folder.database, configuration: configuration).read {
            try Value.fetchAll($0, sql: sql)
        }
    }
}
