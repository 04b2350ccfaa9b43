/// The candidates of a `srcset` attribute (HTML Standard, section 4.8.4.2.2).
enum SourceSet {
    /// The address of the largest candidate.
    ///
    /// That is the widest, else that of the highest density; of equal ones the first.
    ///
    /// - Returns: `nil` if there is no candidate.
    static func largest(of text: String) -> String? {
        var best: (address: String, size: (width: Double, density: Double))?
        for candidate in candidates(in: text) {
            guard let size = size(candidate.descriptors) else { continue }
            if let best, best.size >= size { continue }
            best = (candidate.address, size)
        }
        return best?.address
    }

    /// Cuts the attribute as its standard says: an address ends at a blank, commas at its end belong to
    /// the list, and commas in parentheses do not.
    private static func candidates(in text: String) -> [(address: String, descriptors: [Substring])]
    {
        var found: [(String, [Substring])] = []
        var rest = text[...]
        while true {
            rest = rest.drop { $0.isBlank || $0 == "," }
            if rest.isEmpty { return found }
            let word = rest.prefix { !$0.isBlank }
            rest = rest[word.endIndex...]
            if word.last == "," {
                var address = word
                while address.last == "," { address.removeLast() }
                found.append((String(address), []))
                continue
            }
            var depth = 0
            let descriptors = rest.prefix { character in
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                return character != "," || depth > 0
            }
            rest = rest[descriptors.endIndex...]
            found.append((String(word), descriptors.split(whereSeparator: \.isBlank)))
        }
    }

    /// What the descriptors say; `nil` if they are none, which makes the candidate none.
    private static func size(_ descriptors: [Substring]) -> (width: Double, density: Double)? {
        var size = (width: 0.0, density: 1.0)
        for descriptor in descriptors {
            guard let number = Double(descriptor.dropLast()), number >= 0, number.isFinite else {
                return nil
            }
            switch descriptor.last {
            case "w": size.width = number
            case "x": size.density = number
            case "h": break
            default: return nil
            }
        }
        return size
    }
}

extension Character {
    fileprivate var isBlank: Bool {
        switch self {
        case " ", "\t", "\n", "\r", "\r\n", "\u{0C}": true
        default: false
        }
    }
}
