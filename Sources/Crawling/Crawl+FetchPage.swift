package import CrawlModel
package import Fetching

extension Crawl {
    /// Fetches one page as a crawl with this recipe would, and stores nothing.
    ///
    /// - Parameters:
    ///   - address: The page.
    ///   - recipe: Whose headers, timeouts and limits hold.
    ///   - userAgent: What magpie calls itself where the recipe says nothing.
    ///   - fetcher: The network.
    /// - Returns: The body with its response, or how it failed.
    package static func fetchPage(
        _ address: WebAddress,
        recipe: Recipe,
        userAgent: String,
        fetcher: Fetcher
    ) async -> Result<(bytes: [UInt8], response: FetchResponse), Failure> {
        let requests = RequestMaker(recipe: recipe, userAgent: userAgent)
        let task = PageTask(id: 0, address: address, tries: 0, attempts: 0)
        let body = MemoryBody()
        switch await fetcher.fetch(requests.page(task), into: body) {
        case .failed(let failure): return .failure(failure)
        case .response(let response): return .success((body.bytes, response))
        }
    }
}
