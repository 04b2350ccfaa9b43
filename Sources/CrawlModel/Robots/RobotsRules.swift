/// What a robots.txt says to one crawler (RFC 9309).
package struct RobotsRules: Equatable, Sendable {
    /// Allows or forbids what a pattern matches.
    struct Rule: Equatable, Sendable {
        let isAllowed: Bool
        let pattern: RobotsPattern
    }

    private let rules: [Rule]
    /// The wait between two requests that the file asks for, as sites write it although no RFC has it.
    package let crawlDelay: Duration?
    /// How much memory the rules take, roughly, in bytes.
    package let size: Int

    /// How many bytes of a robots.txt are read, at least and at most (section 2.5).
    package static let bytesMax = 500 * 1024
    /// The name that magpie answers to.
    package static let productToken = "magpie"

    /// Rules that allow everything: those of a host that has no robots.txt.
    package static let allowAll = RobotsRules(rules: [], crawlDelay: nil)

    /// Reads a robots.txt.
    ///
    /// Whatever stands in it, there are rules: what is no record that is known is passed over.
    ///
    /// - Parameters:
    ///   - bytes: The file; what is beyond `bytesMax` is not looked at.
    ///   - product: Whose rules are wanted, a product token.
    package init(_ bytes: some Sequence<UInt8>, for product: String = Self.productToken) {
        self = RobotsReader.read(bytes, for: product)
    }

    init(rules: [Rule], crawlDelay: Duration?) {
        self.rules = rules
        self.crawlDelay = crawlDelay
        size = rules.reduce(64) { $0 + $1.pattern.octets + 64 }
    }

    /// Whether an address may be asked for: the longest pattern that matches decides, of two of the same
    /// length the one that allows, and without any it may (section 2.2.2).
    ///
    /// - Parameter target: Path and query in normal form, as `WebAddress.target` gives them.
    /// - Returns: `true` for robots.txt itself, whatever the rules say.
    package func allow(_ target: String) -> Bool {
        if target == "/robots.txt" { return true }
        let path = RobotsPattern.canonical(target)
        var longest = -1
        var isAllowed = true
        for rule in rules where rule.pattern.octets >= longest {
            if rule.pattern.octets == longest, isAllowed { continue }
            guard rule.pattern.matches(path) else { continue }
            longest = rule.pattern.octets
            isAllowed = rule.isAllowed
        }
        return isAllowed
    }
}
