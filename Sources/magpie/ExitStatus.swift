import ArgumentParser
import CrawlModel
import Decoding
import Extraction
import Fetching
import Foundation
import Storage

/// How magpie ends: the one table of exit codes.
enum ExitStatus: Int32, CaseIterable {
    case done = 0
    case internalFailure = 1
    case someFailed = 3
    case limitReached = 4
    case noCrawlFolder = 10
    case locked = 11
    case violations = 20
    case usage = 64
    case interrupted = 130

    var meaning: String {
        switch self {
        case .done: "all done"
        case .internalFailure: "internal failure, or the disk or the database is broken"
        case .someFailed: "finished, some tasks failed"
        case .limitReached: "stopped at a limit of this run, such as --max-time"
        case .noCrawlFolder: "no crawl folder here"
        case .locked: "another process is writing"
        case .violations: "verify found violations"
        case .usage: "wrong usage, or a recipe that can't be used"
        case .interrupted: "interrupted"
        }
    }

    /// The table for help texts.
    static var table: String {
        "EXIT CODES\n"
            + allCases.map { status in
                let code = String(status.rawValue)
                return "  \(code)\(String(repeating: " ", count: 5 - code.count))\(status.meaning)"
            }.joined(separator: "\n")
    }

    init(of error: StoreError) {
        switch error {
        case .noCrawlFolder, .unfinishedDatabase: self = .noCrawlFolder
        case .locked: self = .locked
        case .newerDatabase, .foreignDatabase, .noFolder: self = .usage
        case .inconsistent: self = .violations
        case .damaged, .diskFull, .diskLow, .tooManyFiles, .busy, .readOnly, .file, .database:
            self = .internalFailure
        }
    }

    /// Says what went wrong on standard error and ends the process with its code.
    static func exit(for error: any Error) -> Never {
        let status: ExitStatus
        switch error {
        case let error as ExitStatus: Foundation.exit(error.rawValue)
        case let error as StoreError: status = ExitStatus(of: error)
        case is RecipeError, is SelectorProblem, is AddressError, is FileProblem: status = .usage
        case is ExtractionError: status = .someFailed
        case is FetchError, is TooFewFiles, is OutputFailure, is DecoderMissing:
            status = .internalFailure
        case is ClosedPipe: Foundation.exit(ExitStatus.done.rawValue)
        default: Magpie.exit(withError: error)
        }
        Console.complain("\(error)")
        Foundation.exit(status.rawValue)
    }
}

extension ExitStatus: Error {}

/// A file that the user named and that can't be read or written.
struct FileProblem: Error, CustomStringConvertible {
    let description: String
}

/// A selector that can't be compiled, with the place in the recipe where it is written.
struct SelectorProblem: Error, CustomStringConvertible {
    let file: String
    let error: SelectorError

    var description: String {
        "\(file):\(error.selector.line): '\(error.selector.key)': \(error)"
    }
}
