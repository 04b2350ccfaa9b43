/// A pair of braces in a path: what stands there, and how it is written.
struct Placeholder: Equatable, Sendable {
    private enum Source: Equatable, Sendable {
        case name, host, page, index, hash, id
        case field(String)
    }

    private enum Format: Equatable, Sendable {
        case plain
        /// A number is filled with zeros to this width.
        case filled(Int)
        /// No more than so many characters.
        case cut(Int)
        case date(DatePattern)
    }

    /// The inside of the braces, as written.
    let word: String
    private let source: Source
    private let format: Format

    init(_ word: String, fields: Set<String>) throws(RecipeProblem) {
        self.word = word
        let halves = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(halves.first ?? "")
        source = try Self.source(name, fields: fields)
        format = halves.count == 2 ? try Self.format(halves[1], in: word) : .plain
    }

    private static func source(
        _ name: String,
        fields: Set<String>
    ) throws(RecipeProblem) -> Source {
        // A field of the recipe's own comes first: a site may have ids that say more.
        if fields.contains(name) { return .field(name) }
        switch name {
        case "name": return .name
        case "host": return .host
        case "page": return .page
        case "index": return .index
        case "hash": return .hash
        case "id": return .id
        case "extension":
            throw RecipeProblem("{extension} stands inside the path", cure: "move it to the end")
        default:
            let known = ["name", "folder", "host", "page", "index", "hash", "id"] + fields.sorted()
            let words = known.map { "{\($0)}" }.joined(separator: ", ")
            throw RecipeProblem(
                "unknown placeholder '{\(name)}'",
                cure: "use \(words) and {extension}, or add the field to 'item.fields'"
            )
        }
    }

    private static func format(
        _ text: Substring,
        in word: String
    ) throws(RecipeProblem) -> Format {
        let isNumber = !text.isEmpty && text.allSatisfy { ("0"..."9").contains($0) }
        guard isNumber else {
            guard !text.isEmpty else {
                throw RecipeProblem("nothing stands behind ':' in '{\(word)}'", cure: "remove it")
            }
            return .date(try DatePattern(String(text)))
        }
        guard let number = Int(text), (1...200).contains(number) else {
            throw RecipeProblem("'{\(word)}' is too wide", cure: "use a number from 1 to 200")
        }
        return text.hasPrefix("0") ? .filled(number) : .cut(number)
    }

    /// What stands there for a picture; empty where it has nothing of the kind.
    func text(of discovery: Discovery, name: String, page: WebAddress?) -> String {
        let text = value(of: discovery, name: name, page: page)
        switch format {
        case .plain: return text
        case .cut(let width): return String(text.prefix(width))
        case .filled(let width):
            guard text.allSatisfy({ ("0"..."9").contains($0) }), !text.isEmpty else { return text }
            return String(repeating: "0", count: max(0, width - text.count)) + text
        case .date(let pattern):
            // What is no date stands as it is: a 'default' of the recipe, say.
            return WrittenDate(text)?.text(pattern) ?? text
        }
    }

    private func value(of discovery: Discovery, name: String, page: WebAddress?) -> String {
        let address = try? discovery.address.get()
        switch source {
        case .name: return name
        case .host: return address?.host ?? ""
        case .page: return page.map(Self.number) ?? ""
        case .index: return String(discovery.index)
        case .hash: return Self.hash(of: address?.description ?? discovery.reference)
        case .id: return PathTemplate.stem(of: address?.lastPathComponent ?? "")
        case .field(let field): return discovery.fields[field] ?? ""
        }
    }

    /// The last number in a page's address, or the last part of its path where it has none.
    private static func number(of page: WebAddress) -> String {
        let target = page.target.reversed()
        let digits = target.drop { !("0"..."9").contains($0) }.prefix { ("0"..."9").contains($0) }
        return digits.isEmpty ? page.lastPathComponent : String(digits.reversed())
    }

    /// 64 bits of an address as 16 hexadecimal digits: FNV-1a, whose bits are then mixed so that its
    /// first digits alone differ well, too.
    private static func hash(of text: String) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ (hash >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        let digits = String(hash ^ (hash >> 33), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
