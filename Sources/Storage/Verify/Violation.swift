package import CrawlModel

/// Something that must hold in a crawl folder and does not.
package struct Violation: Equatable, Sendable {
    /// What is wrong.
    package enum Kind: String, CaseIterable, Codable, Sendable {
        /// The database is not whole: SQLite's own checks of its pages and references.
        case damagedDatabase = "damaged_database"
        /// A done picture has no file under its path.
        case missingFile = "missing_file"
        /// A done picture's file has other bytes than were saved.
        case changedFile = "changed_file"
        /// A done page discovered more pictures than there are.
        case lostDiscovery = "lost_discovery"
        /// A task is running for a run that has ended.
        case strayTask = "stray_task"
        /// A ready task will not be claimed, because its host does not know of it.
        case forgottenTask = "forgotten_task"
        /// A failed or skipped task does not say why.
        case missingReason = "missing_reason"
        /// A picture was skipped since another one has its bytes, and that one is not done.
        case lostOwner = "lost_owner"
        /// The counts differ from what there is.
        case wrongCount = "wrong_count"
        /// A path leads out of the crawl folder or to magpie's own files.
        case unsafePath = "unsafe_path"
        /// A done picture can't be decoded, though its bytes are those that came.
        case undecodable = "undecodable_picture"
        /// A done picture brings its decoder down.
        case crashedDecoder = "crashed_decoder"
        /// A done picture takes its decoder too long.
        case slowDecoding = "slow_decoding"

        /// The guarantee of docs/DESIGN.md that it breaks; 0 for the database itself, and for what the site
        /// gave and magpie promises nothing about.
        package var guarantee: Int {
            switch self {
            case .damagedDatabase, .undecodable, .crashedDecoder, .slowDecoding: 0
            case .missingFile, .changedFile: 1
            case .lostDiscovery: 2
            case .strayTask: 3
            case .forgottenTask, .missingReason, .lostOwner, .wrongCount: 6
            case .unsafePath: 7
            }
        }

        /// Whether `verify --repair` can mend it.
        package var isRepairable: Bool {
            switch self {
            case .missingFile, .changedFile, .lostDiscovery, .strayTask, .forgottenTask,
                .lostOwner, .wrongCount, .undecodable:
                true
            case .damagedDatabase, .missingReason, .unsafePath, .crashedDecoder, .slowDecoding:
                false
            }
        }
    }

    /// What is wrong.
    package let kind: Kind
    /// The table of the row it is about, if it is about one.
    package let table: TaskKind?
    /// The row's id.
    package let id: Int64?
    /// The path of the picture it is about, if it is about a file.
    package let path: ImagePath?
    /// What it is about, for people: a path, an address, a sentence of SQLite's.
    package let subject: String
    /// More about it, in the words of a library; `nil` if there is nothing more to say.
    package let message: String?

    init(_ kind: Kind, _ table: TaskKind?, _ id: Int64?, _ subject: String) {
        self.kind = kind
        self.table = table
        self.id = id
        self.subject = subject
        path = nil
        message = nil
    }

    /// What is wrong with a picture.
    package init(_ kind: Kind, of image: PublishedImage, _ message: String? = nil) {
        self.kind = kind
        table = .image
        id = image.id
        path = image.path
        subject = image.path.description
        self.message = message
    }
}
