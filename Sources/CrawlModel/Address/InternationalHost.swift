import Foundation

/// Host names in letters of any script, as they are asked for: in ASCII (RFC 5890, UTS 46).
///
/// Names are mapped as browsers do: compatibility forms and case are folded, marks that are not seen are
/// left out, and the full stops of East Asia are dots. What no registry allows is left to the resolver.
enum InternationalHost {
    /// The longest label and name (RFC 1035, section 2.3.4).
    private static let bytesMax = (label: 63, name: 253)

    /// The name in ASCII, each label that needs it in Punycode: `xn--mnchen-3ya.de`.
    ///
    /// - Returns: `nil` if it can't be a host's name.
    static func ascii(_ host: String) -> String? {
        let mapped = String(
            String.UnicodeScalarView(host.unicodeScalars.filter { !isIgnored($0) })
        ).precomposedStringWithCompatibilityMapping.lowercased()
            .precomposedStringWithCompatibilityMapping
        var labels: [String] = []
        for label in mapped.unicodeScalars.split(
            omittingEmptySubsequences: false,
            whereSeparator: isDot
        ) {
            guard label.allSatisfy({ $0.value >= 0x80 || isPlain($0) }) else { return nil }
            let text = String(String.UnicodeScalarView(label))
            if text.utf8.allSatisfy({ $0 < 0x80 }) {
                labels.append(text)
                continue
            }
            // An address may have empty labels, but a mark that combines has nothing to combine with.
            guard let first = label.first, !first.properties.isGraphemeExtend,
                let code = Punycode.encoded(Array(label))
            else { return nil }
            labels.append("xn--" + code)
        }
        let name = labels.joined(separator: ".")
        let fits = labels.allSatisfy { $0.utf8.count <= bytesMax.label }
        return fits && name.utf8.count <= bytesMax.name ? name : nil
    }

    private static func isDot(_ scalar: Unicode.Scalar) -> Bool {
        [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"].contains(scalar)
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", "-", "_", "~": true
        default: false
        }
    }

    /// Soft hyphens, joiners of words, and the selectors of a letter's look.
    private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x200B, 0x2060, 0xFEFF, 0xFE00...0xFE0F: true
        default: false
        }
    }
}

/// Letters of any script as letters of ASCII (RFC 3492).
enum Punycode {
    private static let (base, tMin, tMax, skew, damp): (Int, Int, Int, Int, Int) = (
        36, 1, 26, 38, 700
    )

    /// The code of a label without `xn--`; `nil` for one that is far too long.
    static func encoded(_ label: [Unicode.Scalar]) -> String? {
        guard label.count <= 256 else { return nil }
        let points = label.map { Int($0.value) }
        var out = points.filter { $0 < 0x80 }.map { UInt8($0) }
        let plain = out.count
        if plain > 0 { out.append(UInt8(ascii: "-")) }
        var (next, delta, bias, handled) = (0x80, 0, 72, plain)
        while handled < points.count {
            let lowest = points.filter { $0 >= next }.min() ?? next
            delta += (lowest - next) * (handled + 1)
            next = lowest
            for point in points {
                if point < next { delta += 1 }
                guard point == next else { continue }
                append(delta, bias, to: &out)
                bias = adapted(delta, points: handled + 1, isFirst: handled == plain)
                delta = 0
                handled += 1
            }
            delta += 1
            next += 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func append(_ delta: Int, _ bias: Int, to out: inout [UInt8]) {
        var rest = delta
        var position = base
        while true {
            let threshold = min(max(position - bias, tMin), tMax)
            guard rest >= threshold else { break }
            out.append(digit(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            position += base
        }
        out.append(digit(rest))
    }

    private static func digit(_ value: Int) -> UInt8 {
        UInt8(value < 26 ? value + 0x61 : value - 26 + 0x30)
    }

    private static func adapted(_ delta: Int, points: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / damp : delta / 2
        delta += delta / points
        var position = 0
        while delta > (base - tMin) * tMax / 2 {
            delta /= base - tMin
            position += base
        }
        return position + (base - tMin + 1) * delta / (delta + skew)
    }
}
