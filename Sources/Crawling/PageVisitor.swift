package import CrawlModel
package import Fetching

/// A page as it was fetched, for those who try a recipe.
package struct FetchedPage: Sendable {
    /// The body, after decompression.
    package let bytes: [UInt8]
    /// The `Content-Type` header as sent.
    package let contentType: String?
    /// Where it was asked for.
    package let asked: WebAddress
    /// Where it came from, after redirects.
    package let address: WebAddress

    /// A page of its parts.
    package init(bytes: [UInt8], contentType: String?, asked: WebAddress, address: WebAddress) {
        self.bytes = bytes
        self.contentType = contentType
        self.asked = asked
        self.address = address
    }
}

/// Fetches pages one after the other as a crawl with this recipe would, and stores nothing.
package struct PageVisitor {
    private let recipe: Recipe
    private let requests: RequestMaker
    private let fetcher: Fetcher
    private let surroundings: Surroundings
    private let obeysRobots: Bool
    private var paces: [String: HostPace] = [:]
    private var rules: [String: RobotsRules] = [:]

    /// A visitor that was nowhere yet.
    ///
    /// - Parameters:
    ///   - recipe: Whose headers, timeouts, limits and politeness hold.
    ///   - userAgent: What magpie calls itself where the recipe says nothing.
    ///   - fetcher: The network.
    ///   - surroundings: Time and chance.
    ///   - obeysRobots: Whether robots.txt is asked for and kept to; not for the one page that a user names.
    package init(
        recipe: Recipe,
        userAgent: String,
        fetcher: Fetcher,
        surroundings: Surroundings,
        obeysRobots: Bool
    ) {
        self.recipe = recipe
        requests = RequestMaker(recipe: recipe, userAgent: userAgent)
        self.fetcher = fetcher
        self.surroundings = surroundings
        self.obeysRobots = obeysRobots && recipe.politeness.robots == .obey
    }

    /// Fetches a page when its host's delay is over.
    ///
    /// - Returns: The page, or how it failed; class `robots` if its host's robots.txt forbids it.
    package mutating func visit(_ address: WebAddress) async -> Result<FetchedPage, Failure> {
        let request = requests.page(PageTask(id: 0, address: address, tries: 0, attempts: 0))
        if obeysRobots {
            if let failure = await robotsRefusal(of: request) { return .failure(failure) }
        }
        let host = address.authority
        guard await mayStart(host) else {
            return .failure(Failure(.http429, "not asked: \(host) wants to be left alone for now"))
        }
        let started = surroundings.now()
        let body = MemoryBody()
        switch await fetcher.fetch(request, into: body) {
        case .failed(let failure):
            note(failure, of: host, started: started)
            return .failure(failure)
        case .unchanged: preconditionFailure("no condition was set")
        case .response(let response):
            let page = FetchedPage(
                bytes: body.bytes,
                contentType: response.contentType,
                asked: address,
                address: response.address
            )
            return .success(page)
        }
    }

    private mutating func robotsRefusal(of request: FetchRequest) async -> Failure? {
        let host = request.address.authority
        if rules[host] == nil {
            guard await mayStart(host) else { return nil }
            switch await RobotsKeeper.ask(for: request, requests, fetcher) {
            case .unknown(let failure):
                return Failure(
                    .robots,
                    "its robots.txt can't be had: \(failure.errorClass.rawValue): \(failure.message)"
                )
            case .had(let text, _):
                let found = RobotsRules(text.utf8)
                rules[host] = found
                let delay = min(found.crawlDelay ?? .zero, recipe.politeness.longestWait)
                paces[host]?.noteRobots(read: surroundings.now(), crawlDelay: delay)
            }
        }
        let isAllowed = rules[host]?.allow(request.address.target) ?? true
        return isAllowed ? nil : Failure(.robots, "robots.txt forbids it")
    }

    /// Waits until the delay since the last request to the host is over; `false` if it is blocked.
    private mutating func mayStart(_ host: String) async -> Bool {
        var pace =
            paces[host]
            ?? HostPace(recipe.politeness.limits(of: host), obeysRobots: obeysRobots)
        defer { paces[host] = pace }
        let wait = pace.start(at: surroundings.now(), patience: recipe.politeness.longestWait)
        guard let wait else { return false }
        if wait > .zero { try? await surroundings.sleep(wait) }
        return !Task.isCancelled
    }

    private mutating func note(_ failure: Failure, of host: String, started: Timestamp) {
        guard recipe.retries.blamesHost(for: failure) else { return }
        let now = surroundings.now()
        let retryAfter = failure.retryAfter.flatMap {
            RetryAfter.wait($0, from: now, cap: recipe.politeness.longestWait)
        }
        paces[host]?.fail(failure.errorClass, started: started, retryAfter: retryAfter, at: now)
    }
}
