import ArgumentParser
import CrawlModel
import Crawling

/// The options that say how much a run does at most.
struct LimitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Save at most so many pictures.", valueName: "count"))
    var maxImages: Int?

    @Option(
        help: ArgumentHelp(
            "Stop after so many bytes of pictures, such as 2GB; those in flight come on top.",
            valueName: "size"
        )
    )
    var maxBytes: ByteCount?

    @Option(help: ArgumentHelp("Stop after this time, such as 90m.", valueName: "time"))
    var maxTime: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "Receive at most so many bytes a second in all, such as 500K.",
            valueName: "size"
        )
    )
    var limitRate: ByteCount?

    @Option(
        help: ArgumentHelp(
            "Stop while so much is free on the disk; 0 for no care. Else 64MB, or a twentieth of a small disk.",
            valueName: "size"
        )
    )
    var minFree: ByteCount?

    /// The same, checked.
    var limits: RunLimits {
        RunLimits(
            images: maxImages,
            bytes: maxBytes?.count,
            time: maxTime?.duration,
            freeBytes: minFree?.count
        )
    }

    func validate() throws {
        guard maxImages ?? 1 > 0 else { throw ValidationError("'--max-images' must be above zero") }
        guard maxBytes?.count ?? 1 > 0 else {
            throw ValidationError("'--max-bytes' must be above zero")
        }
        guard limitRate?.count ?? 1000 >= 1000 else {
            throw ValidationError("'--limit-rate' must be at least 1K")
        }
    }
}

/// A size on the command line.
struct ByteCount: ExpressibleByArgument {
    let count: Int

    init?(argument: String) {
        guard let count = argument == "0" ? 0 : Amount.bytes(argument) else { return nil }
        self.count = count
    }
}

/// A length of time on the command line.
struct TimeSpan: ExpressibleByArgument {
    let duration: Duration

    init?(argument: String) {
        guard let duration = Amount.duration(argument) else { return nil }
        self.duration = duration
    }
}
