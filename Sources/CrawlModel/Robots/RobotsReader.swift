/// Reads robots.txt line by line (RFC 9309, section 2.2).
struct RobotsReader {
    /// The rules of the groups for one crawler, or for all.
    private struct Group {
        var isThere = false
        var rules: [RobotsRules.Rule] = []
        var delay: Duration?
    }

    private var own = Group()
    private var others = Group()
    private var isOwn = false
    private var isForOthers = false
    /// Whether the last record that counts named a crawler, so that another name joins it.
    private var isNaming = false
    /// The same for delays, which sites write as if they were records of the group.
    private var delayIsOwn = false
    private var delayIsForOthers = false
    private var isNamingForDelay = false
    private let product: String

    static func read(_ bytes: some Sequence<UInt8>, for product: String) -> RobotsRules {
        var reader = RobotsReader(product: product.lowercased())
        var text = Array(bytes.prefix(RobotsRules.bytesMax))
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
        for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            reader.take(String(decoding: line, as: UTF8.self))
        }
        let group = reader.own.isThere ? reader.own : reader.others
        return RobotsRules(rules: group.rules, crawlDelay: group.delay)
    }

    private init(product: String) { self.product = product }

    private mutating func take(_ line: String) {
        let record = line.prefix { $0 != "#" }
        guard let colon = record.firstIndex(of: ":") else { return }
        let key = Self.trimmed(record[..<colon]).lowercased()
        let value = Self.trimmed(record[record.index(after: colon)...])
        switch key {
        case "user-agent": name(value)
        case "allow", "disallow": add(rule: value, isAllowed: key == "allow")
        case "crawl-delay": add(delay: value)
        // Records of others must not come between those that are known (section 2.2.4).
        default: break
        }
    }

    /// Groups that name one crawler twice are one (section 2.2.1).
    private mutating func name(_ value: Substring) {
        if !isNaming { (isOwn, isForOthers, isNaming) = (false, false, true) }
        if !isNamingForDelay {
            (delayIsOwn, delayIsForOthers, isNamingForDelay) = (false, false, true)
        }
        if value == "*" || value.hasPrefix("* ") {
            (isForOthers, delayIsForOthers) = (true, true)
            others.isThere = true
        } else if value.prefix(while: Self.isOfToken).lowercased() == product {
            (isOwn, delayIsOwn) = (true, true)
            own.isThere = true
        }
    }

    private mutating func add(rule value: Substring, isAllowed: Bool) {
        (isNaming, isNamingForDelay) = (false, false)
        guard let pattern = RobotsPattern(value) else { return }
        let rule = RobotsRules.Rule(isAllowed: isAllowed, pattern: pattern)
        if isOwn { own.rules.append(rule) }
        if isForOthers { others.rules.append(rule) }
    }

    /// Ends no list of names: to the RFC it is another's record.
    private mutating func add(delay value: Substring) {
        isNamingForDelay = false
        let isPlain = value.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
        guard isPlain, let seconds = Double(value), seconds <= 1e9 else { return }
        let delay = Duration.milliseconds(Int(seconds * 1000))
        if delayIsOwn { own.delay = max(own.delay ?? .zero, delay) }
        if delayIsForOthers { others.delay = max(others.delay ?? .zero, delay) }
    }

    private static func isOfToken(_ character: Character) -> Bool {
        character.isASCII && character.isLetter || character == "-" || character == "_"
    }

    private static func trimmed(_ text: Substring) -> Substring {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}
