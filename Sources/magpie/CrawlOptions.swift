import ArgumentParser
import CrawlModel

/// The options of every command that runs a crawl.
struct CrawlOptions: ParsableArguments {
    @Flag(help: "Wait while another process is writing the folder, instead of giving up.")
    var wait = false

    @Flag(help: "Do not sync files to the disk: a power cut may break them, a crash does not.")
    var noSync = false

    @Flag(help: "Write no progress.")
    var quiet = false

    @Flag(help: "Write the report as JSON.")
    var json = false

    @OptionGroup(title: "LIMITS OF THIS RUN") var limits: LimitOptions

    @OptionGroup(title: "CONNECTION") var connection: ConnectionOptions
}

/// Words on the command line that choose tasks.
enum TaskWord: String, ExpressibleByArgument, CaseIterable {
    case pages, images

    var kind: TaskKind { self == .pages ? .page : .image }
}

extension ErrorClass: ExpressibleByArgument {}
