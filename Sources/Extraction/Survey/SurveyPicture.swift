import CLibXML2

/// Something on a page that may be a picture of the gallery: an image, or a link to one.
struct SurveyPicture {
    let node: xmlNodePtr
    /// Whether it is a link without an image in it.
    let isLink: Bool

    /// All of a page, in its order; what frames the page or decorates it is left out.
    ///
    /// - Throws: `ExtractionError.tookTooLong`.
    static func all(
        in tree: HTMLDocument,
        limit: TimeLimit
    ) throws(ExtractionError) -> [SurveyPicture] {
        var pictures: [SurveyPicture] = []
        var next = tree.root
        var nodes = 0
        while let node = next {
            next = node.following
            nodes += 1
            if nodes % 64 == 0 { try limit.check() }
            if node.isElement(named: "img"), node.isWorthSeeing, !node.isInFrame {
                pictures.append(SurveyPicture(node: node, isLink: false))
            } else if node.isElement(named: "a"), node.leadsToPicture, !node.hasImage,
                !node.isInFrame
            {
                pictures.append(SurveyPicture(node: node, isLink: true))
            }
        }
        return pictures
    }

    /// Which attributes may have its address: the items of a gallery have the same ones.
    var signature: Set<String> {
        isLink ? ["href"] : Set(node.attributeNames.filter(ImageChoice.mayHaveAddress))
    }
}

extension xmlNodePtr {
    private static let frames: Set<String> = [
        "header", "nav", "footer", "aside", "noscript", "template",
    ]
    private static let decorations = [
        "logo", "icon", "avatar", "sprite", "spacer", "emoji", "smiley", "banner", "tracking",
    ]

    /// Whether it stands in what is around the contents of a page.
    var isInFrame: Bool {
        var parent = pointee.parent
        while let node = parent {
            if let name = node.elementName, Self.frames.contains(name) {
                // An article has a header of its own.
                guard name == "header", node.isInArticle else { return true }
            }
            parent = node.pointee.parent
        }
        return false
    }

    private var isInArticle: Bool {
        var parent = pointee.parent
        while let node = parent {
            if node.isElement(named: "article") || node.isElement(named: "main") { return true }
            parent = node.pointee.parent
        }
        return false
    }

    /// Whether an image is large enough for a gallery, and is not called a logo or the like.
    fileprivate var isWorthSeeing: Bool {
        for side in ["width", "height"] {
            if let size = attribute(side).flatMap({ Int($0) }), size < 48 { return false }
        }
        let words = "\(attribute("class") ?? "") \(attribute("id") ?? "")".lowercased()
        if Self.decorations.contains(where: words.contains) { return false }
        let file = (attribute("src") ?? "").split(separator: "/").last?.lowercased() ?? ""
        if ["logo", "icon", "avatar", "spacer", "pixel"].contains(where: file.hasPrefix) {
            return false
        }
        return attributeNames.contains {
            ImageChoice.mayHaveAddress($0) && !(attribute($0) ?? "").isEmpty
        }
    }

    /// Whether a link leads to a picture, by its address or by what it says.
    var leadsToPicture: Bool {
        guard let address = attribute("href"), !address.hasPrefix("#") else { return false }
        return address.isPictureAddress
            || text.isPictureAddress || (attribute("title") ?? "").isPictureAddress
    }

    fileprivate var hasImage: Bool {
        var hasImage = false
        forEachElement { _, name in hasImage = hasImage || name == "img" }
        return hasImage
    }
}

extension String {
    /// Whether it ends as the address of a picture does, a query or fragment aside.
    var isPictureAddress: Bool {
        let path = PageText.caption(self).prefix { $0 != "?" && $0 != "#" }
        guard let dot = path.lastIndex(of: ".") else { return false }
        return ["jpg", "jpeg", "png", "gif", "webp", "bmp", "avif", "tif", "tiff"]
            .contains(path[dot...].dropFirst().lowercased())
    }
}
