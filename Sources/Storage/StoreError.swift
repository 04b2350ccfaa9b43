import GRDB

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Why a crawl folder can't be worked with; each says what to do about it.
package enum StoreError: Error, Sendable, CustomStringConvertible {
    /// The folder has no `magpie.db`.
    case noCrawlFolder(String)
    /// A file stands where the folder should.
    case noFolder(String)
    /// Another process holds the lock.
    case locked(String, holder: String)
    /// The database lacks tables: an older version wrote it, or its first run died at once.
    case unfinishedDatabase(String)
    /// The database was written by a newer version.
    case newerDatabase(String)
    /// `magpie.db` is some other program's database.
    case foreignDatabase(String)
    /// The database file is damaged.
    case damaged(String, reason: String)
    /// Rows of the database contradict each other.
    case inconsistent(String, reason: String)
    /// No room is left.
    case diskFull(String)
    /// Less room is left than is to stay free, in bytes.
    case diskLow(String, free: Int, floor: Int)
    /// The process or the system has no file descriptor left.
    case tooManyFiles(String)
    /// Another program kept the database locked for longer than is waited for.
    case busy(String)
    /// The folder or the database can't be written.
    case readOnly(String)
    /// A system call on a file failed otherwise.
    case file(String, call: String, errno: Int32)
    /// SQLite reported something else.
    case database(String)

    /// One or two sentences: what is the matter, and what helps.
    package var description: String {
        switch self {
        case .noCrawlFolder(let folder):
            "'\(folder)' is no crawl folder: start one with 'magpie crawl RECIPE --into \(folder)'"
        case .noFolder(let path): "'\(path)' is a file: give a folder"
        case .locked(let folder, let holder):
            "another process is writing '\(folder)' (\(holder)): wait for it, stop it, or add --wait"
        case .unfinishedDatabase(let folder):
            "the database of '\(folder)' is not up to date: an older magpie wrote it, or its first run "
                + "ended at once. Bring it up to date with 'magpie crawl RECIPE --into \(folder)'"
        case .newerDatabase(let folder):
            "'\(folder)' was written by a newer magpie: use that version, or a newer one"
        case .foreignDatabase(let path):
            "'\(path)' is not magpie's database: choose another folder"
        case .damaged(let path, let reason):
            "'\(path)' is damaged (\(reason)): nothing was changed. Restore it from a backup, or save "
                + "what is left with: sqlite3 '\(path)' .recover | sqlite3 recovered.db"
        case .inconsistent(let path, let reason):
            "rows of '\(path)' contradict each other (\(reason)): nothing was changed. Mend them with "
                + "'magpie verify DIR --repair'"
        case .diskFull(let path):
            "no room is left where '\(path)' is: free some, then run 'magpie resume'"
        case .diskLow(let folder, let free, let floor):
            "no room is left where '\(folder)' is: \(free / 1000) kB are free, and \(floor / 1000) kB are to "
                + "stay so (--min-free). Free some, then run 'magpie resume \(folder)'"
        case .tooManyFiles(let path):
            "'\(path)' can't be opened, since too many files are open: raise 'ulimit -n', or set fewer "
                + "workers in the recipe, then run 'magpie resume'"
        case .busy(let path):
            "another program keeps '\(path)' locked, such as a sqlite3 shell inside a transaction: end "
                + "it, then run 'magpie resume'"
        case .readOnly(let path):
            "'\(path)' can't be written: check its permissions and that its file system is writable"
        case .file(let path, let call, let number):
            "\(call) failed for '\(path)' (\(System.message(number))): check the disk, then run "
                + "'magpie resume'; what was committed is kept"
        case .database(let message):
            "the database reports: \(message); check the disk, then run 'magpie resume': what was "
                + "committed is kept"
        }
    }

    /// The error for a failed system call.
    static func system(_ call: String, _ path: String, _ number: Int32) -> StoreError {
        switch number {
        case ENOSPC, EDQUOT: .diskFull(path)
        case EROFS, EACCES, EPERM: .readOnly(path)
        case EMFILE, ENFILE: .tooManyFiles(path)
        default: .file(path, call: call, errno: number)
        }
    }

    /// The error for what SQLite reports about the database at `path`.
    static func sqlite(_ error: DatabaseError, path: String) -> StoreError {
        switch error.resultCode {
        case .SQLITE_FULL: .diskFull(path)
        case .SQLITE_CONSTRAINT: .inconsistent(path, reason: error.message ?? "a constraint")
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: .readOnly(path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            .damaged(path, reason: error.message ?? "\(error.resultCode)")
        case .SQLITE_IOERR where noRoom.contains(error.extendedResultCode): .diskFull(path)
        default: .database("\(error)")
        }
    }

    /// How SQLite tells that a file could not grow; also that a quota is used up.
    private static let noRoom: [ResultCode] = [.SQLITE_IOERR_WRITE, .SQLITE_IOERR_SHMSIZE]
}
