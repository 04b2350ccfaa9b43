import ArgumentParser
import CrawlModel
import Foundation

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented recipe to start from.",
        discussion: """
            Example: magpie init kittens

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The recipe's name; the file is NAME.yaml.")
    var name: String

    func run() throws {
        let file = name.hasSuffix(".yaml") ? name : name + ".yaml"
        let title = SafeName(String(name.split(separator: "/").last ?? "gallery"))?.description
        let text = Self.template.replacing("NAME", with: title ?? "gallery")
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let isThere = errno == EEXIST
            throw FileProblem(
                description: isThere
                    ? "'\(file)' is there already: choose another name, or remove it first"
                    : "'\(file)' can't be written: \(String(cString: strerror(errno)))"
            )
        }
        defer { close(descriptor) }
        try Console.write(text, to: descriptor)
        try Console.say("wrote \(file); try it with: magpie check \(file)")
    }

    static let template = """
        # A recipe: where the pages of a gallery are, what an item on them is, how to name its file.
        # Try it with 'magpie check', run it with 'magpie crawl … --into DIR'. See docs/RECIPES.md.
        name: NAME

        # The listing pages. {1..20} stands for twenty of them; a list of addresses is fine too.
        pages: "https://example.org/gallery?page={1..20}"

        # For a site whose pages are not numbered: the link to the following page.
        # next: "a[rel=next]::attr(href)"

        # For pages that lead to those with the pictures: an index to albums, an album to photos.
        # follow: [{ each: "li.album", link: "a::attr(href)", fields: { album: "b::text" } }]

        # What an item is, in CSS with ::text and ::attr(x); or xpath:, or regex: with named groups.
        item:
          each: "div.item"
          image: "img::attr(src)"
          name: "p.caption::text"
          # Of a list the first selector that finds something counts: image: ["img::attr(srcset)", "img::attr(src)"]
          # fields: { author: "span.by::text", tags: { all: "a.tag::text" } }
          # only: { extension: [jpg, png] }

        # Where a picture goes below the crawl folder; fields may stand in it, and {index:04}, {host}, {hash:8}.
        path: "{name}{extension}"

        # When two pictures want one path: skip the second (it is recorded), or rename it: name (2).jpg
        on_conflict: skip

        # How many at once.
        workers: { pages: 3, images: 30 }

        # How considerate it is of each host; these are the defaults for a stranger's site.
        # politeness: { connections: 4, delay: 100ms }

        # headers: { User-Agent: "…", Cookie: "…" }
        timeout: 10s

        """
}
