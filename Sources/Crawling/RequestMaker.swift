import CrawlModel
import Fetching
import Storage

/// Makes requests as the recipe wants them.
struct RequestMaker: Sendable {
    private let recipe: Recipe
    private let openHeaders: [HeaderField]
    private let secretHeaders: [HeaderField]
    /// The hosts of the start pages.
    private let trustedHosts: Set<Substring>

    init(recipe: Recipe, userAgent: String) {
        self.recipe = recipe
        var headers = recipe.headers
        if !headers.contains(where: { $0.name.lowercased() == "user-agent" }) {
            headers.append(HeaderField("User-Agent", userAgent))
        }
        openHeaders = headers.filter { !$0.isSecret && !$0.value.isEmpty }
        secretHeaders = headers.filter { $0.isSecret && !$0.value.isEmpty }
        trustedHosts = Set((recipe.pages + recipe.sitemaps).map { $0.first.host[...] })
    }

    func page(_ task: PageTask) -> FetchRequest {
        request(
            task.address,
            adding: task.validator.map { [Validator.condition($0)] } ?? [],
            bodyBytesMax: recipe.limits.page,
            isConditional: task.validator != nil
        )
    }

    /// Pictures are compressed already; and of a body that is compressed once more the end can't be told.
    ///
    /// - Parameters:
    ///   - task: The picture; one that is saved is asked for on condition that it has changed.
    ///   - begun: What is there of it; only the rest is asked for, if it is the rest of the same body
    ///     (RFC 9110, sections 13.1.5 and 14.2).
    /// - Returns: The request.
    func image(_ task: ImageTask, goingOn begun: (bytes: Int, origin: PartOrigin)?) -> FetchRequest
    {
        let isSaid = openHeaders.contains { $0.name.lowercased() == "accept-encoding" }
        var more = isSaid ? [] : [HeaderField("Accept-Encoding", "identity")]
        if let begun {
            more.append(HeaderField("Range", "bytes=\(begun.bytes)-"))
            more.append(HeaderField("If-Range", begun.origin.validator))
        }
        // Looked at before the range, so the two go together (RFC 9110, section 13.2.2).
        if let validator = task.older?.validator { more.append(Validator.condition(validator)) }
        return request(
            task.address,
            adding: more,
            bodyBytesMax: recipe.limits.image,
            continuesAt: begun?.bytes ?? 0,
            isConditional: task.older?.validator != nil
        )
    }

    /// The robots.txt that holds for an address; as many redirects are followed as RFC 9309 wants at least
    /// (section 2.3.1.2).
    ///
    /// - Returns: `nil` for an address that can have none.
    func robots(of address: WebAddress) -> FetchRequest? {
        guard let robots = try? WebAddress("\(address.origin)/robots.txt") else { return nil }
        let isTrusted = isTrusted(robots)
        return FetchRequest(
            address: robots,
            headers: headers(isTrusted: isTrusted),
            timeouts: recipe.timeouts,
            bodyBytesMax: .max,
            redirectsMax: 5,
            isTrusted: isTrusted
        )
    }

    private func request(
        _ address: WebAddress,
        adding more: [HeaderField] = [],
        bodyBytesMax: Int,
        continuesAt: Int = 0,
        isConditional: Bool = false
    ) -> FetchRequest {
        let isTrusted = isTrusted(address)
        return FetchRequest(
            address: address,
            headers: headers(isTrusted: isTrusted) + more,
            timeouts: recipe.timeouts,
            bodyBytesMax: bodyBytesMax,
            continuesAt: continuesAt,
            isConditional: isConditional,
            isTrusted: isTrusted
        )
    }

    private func headers(isTrusted: Bool) -> [HeaderField] {
        isTrusted ? openHeaders + secretHeaders : openHeaders
    }

    /// Whether cookies and credentials may go to an address: only to the hosts of the start pages and hosts
    /// below them, since a picture may lie on a stranger's server.
    private func isTrusted(_ address: WebAddress) -> Bool {
        var host = address.host[...]
        while !trustedHosts.contains(host) {
            guard let dot = host.utf8.firstIndex(of: UInt8(ascii: ".")) else { return false }
            host = host[host.index(after: dot)...]
        }
        return true
    }
}

/// Decides whether and when a failed task is due again.
struct RetryDecision: Sendable {
    /// When the task may be claimed again, if ever, and whether the try counts.
    struct Verdict: Sendable {
        let due: Timestamp?
        let counts: Bool

        /// Another try at once, which this one does not count against.
        static func again(at now: Timestamp) -> Verdict { Verdict(due: now, counts: false) }

        /// No further try.
        static let never = Verdict(due: nil, counts: true)
    }

    let policy: RetryPolicy
    let surroundings: Surroundings

    /// Decides, given how many tries counted before this one; one that got on does not count.
    func verdict(on failure: Failure, tries: Int, gotOn: Bool = false) -> Verdict {
        let counts = policy[failure.errorClass].countsAgainstTask && !gotOn
        var generator = surroundings.generator
        let wait = policy.wait(
            after: failure.errorClass,
            tries: tries + (counts ? 1 : 0),
            using: &generator
        )
        return Verdict(due: wait.map { surroundings.now() + $0 }, counts: counts)
    }
}
