/// Finds what JSONPath queries pick in one document (RFC 9535), all of them within a bound of work.
final class JSONPathSearch {
    /// Why a search ends early: the query looks at too many values.
    struct TooMuchWork: Error {}

    /// Looks at values that the queries of a page may cost; hundreds of times what honest ones do.
    private static let workMax = 20_000_000

    let document: JSONDocument
    private var work = 0

    init(_ document: JSONDocument) { self.document = document }

    /// The places of the values that a query finds, in order; a value may come more than once.
    ///
    /// A query whose first sign is `@` starts at the item.
    func places(
        of path: JSONPath,
        from item: Int
    ) throws(TooMuchWork) -> [Int] {
        try find(path, from: item)
    }

    private func find(_ path: JSONPath, from item: Int) throws(TooMuchWork) -> [Int] {
        var places = [path.isRelative ? item : JSONDocument.root]
        for segment in path.segments where !places.isEmpty {
            var found: [Int] = []
            for place in places {
                guard segment.isDescendant else {
                    try pick(segment.choices, of: place, into: &found)
                    continue
                }
                for inner in place..<document.after(place) where document.kind(inner) != .name {
                    try pick(segment.choices, of: inner, into: &found)
                }
            }
            places = found
        }
        return places
    }

    private func spend(_ amount: Int = 1) throws(TooMuchWork) {
        work += amount
        if work > Self.workMax { throw TooMuchWork() }
    }

    private func children(of place: Int) -> [Int] {
        var children: [Int] = []
        document.children(of: place) { children.append($0) }
        return children
    }

    private func pick(
        _ choices: [JSONPath.Choice],
        of place: Int,
        into found: inout [Int]
    ) throws(TooMuchWork) {
        try spend()
        let kind = document.kind(place)
        guard kind == .array || kind == .object else { return }
        for choice in choices {
            switch choice {
            case .name(let name):
                if let member = document.member(name, of: place, work: &work) {
                    found.append(member)
                }
            case .wildcard:
                let children = children(of: place)
                try spend(children.count)
                found += children
            case .index(let index):
                guard kind == .array else { continue }
                let children = children(of: place)
                try spend(children.count)
                let number = index < 0 ? children.count + index : index
                if children.indices.contains(number) { found.append(children[number]) }
            case .slice(let start, let end, let step):
                guard kind == .array else { continue }
                let children = children(of: place)
                try spend(children.count)
                let range = Self.indices(start, end, step, count: children.count)
                found += range.map { children[$0] }
            case .filter(let condition):
                for child in children(of: place) {
                    try spend()
                    if try holds(condition, for: child) { found.append(child) }
                }
            }
        }
    }

    /// The indices of a slice (section 2.3.4.2).
    private static func indices(
        _ start: Int?,
        _ end: Int?,
        _ step: Int,
        count: Int
    ) -> StrideTo<Int> {
        guard step != 0 else { return stride(from: 0, to: 0, by: 1) }
        func normal(_ index: Int) -> Int { index >= 0 ? index : count + index }
        if step > 0 {
            let from = min(max(normal(start ?? 0), 0), count)
            return stride(from: from, to: min(max(normal(end ?? count), 0), count), by: step)
        }
        let from = min(max(normal(start ?? count - 1), -1), count - 1)
        let to = end.map { min(max(normal($0), -1), count - 1) } ?? -1
        return stride(from: from, to: to, by: step)
    }

    // MARK: Filters

    private func holds(
        _ condition: JSONPath.Condition,
        for item: Int
    ) throws(TooMuchWork) -> Bool {
        switch condition {
        case .any(let conditions):
            for condition in conditions where try holds(condition, for: item) { return true }
            return false
        case .all(let conditions):
            for condition in conditions where try !holds(condition, for: item) { return false }
            return true
        case .not(let condition): return try !holds(condition, for: item)
        case .exists(let path): return try !find(path, from: item).isEmpty
        case .compare(let left, let comparison, let right):
            let sides = (try value(of: left, for: item), try value(of: right, for: item))
            return try compare(sides.0, comparison, sides.1)
        case .fits(let text, let pattern, let isWhole):
            guard case .string(let text) = try value(of: text, for: item) else { return false }
            return try fits(text, pattern, isWhole, item)
        }
    }

    private func fits(
        _ text: String,
        _ pattern: JSONTextPattern,
        _ isWhole: Bool,
        _ item: Int
    ) throws(TooMuchWork) -> Bool {
        try spend(text.utf8.count)
        let compiled: Pattern
        switch pattern {
        case .written(let pattern): compiled = pattern
        case .found(let operand):
            // A pattern of the page that is none fits nothing. Compiling one is dear.
            try spend(10_000)
            guard case .string(let text) = try value(of: operand, for: item),
                text.utf8.count < 1000,
                let made = try? JSONTextPattern.pattern(text, isWhole: isWhole)
            else { return false }
            compiled = made
        }
        guard case .success(let fits) = compiled.matches(text) else { throw TooMuchWork() }
        return fits
    }

    private func value(
        of operand: JSONPath.Operand,
        for item: Int
    ) throws(TooMuchWork) -> JSONOperandValue {
        switch operand {
        case .literal(.null): return .null
        case .literal(.flag(let flag)): return .flag(flag)
        case .literal(.number(let text)): return .number(JSONNumber(text))
        case .literal(.string(let text)): return .string(text)
        case .query(let path):
            guard let place = try find(path, from: item).first else { return .nothing }
            return try value(at: place)
        case .count(let path):
            return .number(JSONNumber(String(try find(path, from: item).count)))
        case .value(let path):
            let places = try find(path, from: item)
            return places.count == 1 ? try value(at: places[0]) : .nothing
        case .length(let operand):
            switch try value(of: operand, for: item) {
            case .string(let text):
                return .number(JSONNumber(String(text.unicodeScalars.count)))
            case .container(let place):
                return .number(JSONNumber(String(children(of: place).count)))
            default: return .nothing
            }
        }
    }

    private func value(at place: Int) throws(TooMuchWork) -> JSONOperandValue {
        switch document.kind(place) {
        case .null: return .null
        case .true: return .flag(true)
        case .false: return .flag(false)
        case .array, .object: return .container(place)
        case .number:
            try spend(document.weight(place))
            return .number(JSONNumber(document.text(place) ?? ""))
        case .string, .name:
            try spend(document.weight(place))
            return .string(document.string(place))
        }
    }

    // MARK: Comparisons (section 2.3.5.2.2)

    private func compare(
        _ left: JSONOperandValue,
        _ comparison: JSONPath.Comparison,
        _ right: JSONOperandValue
    ) throws(TooMuchWork) -> Bool {
        switch comparison {
        case .equal: return try isEqual(left, right)
        case .unequal: return try !isEqual(left, right)
        case .less: return left.isLess(than: right)
        case .more: return right.isLess(than: left)
        case .atMost:
            if left.isLess(than: right) { return true }
            return try isEqual(left, right)
        case .atLeast:
            if right.isLess(than: left) { return true }
            return try isEqual(left, right)
        }
    }

    private func isEqual(
        _ left: JSONOperandValue,
        _ right: JSONOperandValue
    ) throws(TooMuchWork) -> Bool {
        try spend()
        switch (left, right) {
        case (.nothing, .nothing), (.null, .null): return true
        case (.flag(let left), .flag(let right)): return left == right
        case (.number(let left), .number(let right)): return left == right
        case (.string(let left), .string(let right)):
            return left.unicodeScalars.elementsEqual(right.unicodeScalars)
        case (.container(let left), .container(let right)):
            return try isEqualContainer(left, right)
        default: return false
        }
    }

    private func isEqualContainer(_ left: Int, _ right: Int) throws(TooMuchWork) -> Bool {
        guard document.kind(left) == document.kind(right) else { return false }
        let ours = children(of: left)
        let theirs = children(of: right)
        try spend(ours.count + theirs.count)
        guard ours.count == theirs.count else { return false }
        if document.kind(left) == .array {
            for (one, other) in zip(ours, theirs) {
                let values = (try value(at: one), try value(at: other))
                guard try isEqual(values.0, values.1) else { return false }
            }
            return true
        }
        for one in ours {
            // A member's name stands right before its value.
            let name = Array(document.string(one - 1).utf8)
            guard let other = document.member(name, of: right, work: &work) else { return false }
            let values = (try value(at: one), try value(at: other))
            guard try isEqual(values.0, values.1) else { return false }
        }
        return true
    }
}

/// What a side of a comparison is.
enum JSONOperandValue {
    /// A query found nothing.
    case nothing
    case null
    case flag(Bool)
    case number(JSONNumber)
    case string(String)
    /// An array or object at this place.
    case container(Int)

    /// Only numbers and texts have an order.
    func isLess(than other: JSONOperandValue) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)): left < right
        case (.string(let left), .string(let right)):
            left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
        default: false
        }
    }
}

/// A number as it is written, compared exactly where both sides are whole.
struct JSONNumber: Comparable {
    private let isNegative: Bool
    /// The digits of a whole number; `nil` for one with a fraction or exponent.
    private let digits: Substring?
    private let number: Double

    init(_ text: String) {
        number = Double(text) ?? .nan
        let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
        digits = unsigned.allSatisfy { ("0"..."9").contains($0) } ? unsigned : nil
        isNegative = text.hasPrefix("-") && unsigned != "0"
    }

    static func == (one: JSONNumber, other: JSONNumber) -> Bool {
        guard let digits = one.digits, let others = other.digits else {
            return one.number == other.number
        }
        return digits == others && one.isNegative == other.isNegative
    }

    static func < (one: JSONNumber, other: JSONNumber) -> Bool {
        guard let digits = one.digits, let others = other.digits else {
            return one.number < other.number
        }
        if one.isNegative != other.isNegative { return one.isNegative }
        let isSmaller =
            digits.utf8.count == others.utf8.count
            ? digits < others : digits.utf8.count < others.utf8.count
        return one.isNegative ? others != digits && !isSmaller : isSmaller
    }
}
