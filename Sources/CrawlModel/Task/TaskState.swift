/// The kinds of task, each a table of the same name.
package enum TaskKind: String, CaseIterable, Codable, Sendable {
    /// A listing page to be read.
    case page
    /// A picture to be saved.
    case image
    /// A picture that is done and to be asked for again; its row has the picture's id, is ready or running,
    /// and is removed when the picture was asked for.
    case refresh
}

/// Where a task stands; the raw value is what the database keeps.
package enum TaskState: Int, CaseIterable, Sendable {
    /// May be claimed once it is due. Next: `running`.
    case ready = 0
    /// Held by a run. Next: `done`, `failed`, `skipped`, or `ready` again after a failed try or a crash.
    case running = 1
    /// Finished; a picture is whole on disk, a page's discoveries are stored. Left by nobody but
    /// `verify --repair`.
    case done = 2
    /// No further try; it becomes `ready` by `retry` only.
    case failed = 3
    /// Never to be tried, for a reason that stands beside it.
    case skipped = 4

    /// The word for it in SQL views, JSON and help.
    package var word: String { String(describing: self) }
}

/// How a run ended, as the run's row says.
package enum RunEnding: String, CaseIterable, Codable, Sendable {
    /// Nothing was left to do.
    case finished
    /// The user asked it to stop; everything in flight was finished.
    case stopped
    /// It stopped by itself because its surroundings broke: disk full, database gone.
    case broken
    /// It ended without saying so; written by the next run.
    case crashed
}
