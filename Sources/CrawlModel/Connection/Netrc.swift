/// Users and passwords of hosts, as the file `.netrc` has them.
///
/// Known are `machine`, `default`, `login`, `password`, `account`, `macdef`, quoted words with backslashes, and
/// remarks that begin with `#`. The first entry that names a host counts, as in curl.
package struct Netrc: Sendable {
    private struct Entry {
        /// `nil` for the default.
        let machine: String?
        var user: String?
        var password: String?
    }

    private var entries: [Entry] = []

    /// One that knows no host.
    package init() {}

    /// Reads the text of a file.
    ///
    /// - Throws: `RecipeProblem` for one that can't be read as such; it repeats nothing of it.
    package init(_ text: String) throws(RecipeProblem) {
        var words = Words(text)
        while let word = try words.next() {
            switch word {
            case "machine": entries.append(Entry(machine: try words.value(of: word).lowercased()))
            case "default": entries.append(Entry(machine: nil))
            case "login", "password", "account":
                let value = try words.value(of: word)
                guard !entries.isEmpty else {
                    throw words.problem("'\(word)' stands before any 'machine'")
                }
                let last = entries.count - 1
                if word == "login" { entries[last].user = value }
                if word == "password" { entries[last].password = value }
            case "macdef": words.skipMacro()
            default: throw words.problem("a word is none that a netrc file has")
            }
        }
    }

    /// The login for an address's host, whatever its port.
    ///
    /// - Parameters:
    ///   - address: The address.
    ///   - isTrusted: Whether the default is meant for it; a picture may lie on a stranger's server.
    /// - Returns: `nil` where there is none.
    package func login(for address: WebAddress, isTrusted: Bool) -> Login? {
        guard !entries.isEmpty else { return nil }
        let host = address.host
        let entry = entries.first { $0.machine == host || isTrusted && $0.machine == nil }
        guard let entry, entry.user != nil || entry.password != nil else { return nil }
        return Login(user: entry.user ?? "", password: entry.password ?? "")
    }
}

/// The words of a netrc file.
private struct Words {
    private var rest: Substring
    private var line = 1

    init(_ text: String) { rest = text[...] }

    mutating func next() throws(RecipeProblem) -> String? {
        skipBlanks()
        guard let first = rest.first else { return nil }
        return first == "\"" ? try quoted() : plain()
    }

    /// The word behind a keyword; it may be any, a keyword included.
    mutating func value(of keyword: String) throws(RecipeProblem) -> String {
        guard let value = try next() else { throw problem("nothing stands behind '\(keyword)'") }
        return value
    }

    /// A macro goes on to the next empty line.
    mutating func skipMacro() {
        while let end = rest.firstIndex(where: \.isNewline) {
            let isEmpty = rest[..<end].isEmpty
            rest = rest[rest.index(after: end)...]
            line += 1
            if isEmpty { return }
        }
        rest = ""
    }

    func problem(_ what: String) -> RecipeProblem {
        RecipeProblem(
            "line \(line): \(what)",
            cure: "write 'machine HOST login USER password WORD'"
        )
    }

    private mutating func skipBlanks() {
        while let first = rest.first {
            if first == "#" {
                rest = rest.drop { !$0.isNewline }
            } else if first.isWhitespace {
                if first.isNewline { line += 1 }
                rest.removeFirst()
            } else {
                return
            }
        }
    }

    private mutating func plain() -> String {
        let word = rest.prefix { !$0.isWhitespace }
        rest = rest[word.endIndex...]
        return String(word)
    }

    private mutating func quoted() throws(RecipeProblem) -> String {
        var word = ""
        rest.removeFirst()
        while let first = rest.popFirst() {
            switch first {
            case "\"": return word
            case "\\":
                guard let escaped = rest.popFirst() else { break }
                word.append(["n": "\n", "r": "\r", "t": "\t"][escaped] ?? escaped)
            default: word.append(first)
            }
        }
        throw problem("a quote is not closed")
    }
}
