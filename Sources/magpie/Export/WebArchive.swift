import CrawlModel
import Extraction
import Storage

/// What a crawl has for a web archive: pages whose bodies were kept, and pictures on disk.
struct WebArchive {
    let folder: CrawlFolder
    let reader: CrawlReader

    /// Pages that are in memory at once.
    private static let batch = 16
    private static let columns: [HistoryColumn] = [.path, .url, .bytes, .endedAt]

    /// Writes all kept pages and the chosen pictures to standard output; memory does not grow with them.
    ///
    /// - Parameter selection: Which pictures.
    /// - Throws: `StoreError`, what `Console.write` throws, `ExitStatus.someFailed` if one is missing.
    func write(_ selection: HistorySelection) throws {
        var archive = WARCWriter()
        try archive.begin(date: try reader.newestEnd() ?? "1970-01-01T00:00:00Z")
        try write(pagesTo: &archive)
        let files = try PublishedFiles(folder)
        var missing = 0
        try reader.history(selection, Self.columns) { cells in
            guard case .text(let path) = cells[0], case .text(let url) = cells[1],
                case .number(let length) = cells[2], case .text(let date) = cells[3]
            else { return }
            guard let bytes = try files.bytes(at: path, length: Int(length)) else {
                missing += 1
                return Console.complain("\(path) is left out: its file is gone or was changed")
            }
            try archive.add(picture: url, date: date, bytes)
        }
        try archive.end()
        if missing > 0 { throw ExitStatus.someFailed }
    }

    private func write(pagesTo archive: inout WARCWriter) throws {
        var last: Int64 = 0
        while true {
            let pages = try reader.keptPages(after: last, limit: Self.batch)
            guard let end = pages.last else { return }
            last = end.id
            for page in pages {
                let bytes = try Packing.unpacked(page.body.packed, length: page.body.bytes)
                try archive.add(page, bytes)
            }
        }
    }
}
