import Foundation
import Synchronization

/// The plain files of a crawl folder, some at a time, without magpie's own.
///
/// No link is followed; memory does not grow with their number.
package final class FolderWalk: Sendable {
    private let entries: Mutex<FileManager.DirectoryEnumerator?>

    /// A walk through a folder.
    package init(_ folder: CrawlFolder) {
        entries = Mutex(FileManager.default.enumerator(atPath: folder.path))
    }

    /// The paths of the next files, below the folder; none behind the last.
    ///
    /// Blocking: reads folders.
    package func next(atMost count: Int) -> [String] {
        entries.withLock { entries in
            var paths: [String] = []
            while paths.count < count, let path = entries?.nextObject() as? String {
                if path == ".magpie" {
                    entries?.skipDescendants()
                } else if !path.hasPrefix("magpie.db"),
                    entries?.fileAttributes?[.type] as? FileAttributeType == .typeRegular
                {
                    paths.append(path)
                }
            }
            return paths
        }
    }
}
