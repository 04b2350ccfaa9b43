import Foundation
import SampleSite
import Storage

/// What `magpie demo` tells: a crawl that is killed half-way, goes on, and mends what failed.
struct DemoStory {
    let site: SampleSite
    /// An empty folder for the recipe and the pictures.
    let folder: String

    private var broken: Gallery.Item { site.gallery.items[7] }

    /// A gallery that takes about half a second.
    static let gallery = Gallery(pages: 10, itemsPerPage: 24)
    private static let latency = Duration.milliseconds(60)

    func tell() async throws {
        try write(recipe, to: folder + "/demo.yaml")
        for item in site.gallery.items { site.fault(.delay(Self.latency), at: item.path) }
        site.fault(.status(404), at: broken.path)

        let count = site.gallery.items.count
        try say(
            "A gallery of \(count) pictures is served on this machine. Its recipe, demo.yaml:"
        )
        try show(recipe)

        try say(
            "Crawl it, and kill it half-way with SIGKILL, which gives it no time to save anything:"
        )
        try await magpie("crawl", "demo.yaml", "--into", "pictures") { [site] pid in
            try await site.requested(times: count / 2)
            kill(pid, SIGKILL)
        }
        try await site.idle()
        try say("Nothing is lost:")
        try await magpie("status", "pictures")
        let killed = askedTwice

        try say("Go on where it stopped:")
        try await magpie("resume", "pictures")
        try say(
            "\(Plain.count(askedTwice - killed, "picture")) of \(count) were asked for again: "
                + "those in flight when it was killed. One is missing on the site. It comes back; "
                + "retry what failed:"
        )
        site.fault(nil, at: broken.path)
        try await magpie("retry", "pictures")

        try say("Everything that happened is in pictures/magpie.db:")
        for query in Self.queries { try show(query: query) }
        try say("All of it is kept in \(folder); look around, then remove it.")
    }

    /// Pictures that were asked for more than once.
    private var askedTwice: Int {
        site.gallery.items.count { $0 != broken && site.ledger.count($0.path) > 1 }
    }

    private var recipe: String {
        """
        name: demo
        pages: "\(site.address(of: "/photo/list/?page=")){1..\(site.gallery.pages)}"
        item:
          each: "a.col-xs-6.col-sm-3"
          image: "img::attr(data-original)"
          name: "p[style='display: none']::text"
        path: "{name}{extension}"

        """
    }

    private static let queries = [
        "select id, command, ending, images_done, images_failed from runs",
        """
        select kind, number, outcome, error_class, http_status, run_id from attempts \
        where kind = 'image' and task_id in (select task_id from attempts where outcome = 'failed')
        """,
        "select path, bytes, substr(sha256, 1, 12) as sha256, attempts, run_id from downloads limit 5",
    ]

    private func magpie(
        _ arguments: String...,
        meanwhile: @escaping @Sendable (pid_t) async throws -> Void = { _ in }
    ) async throws {
        try Console.say("$ magpie \(arguments.joined(separator: " "))")
        let ending = try await DemoProcess(arguments: arguments, folder: folder).run(
            meanwhile: meanwhile
        )
        switch ending {
        case .signal(let number): try Console.say("(killed by signal \(number))")
        case .exit(0): break
        case .exit(let code): try Console.say("(exit code \(code))")
        }
    }

    private func show(query: String) throws {
        try Console.say("\n$ sqlite3 pictures/magpie.db \"\(query)\"")
        let result = try CrawlReader(CrawlFolder(folder + "/pictures")).query(query)
        try show(
            TextTable(header: result.columns, rows: result.rows).lines.joined(separator: "\n")
        )
    }

    private func say(_ text: String) throws { try Console.say("\n# \(text)") }

    private func show(_ text: String) throws {
        for line in text.split(separator: "\n") { try Console.say("  \(line)") }
    }

    private func write(_ text: String, to file: String) throws {
        do {
            try text.write(toFile: file, atomically: false, encoding: .utf8)
        } catch {
            throw FileProblem(description: "'\(file)' can't be written: is the disk full?")
        }
    }
}
