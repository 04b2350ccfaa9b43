import ArgumentParser
import CrawlModel
import Storage

/// The options that choose pictures.
struct PictureFilters: ParsableArguments {
    /// A run's number, or `last`.
    struct RunWord: ExpressibleByArgument {
        let run: HistorySelection.Run

        init?(argument: String) {
            if argument == "last" {
                run = .last
            } else if let number = Int64(argument), number > 0 {
                run = .number(number)
            } else {
                return nil
            }
        }
    }

    @Option(help: "Only this host, with or without its port; may be given several times.")
    var host: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only what ended then or later: 2026-11-26, 2026-11-26T08:30 (UTC), or 12h, 7d ago.",
            valueName: "time"
        )
    )
    var since: PastTime?

    @Option(
        help: ArgumentHelp(
            "Only what ended before: 2026-11-26, 2026-11-26T08:30 (UTC), or 12h, 7d ago.",
            valueName: "time"
        )
    )
    var until: PastTime?

    @Option(
        help: ArgumentHelp(
            "Only paths like this; * and ? stand for any characters, also a slash.",
            valueName: "glob"
        )
    )
    var path: String?

    @Option(help: "Only what this run ended: its number, or last.")
    var run: RunWord?

    @Option(help: ArgumentHelp("How many at most, the newest.", valueName: "count"))
    var limit: Int?

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("'--limit' must be above zero") }
    }

    /// What they choose.
    var selection: HistorySelection {
        var selection = HistorySelection()
        selection.hosts = host
        selection.since = since?.time
        selection.until = until?.time
        selection.path = path
        selection.run = run?.run
        selection.limit = limit
        return selection
    }
}

/// The options that choose pictures also by what became of them.
struct HistoryFilters: ParsableArguments {
    enum StateWord: String, ExpressibleByArgument, CaseIterable {
        case done, failed, skipped

        var state: TaskState {
            switch self {
            case .done: .done
            case .failed: .failed
            case .skipped: .skipped
            }
        }
    }

    @Option(help: "Only this state; may be given several times.")
    var state: [StateWord] = []

    @Option(name: .customLong("class"), help: "Only this error class; may be given several times.")
    var classes: [ErrorClass] = []

    @OptionGroup var pictures: PictureFilters

    /// What they choose.
    var selection: HistorySelection {
        var selection = pictures.selection
        selection.states = Set(state.map(\.state))
        selection.classes = Set(classes)
        return selection
    }

    /// Whether nothing was chosen, and so everything is.
    var isEmpty: Bool {
        state.isEmpty && classes.isEmpty && pictures.host.isEmpty && pictures.since == nil
            && pictures.until == nil && pictures.path == nil && pictures.run == nil
            && pictures.limit == nil
    }
}
