/// How considerate a crawl is of the hosts it asks, as the recipe has it.
package struct Politeness: Equatable, Sendable {
    /// What may be done with robots.txt.
    package enum Robots: String, CaseIterable, Sendable {
        /// It is asked for and kept to (RFC 9309).
        case obey
        /// It is not asked for; the report says so.
        case ignore
    }

    /// Requests at once to one host, 1 to 576; `nil` for the default, which is another for local hosts.
    package var connections: Int?
    /// The least time between the beginnings of two requests to one host; `nil` for the default.
    package var delay: Duration?
    /// What a host asks for with `Retry-After`, and with `Crawl-delay`, is cut to this.
    package var longestWait: Duration
    /// Whether robots.txt is obeyed.
    package var robots: Robots

    /// Defaults unless said otherwise.
    package init(
        connections: Int? = nil,
        delay: Duration? = nil,
        longestWait: Duration = .seconds(3600),
        robots: Robots = .obey
    ) {
        self.connections = connections
        self.delay = delay
        self.longestWait = longestWait
        self.robots = robots
    }

    /// The limits of a host.
    ///
    /// - Parameter host: Host and port, as `WebAddress.authority` gives them.
    /// - Returns: What the recipe says, and the defaults for the rest.
    package func limits(of host: String) -> HostLimits {
        // Nobody is asked for what stands in a page.
        if host == WebAddress.inlineHost { return .local }
        let isLocal = WebAddress.isLocal(authority: host)
        let standard = isLocal ? HostLimits.local : .stranger
        return HostLimits(
            connections: connections ?? standard.connections,
            delay: delay ?? standard.delay,
            adapts: standard.adapts || connections != nil || delay != nil
        )
    }
}

/// What is never exceeded at one host.
package struct HostLimits: Equatable, Sendable {
    /// Requests at once, at least 1.
    package var connections: Int
    /// The least time between the beginnings of two requests.
    package var delay: Duration
    /// Whether the host is asked less where its answers say that it has trouble.
    package var adapts: Bool

    /// Limits of their parts.
    package init(connections: Int, delay: Duration, adapts: Bool) {
        precondition(connections > 0, "a host with no connections is never asked")
        self.connections = connections
        self.delay = delay
        self.adapts = adapts
    }

    /// For a stranger's site: fewer connections than a browser opens, and no more requests a second than
    /// somebody who leafs through the gallery causes (docs/decisions/0007).
    package static let stranger = HostLimits(
        connections: 4,
        delay: .milliseconds(100),
        adapts: true
    )
    /// For loopback and private addresses, whose owner is who runs the crawl: as many as there can be
    /// workers.
    package static let local = HostLimits(connections: 576, delay: .zero, adapts: false)
}
