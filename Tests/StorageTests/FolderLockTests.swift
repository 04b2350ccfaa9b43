import Foundation
import Testing
import TestSupport

@testable import Storage

struct FolderLockTests {
    private let home = TemporaryFolder()

    /// A process that is being started holds copies of its parent's descriptors until it runs its program.
    @Test func `a lock that is let go is free, whoever has a copy of its descriptor`() throws {
        let folder = CrawlFolder(home.path("crawl"))
        try folder.create()
        var lock: FolderLock? = try FolderLock(folder, holder: "first")
        let copy = try #require(copyOfDescriptor(of: folder.lock))
        defer { close(copy) }
        #expect(throws: StoreError.self) { try FolderLock(folder, holder: "second") }
        withExtendedLifetime(lock) {}
        lock = nil
        _ = try FolderLock(folder, holder: "third")
    }

    private func copyOfDescriptor(of path: String) -> Int32? {
        let file = (0..<Int32(1024)).first { descriptor in
            let target = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/fd/\(descriptor)"
            )
            return target == path
        }
        return file.map { dup($0) }
    }
}
