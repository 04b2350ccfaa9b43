import Foundation

/// A gallery server on loopback that misbehaves on request and remembers what it was asked.
///
/// It speaks HTTP/1.1 without TLS, to GET. A target is answered by the first of: its route, the
/// listing page or picture of the gallery, 404. Targets are compared as they are sent: path and
/// query, nothing decoded.
///
/// ```swift
/// try await SampleSite.serve(Gallery(pages: 2)) { site in
///     let picture = site.gallery.items[3].path
///     site.fault(.first(2, .status(503)), at: picture)
///     // … crawl site.address(of: "/photo/list/?page=1") with another process …
///     #expect(site.ledger.count(picture) == 3)
/// }
/// ```
package final class SampleSite: Sendable {
    struct State: Sendable {
        var ledger = Ledger()
        var routes: [String: Response] = [:]
        var faults: [String: Fault] = [:]
        var held: Set<String> = []
        var isOver = false
    }

    /// What the site shows beside its routes.
    package let gallery: Gallery
    /// The loopback addresses it listens on: `127.0.0.1` and those after it.
    package let hosts: [String]
    /// The port, the same on all of them.
    package let port: UInt16

    let sleep: @Sendable (Duration) async throws -> Void
    private let state = Watched(State())

    init(
        _ gallery: Gallery,
        hosts: [String],
        port: UInt16,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.gallery = gallery
        self.hosts = hosts
        self.port = port
        self.sleep = sleep
    }

    /// The absolute address of a target on the first host.
    package func address(of target: String) -> String { "http://\(hosts[0]):\(port)\(target)" }

    /// The absolute address of an item's picture, as the listing gives it.
    ///
    /// With more than one host, pictures are on all but the first, in turn.
    package func address(of item: Gallery.Item) -> String {
        let host = hosts.count == 1 ? hosts[0] : hosts[1 + item.index % (hosts.count - 1)]
        return "http://\(host):\(port)\(item.path)"
    }

    // MARK: What it answers

    /// Answers a target with this from now on.
    package func route(_ target: String, to response: Response) {
        state.update { $0.routes[target] = response }
    }

    /// Lets something go wrong at a target from now on; `nil` makes it well.
    package func fault(_ fault: Fault?, at target: String) {
        if case .first(let count, _) = fault { precondition(count > 0, "first \(count) requests") }
        if case .inTurn(let faults) = fault { precondition(!faults.isEmpty, "no fault in turn") }
        state.update { $0.faults[target] = fault }
    }

    /// Keeps requests to a target waiting until it is released.
    package func hold(_ target: String) { state.update { _ = $0.held.insert(target) } }

    /// Answers the waiting requests to a target, and those to come.
    package func release(_ target: String) { state.update { _ = $0.held.remove(target) } }

    // MARK: What it was asked

    /// A copy of what is known by now.
    package var ledger: Ledger { state.value.ledger }

    /// Returns when a target was asked for so often, answered or not.
    ///
    /// - Parameters:
    ///   - target: The target; `nil` counts all requests.
    ///   - times: How often since the site began.
    ///   - limit: How long to wait at most.
    /// - Throws: `SampleSiteError.gaveUp` when the limit is over; `CancellationError`.
    package func requested(
        _ target: String? = nil,
        times: Int = 1,
        within limit: Duration = .seconds(30)
    ) async throws {
        let seen: @Sendable (Ledger) -> Int = { ledger in
            target.map(ledger.count) ?? ledger.requests.count
        }
        try await wait(atMost: limit, until: { seen($0) >= times }) { ledger in
            "\(target ?? "the site") was asked \(seen(ledger)) of \(times) times"
        }
    }

    /// Returns when no request is being answered or held, such as after the end of a killed client.
    ///
    /// - Throws: `SampleSiteError.gaveUp` when the limit is over; `CancellationError`.
    package func idle(within limit: Duration = .seconds(30)) async throws {
        try await wait(atMost: limit, until: { $0.atOnce == 0 }) { ledger in
            "\(ledger.atOnce) requests are still being answered"
        }
    }

    private func wait(
        atMost limit: Duration,
        until condition: @escaping @Sendable (Ledger) -> Bool,
        orSay reason: @escaping @Sendable (Ledger) -> String
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.state.wait { condition($0.ledger) } }
            group.addTask {
                try await Task.sleep(for: limit)
                throw SampleSiteError.gaveUp(
                    after: limit,
                    reason: self.state.read { reason($0.ledger) }
                )
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}

// MARK: For the server

extension SampleSite {
    /// Notes that the site stops now.
    func noteEnd() { state.update { $0.isOver = true } }

    /// Whether it was stopped.
    var isOver: Bool { state.read(\.isOver) }

    func noteConnection() { state.update { $0.ledger.accepted() } }

    func noteSent(_ count: Int) { state.update { $0.ledger.sent(count) } }

    /// Notes a request and gives it a number.
    func begin(_ request: Request) -> Int { state.update { $0.ledger.begin(request) } }

    /// Notes that a request is answered or given up.
    func end(_ number: Int) { state.update { $0.ledger.end(number) } }

    func isHeld(_ target: String) -> Bool { state.read { $0.held.contains(target) } }

    func waitForRelease(of target: String) async throws {
        try await state.wait { !$0.held.contains(target) }
    }

    /// What to do for a request; takes one off the count of a `.first` fault.
    func script(for request: Request, number: Int) -> Script {
        let (route, fault) = state.update { state in
            (state.routes[request.target], state.takeFault(at: request.target))
        }
        let resource = route ?? galleryResponse(to: request)
        guard let fault else { return Script(resource.meeting(request).message) }
        return fault.script(for: resource, answering: request, number: number)
    }

    private func galleryResponse(to request: Request) -> Response {
        guard request.method == "GET" else {
            return Response(status: 405, headers: ["Allow": "GET"])
        }
        if let page = gallery.page(at: request.target) {
            return .html(gallery.html(ofPage: page, address: address(of:)))
        }
        if let picture = gallery.picture(at: request.target) { return .picture(picture) }
        return .html("<!DOCTYPE html><title>404</title><h1>Not here</h1>", status: 404)
    }
}

extension SampleSite.State {
    fileprivate mutating func takeFault(at target: String) -> SampleSite.Fault? {
        let fault = faults[target]
        switch fault {
        case .first(let count, let fault):
            faults[target] = count > 1 ? .first(count - 1, fault) : nil
            return fault
        case .inTurn(let turns):
            faults[target] = turns.count > 1 ? .inTurn(Array(turns.dropFirst())) : nil
            return turns[0]
        default: return fault
        }
    }
}
