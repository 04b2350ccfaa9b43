import Extraction
import Fetching
import Storage

/// What `doctor` found, for people and programs.
struct DoctorReport: Encodable {
    struct Libraries: Encodable {
        let libcurl: String
        let tls: String?
        let http2: String?
        let encodings: [String]
        let sqlite: String
        let libxml2: String
        let pcre2: String
        let openssl: String
    }

    struct Folder: Encodable {
        let path: String
        let fileSystem: String
        let freeBytes: Int
        let holder: String?
        var database: String?
        var unfinishedPictures = 0
        var unfinishedBytes = 0

        enum CodingKeys: String, CodingKey {
            case path
            case fileSystem = "file_system"
            case freeBytes = "free_bytes"
            case holder, database
            case unfinishedPictures = "unfinished_pictures"
            case unfinishedBytes = "unfinished_bytes"
        }
    }

    let magpie: String
    let libraries: Libraries
    let folder: Folder?
    /// What keeps a crawl from working.
    let problems: [String]
    /// What had better be known.
    let remarks: [String]

    /// Below this a crawl soon ends.
    private static let littleRoom = 100_000_000

    /// Looks at the libraries, and at a folder if there is one.
    ///
    /// - Throws: `StoreError` if the folder is no crawl folder.
    init(_ crawlFolder: CrawlFolder?) throws {
        let (curl, storage, extraction) = (
            Fetcher.versions, try StorageVersions(), ExtractionVersions()
        )
        magpie = Magpie.version
        libraries = Libraries(
            libcurl: curl.curl,
            tls: curl.tls,
            http2: curl.http2,
            encodings: curl.encodings,
            sqlite: storage.sqlite,
            libxml2: extraction.libxml2,
            pcre2: extraction.pcre2,
            openssl: storage.openSSL
        )
        var findings = Findings()
        if storage.losesPagesWithTwoWriters {
            findings.remarks.append(
                "SQLite \(storage.sqlite) can lose pages of its log when two programs write at once (fixed "
                    + "in 3.51.3); magpie lets one process write, so leave writing to it"
            )
        }
        folder = try crawlFolder.map { try findings.examine($0) }
        (problems, remarks) = (findings.problems, findings.remarks)
    }

    private struct Findings {
        var problems: [String] = []
        var remarks: [String] = []

        mutating func examine(_ folder: CrawlFolder) throws -> Folder {
            guard folder.exists else { throw StoreError.noCrawlFolder(folder.path) }
            let fileSystem = try FileSystem(of: folder)
            note(fileSystem)
            var report = Folder(
                path: folder.path,
                fileSystem: fileSystem.name,
                freeBytes: fileSystem.freeBytes,
                holder: FolderLock.holder(of: folder)
            )
            let parts = try folder.unfinishedParts()
            (report.unfinishedPictures, report.unfinishedBytes) = (parts.count, parts.bytes)
            do {
                let database = try DatabaseExamination(of: folder)
                report.database = database.version
                problems += database.findings.map { "the database is damaged: \($0)" }
                if !database.isCurrent {
                    remarks.append(
                        "the database is of an older version: the next run brings it up to date"
                    )
                }
            } catch {
                problems.append("\(error)")
            }
            return report
        }

        private mutating func note(_ fileSystem: FileSystem) {
            if let warning = fileSystem.warning { remarks.append(warning) }
            if fileSystem.freeBytes < DoctorReport.littleRoom {
                remarks.append("little room is left: a crawl ends when the disk is full")
            }
        }
    }

    /// The report for people, a line each.
    var lines: [String] {
        let tls = libraries.tls ?? "no TLS"
        let http2 = libraries.http2.map { "HTTP/2 by nghttp2 \($0)" } ?? "no HTTP/2"
        let encodings =
            libraries.encodings.isEmpty ? "none" : libraries.encodings.joined(separator: " ")
        var rows = [
            ["magpie", magpie], ["libcurl", "\(libraries.libcurl), \(tls), \(http2)"],
            ["encodings", encodings], ["SQLite", libraries.sqlite], ["libxml2", libraries.libxml2],
            ["PCRE2", libraries.pcre2], ["OpenSSL", libraries.openssl],
        ]
        if let folder {
            rows += [
                ["folder", folder.path],
                ["file system", "\(folder.fileSystem), \(Plain.bytes(folder.freeBytes)) free"],
                ["lock", folder.holder.map { "held by \($0)" } ?? "free"],
                ["database", folder.database ?? "can't be read"],
            ]
            if folder.unfinishedPictures > 0 {
                let count = Plain.count(folder.unfinishedPictures, "unfinished picture")
                rows.append(["parts", "\(count), \(Plain.bytes(folder.unfinishedBytes))"])
            }
        }
        var lines = rows.map { row in
            row[0] + String(repeating: " ", count: 13 - row[0].count) + Plain.text(row[1])
        }
        lines += problems.map { "problem: \(Plain.text($0))" }
        lines += remarks.map { "remark: \(Plain.text($0))" }
        if folder != nil, problems.isEmpty { lines.append("the folder is well") }
        return lines
    }
}

extension FileSystem {
    /// Why this is no good place for a crawl; `nil` if it is one.
    var warning: String? {
        if isRemote {
            return
                "the file system is \(name), which may be on another machine: locks and the database's "
                + "shared memory need a local one, so choose a folder on a disk of this machine"
        }
        guard !keepsPermissions else { return nil }
        return
            "the file system is \(name), which keeps no permissions: pictures that were complete when the "
            + "process died are fetched again"
    }
}
