import ArgumentParser
import CrawlModel
import Crawling
import Extraction
import Storage

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Show what a recipe finds on pages, and where each picture would go.",
        discussion: """
            Nothing is stored and no picture is fetched. Where a selector finds nothing, a hint says how far \
            it gets, and what may have been meant.

            Examples: magpie check gallery.yaml
                      magpie check gallery.yaml https://example.org/gallery?page=7
                      magpie check gallery.yaml --follow 5 --into pictures
                      magpie check gallery.yaml --save page.html
                      magpie check gallery.yaml page.html

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The recipe's file.")
    var recipe: String

    @Argument(
        help:
            "A page's address, or a file or folder it was saved to; the first start page if left out."
    )
    var page: String?

    @Option(
        help: ArgumentHelp(
            "Go on to the pages that it leads to, so many in all, as politely as a crawl.",
            valueName: "count"
        )
    )
    var follow: Int?

    @Option(
        help: ArgumentHelp(
            "Keep the page in this file for trials without a network; with --follow a folder.",
            valueName: "file"
        )
    )
    var save: String?

    @Option(
        help: ArgumentHelp(
            "The address that a saved page came from, where that was not kept with it.",
            valueName: "address"
        )
    )
    var url: String?

    @Option(
        help: ArgumentHelp(
            "A crawl folder: tell which pictures it has, and whose paths are taken.",
            valueName: "folder"
        )
    )
    var into: String?

    @Option(
        help: ArgumentHelp(
            "For a recipe with 'follow': how deep the page is, 0 for a start page.",
            valueName: "number"
        )
    )
    var level: Int?

    @Flag(help: "Write JSON; with --follow a line for each page.")
    var json = false

    @OptionGroup(title: "CONNECTION") var connection: ConnectionOptions

    func validate() throws {
        guard follow ?? 1 > 0 else { throw ValidationError("'--follow' must be above zero") }
    }

    func run() async throws {
        let compiled = try CompiledRecipe(file: recipe)
        let deepest = compiled.recipe.follow.count
        guard (PagePlace.sitemap...deepest).contains(level ?? 0) else {
            throw FileProblem(
                description:
                    "'\(recipe)' has no level \(level ?? 0): its deepest is \(deepest), one for "
                    + "each line of 'follow'"
            )
        }
        let folder = into.map { CrawlFolder($0) }
        var checker = PageChecker(compiled, try folder.map { try PictureFolder($0) })
        var supply = try PageSupply(
            compiled,
            connection,
            page: page,
            url: url,
            follow: follow
        )
        defer { supply.end() }
        let target = try save.map { try SaveTarget($0, isFolder: follow != nil) }
        var walk = CheckWalk(supply.start(level: level), atMost: supply.pagesMax)
        var (pages, items, links) = (0, 0, 0)
        var isWhole = true
        while let link = walk.next() {
            guard
                case .success(let fetched) = try await get(link, from: &supply, isFirst: pages == 0)
            else {
                isWhole = false
                continue
            }
            try target?.keep(fetched, number: pages + 1)
            let (table, reading) = try checker.check(fetched, at: link.place)
            walk.add(reading, from: link.place, where: supply.has)
            pages += 1
            items += table.items.count
            links += table.links.count
            if json {
                try Console.say(JSONText.line(table))
            } else {
                if supply.isWalk { try Console.say((pages > 1 ? "\n" : "") + table.heading) }
                for line in table.lines { try Console.say(line) }
            }
        }
        if supply.isWalk, !json { try Console.say("\n\(checker.summary(pages: pages))") }
        if !isWhole || items + links == 0 { throw ExitStatus.someFailed }
    }

    /// A page; one that can't be had is told, and is the end if it is the first.
    private func get(
        _ link: PageLink,
        from supply: inout PageSupply,
        isFirst: Bool
    ) async throws -> Result<FetchedPage, Failure> {
        let answer = try await supply.page(link.address)
        if case .failure(let failure) = answer {
            let text = "\(link.address): \(failure.errorClass.rawValue): \(failure.message)"
            if isFirst {
                throw FileProblem(
                    description: text + ": look whether a browser gets it, or try a saved page"
                )
            }
            Console.complain(text)
        }
        return answer
    }
}
