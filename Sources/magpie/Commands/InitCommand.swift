import ArgumentParser
import CrawlModel
import Crawling
import Extraction
import Foundation
import Storage

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented recipe to start from.",
        discussion: """
            With --from it looks at a page for the block that is repeated with a picture in it, and proposes \
            selectors for it. Where nothing is repeated it says so and writes nothing.

            Examples: magpie init kittens
                      magpie init kittens --from https://example.org/gallery
                      magpie init kittens --from saved-page.html

            \(ExitStatus.table)
            """
    )

    @Argument(
        help: "The recipe's name; the file is NAME.yaml. With --from the host's name if left out."
    )
    var name: String?

    @Option(
        help: ArgumentHelp(
            "A page to propose a recipe for: its address, or a file that 'check --save' kept.",
            valueName: "page"
        )
    )
    var from: String?

    @Option(
        help: ArgumentHelp(
            "The address that a saved page came from, where that was not kept with it.",
            valueName: "address"
        )
    )
    var url: String?

    @OptionGroup(title: "CONNECTION") var connection: ConnectionOptions

    func validate() throws {
        if name == nil, from == nil {
            throw ValidationError("give a name for the recipe, or a page with '--from'")
        }
        if url != nil, from == nil { throw ValidationError("'--url' goes with '--from'") }
    }

    func run() async throws {
        guard let from else {
            let file = file(name ?? "")
            try write(Self.template.replacing("NAME", with: title(of: file)), to: file)
            return try Console.say("wrote \(file); try it with: magpie check \(file)")
        }
        let page = try await page(from)
        let file = file(name ?? page.address.host)
        let proposal = try PageSurvey.proposal(
            for: page.bytes,
            contentType: page.contentType,
            address: page.address
        )
        guard let proposal, let (text, items) = try draft(proposal, page, file) else {
            Console.complain(
                "nothing on \(page.address) is repeated with a picture in it, and nothing was written: "
                    + "give a page that lists pictures, or write the recipe by hand: magpie init NAME"
            )
            throw ExitStatus.someFailed
        }
        try write(text, to: file)
        try Console.say(
            "wrote \(file), which finds \(items) on the page; try it with: magpie check \(file)"
        )
    }

    private func page(_ from: String) async throws -> FetchedPage {
        // Headers, timeouts and limits as in a recipe that says nothing of them.
        let first = from.contains("://") ? "\(try WebAddress(from))" : url ?? "http://localhost/"
        let recipe = "pages: \(JSONText.string(first))\nitem: feed\n"
        let compiled = try CompiledRecipe(StoredRecipe(file: "--from", content: recipe))
        var supply = try PageSupply(compiled, connection, page: from, url: url, follow: nil)
        defer { supply.end() }
        guard let start = supply.start(level: nil).first else {
            throw FileProblem(description: "'\(from)' is no page")
        }
        switch try await supply.page(start.address) {
        case .success(let page): return page
        case .failure(let failure):
            throw FileProblem(
                description:
                    "\(start.address): \(failure.errorClass.rawValue): \(failure.message): look whether a "
                    + "browser gets it, or give a saved page"
            )
        }
    }

    /// The proposal's text with what it finds on the page; `nil` if that is nothing.
    private func draft(
        _ proposal: RecipeProposal,
        _ page: FetchedPage,
        _ file: String
    ) throws -> (text: String, items: String)? {
        let draft = RecipeDraft(proposal: proposal, name: title(of: file), page: page.address)
        let compiled = try CompiledRecipe(StoredRecipe(file: file, content: draft.text))
        let reading = try compiled.extractor.read(
            page.bytes,
            contentType: page.contentType,
            address: page.address,
            place: compiled.recipe.firstPlace
        )
        let (items, links) = (reading.discoveries.count, reading.links.count)
        guard items + links > 0 else { return nil }
        return (draft.text, items > 0 ? Plain.count(items, "item") : Plain.count(links, "page"))
    }

    private func file(_ name: String) -> String { name.hasSuffix(".yaml") ? name : name + ".yaml" }

    private func title(of file: String) -> String {
        let name = String(file.split(separator: "/").last ?? "gallery").replacing(
            #/\.yaml$/#,
            with: ""
        )
        return SafeName(name)?.description ?? "gallery"
    }

    /// Writes a file that is not there yet.
    private func write(_ text: String, to file: String) throws {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let isThere = errno == EEXIST
            throw FileProblem(
                description: isThere
                    ? "'\(file)' is there already: choose another name, or remove it first"
                    : "'\(file)' can't be written (\(String(cString: strerror(errno)))): give a name in a "
                        + "folder that is there"
            )
        }
        defer { close(descriptor) }
        try Console.write(text, to: descriptor)
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

        # What an item is, in CSS with ::text and ::attr(x); or xpath:, json:, or regex: with named groups.
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

        # Pictures with the same bytes: keep each, hardlink them, or skip the later ones (which is recorded).
        duplicates: keep

        # Saved pictures that have changed (crawl --refresh-images): keep the older one beside, or replace it.
        on_change: keep

        # Whether pages are kept in the database, to be read again by 'magpie reextract' when this recipe has changed.
        keep_pages: false

        # How many at once.
        workers: { pages: 3, images: 30 }

        # How considerate it is of each host; these are the defaults for a stranger's site.
        # politeness: { connections: 4, delay: 100ms }

        # Programs to run; docs/RECIPES.md has what they are told.
        # hooks: { on_image: [./thumbnail.sh], on_end: [notify-send, "the gallery is here"] }

        # headers: { User-Agent: "…", Authorization: { file: token } }
        # connection: { proxy: "socks5h://127.0.0.1:1080", cookies: cookies.txt }
        timeout: 10s

        """
}
