import CrawlModel
import TestSupport

extension FuzzTarget {
    /// Names and paths stay harmless and are themselves when made again.
    func checkName(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        if let name = SafeName(text)?.description {
            try require(Harmless.complaint(about: name) == nil, "a name is not harmless")
            try require(
                SafeName(name)?.description.utf8.elementsEqual(name.utf8) == true,
                "a name made again is another"
            )
            let key = ImagePath.key(of: name)
            try require(ImagePath.key(of: key).utf8.elementsEqual(key.utf8), "a key has another")
        }
        for template in ["{name}{extension}", "{name}/{name}", "a{name}/{name}.png"] {
            let address = try? WebAddress("http://a.test/" + text)
            let path = try PathTemplate(template).path(name: text, address: address)
            let components = path.description.utf8.split(
                separator: UInt8(ascii: "/"),
                omittingEmptySubsequences: false
            ).map(String.init)
            let depth = template.utf8.count { $0 == UInt8(ascii: "/") } + 1
            try require(components.count == depth, "a path has more parts than its template")
            for component in components.compactMap(\.self) {
                try require(Harmless.complaint(about: component) == nil, "a path is not harmless")
            }
            let first = components.first.flatMap(\.self)?.lowercased() ?? ""
            try require(!first.hasPrefix("magpie.db"), "a path is magpie's own")
        }
        _ = try? PathTemplate(text).path(name: text, address: nil)
    }

    /// An address is its own normal form.
    func checkAddress(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let base = try? WebAddress("https://base.test:8443/a/b?c") else {
            throw FuzzFailure(description: "the base can't be read")
        }
        for written in [text, "//" + text, "http://a.test/" + text] {
            guard let address = try? WebAddress(written, relativeTo: base) else { continue }
            let normal = address.description
            try require(
                (try? WebAddress(normal))?.description.utf8.elementsEqual(normal.utf8) == true,
                "an address read again is another"
            )
            try require(
                address.target.utf8.allSatisfy { (0x21...0x7E).contains($0) },
                "an address holds what no request line may"
            )
        }
        _ = (try? PageTemplate("http://a.test/" + text))?.prefix(3).map(\.description)
    }
}
