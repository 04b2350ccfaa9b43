import ArgumentParser
import CrawlModel
import Foundation
import Storage

struct ExportCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv, jsonl, tar, warc
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Write the pictures that are done as CSV, JSON lines, or an archive.",
        discussion: """
            With tar it is one that webdataset reads: for each picture NUMBER.jpg, NUMBER.txt with its \
            caption, and NUMBER.json with what is known of it. With warc it is a web archive (WARC/1.1): \
            all pages whose bodies were kept, and the pictures, each record packed by gzip. A picture \
            whose file is gone or has another length is left out and told on standard error.

            Examples: magpie export pictures --format tar > kittens.tar
                      magpie export pictures --format warc > kittens.warc.gz
                      magpie export pictures --format csv --since 7d > week.csv

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @OptionGroup var filters: PictureFilters

    @Option(help: "How to write it.")
    var format = Format.csv

    private static let columns: [HistoryColumn] = [
        .id, .path, .caption, .url, .pageURL, .bytes, .sha256, .endedAt, .fields,
    ]

    func validate() throws {
        if format == .tar || format == .warc, Console.isTerminal {
            throw ValidationError("an archive is nothing for a terminal: send it to a file with >")
        }
    }

    func run() throws {
        var selection = filters.selection
        selection.states = [.done]
        let crawlFolder = CrawlFolder(folder)
        let reader = try CrawlReader(crawlFolder)
        if format == .tar { return try writeArchive(selection, reader, crawlFolder) }
        if format == .warc {
            return try WebArchive(folder: crawlFolder, reader: reader).write(selection)
        }
        var writer = HistoryWriter(
            format: format == .csv ? .csv : .jsonl,
            columns: Self.columns
        )
        try writer.begin()
        try reader.history(selection, Self.columns) { try writer.write($0) }
        try writer.end()
    }

    private func writeArchive(
        _ selection: HistorySelection,
        _ reader: CrawlReader,
        _ crawlFolder: CrawlFolder
    ) throws {
        let files = try PublishedFiles(crawlFolder)
        let dates = ISO8601DateFormatter()
        var tar = TarWriter()
        var missing = 0
        try reader.history(selection, Self.columns) { cells in
            guard case .number(let id) = cells[0], case .text(let path) = cells[1],
                case .text(let caption) = cells[2], case .number(let length) = cells[5],
                case .text(let time) = cells[7]
            else { return }
            guard let bytes = try files.bytes(at: path, length: Int(length)) else {
                missing += 1
                return Console.complain("\(path) is left out: its file is gone or was changed")
            }
            let number = String(format: "%09d", id)
            let seconds = dates.date(from: time.prefix(19) + "Z")?.timeIntervalSince1970 ?? 0
            try tar.add("\(number).\(Self.ending(of: path))", bytes, seconds: Int(seconds))
            try tar.add("\(number).txt", Array(caption.utf8), seconds: Int(seconds))
            let json = HistoryWriter.json(Self.columns, cells)
            try tar.add("\(number).json", Array(json.utf8), seconds: Int(seconds))
        }
        try tar.end()
        if missing > 0 { throw ExitStatus.someFailed }
    }

    /// The extension of a path for a name in the archive, which is ASCII and short.
    private static func ending(of path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        let ending = name.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
        let isPlain =
            (1...8).contains(ending.utf8.count)
            && ending.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
        return isPlain ? ending : "picture"
    }
}
