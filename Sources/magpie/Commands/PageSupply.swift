import CrawlModel
import Crawling
import Fetching
import Foundation

/// Where `check` has its pages from: the network, a saved page, or a folder of saved pages.
struct PageSupply {
    private enum Origin {
        case network(PageVisitor, Fetcher)
        case saved([SavedPage])
    }

    private let recipe: Recipe
    private let first: WebAddress?
    private var origin: Origin
    private let follow: Int?

    /// A supply for what the user named.
    ///
    /// - Parameters:
    ///   - compiled: The recipe.
    ///   - connection: How hosts are reached.
    ///   - page: An address, a file or a folder; `nil` for the recipe's start pages.
    ///   - url: What to take for the address of a saved page.
    ///   - follow: How many pages are wanted; `nil` for one, or for all that were saved.
    /// - Throws: `FileProblem`, `AddressError` or `FetchError`.
    init(
        _ compiled: CompiledRecipe,
        _ connection: ConnectionOptions,
        page: String?,
        url: String?,
        follow: Int?
    ) throws {
        recipe = compiled.recipe
        self.follow = follow
        guard let page, !page.contains("://") else {
            first = try page.map { try WebAddress($0) }
            let access = try HostAccess(compiled, connection)
            let fetcher = try Fetcher(access.settings)
            let visitor = PageVisitor(
                recipe: access.recipe,
                userAgent: "magpie/\(Magpie.version)",
                fetcher: fetcher,
                surroundings: .real,
                obeysRobots: follow != nil
            )
            origin = .network(visitor, fetcher)
            return
        }
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: page, isDirectory: &isFolder)
        if isFolder.boolValue {
            let pages = try SavedPage.all(in: page)
            first = pages.contains { $0.asked == compiled.recipe.firstPage } ? nil : pages[0].asked
            origin = .saved(pages)
        } else {
            let address = try url.map { try WebAddress($0) }
            let saved = try SavedPage(file: page, address: address, recipe: recipe)
            first = saved.asked
            origin = .saved([saved])
        }
    }

    /// Whether several pages may come.
    var isWalk: Bool {
        if case .saved(let pages) = origin { return pages.count > 1 }
        return follow != nil
    }

    /// How many pages are tried at most.
    var pagesMax: Int {
        var most = follow ?? 1
        if case .saved(let pages) = origin { most = follow ?? pages.count }
        return min(most, recipe.pagesMax ?? .max)
    }

    /// The pages to begin with; `level` says where one that the user named stands.
    func start(level: Int?) -> [PageLink] {
        let place = level.map { PagePlace(level: $0) } ?? recipe.firstPlace
        if let first { return [PageLink(first, place)] }
        let lists = recipe.sitemaps.lazy.flatMap { $0 }
            .map { PageLink($0, PagePlace(level: PagePlace.sitemap)) }
        let pages = recipe.pages.lazy.flatMap { $0 }.map {
            PageLink($0, level.map { PagePlace(level: $0) } ?? .start)
        }
        let all = Array(pages.prefix(pagesMax)) + Array(lists.prefix(pagesMax))
        return all.filter { has($0.address) }
    }

    /// A page.
    ///
    /// - Returns: The page, or why it can't be had.
    /// - Throws: `FileProblem` if a saved page can't be read any more.
    mutating func page(_ address: WebAddress) async throws -> Result<FetchedPage, Failure> {
        switch origin {
        case .network(var visitor, let fetcher):
            let answer = await visitor.visit(address)
            origin = .network(visitor, fetcher)
            return answer
        case .saved(let pages):
            guard let page = pages.first(where: { $0.asked == address }) else {
                return .failure(Failure(.connect, "it was not saved"))
            }
            return .success(try page.read())
        }
    }

    /// Whether a page can be had, as far as is known.
    func has(_ address: WebAddress) -> Bool {
        guard case .saved(let pages) = origin else { return true }
        return pages.contains { $0.asked == address }
    }

    /// Closes the network.
    func end() {
        if case .network(_, let fetcher) = origin { fetcher.shutdown() }
    }
}
