/// The contents of a gallery: listing pages and the pictures they show, the same for the same seed.
///
/// It is a value and knows no address; `SampleSite` serves it. Pictures are made when they are
/// asked for.
package struct Gallery: Sendable {
    /// One picture on one listing page.
    package struct Item: Sendable, Hashable {
        /// Its place in the whole gallery, from 0.
        package let index: Int
        /// The listing page that shows it, from 1.
        package let page: Int
        /// Its caption, before it is escaped.
        package let caption: String
        /// The path of its picture, such as `/pic/0123456789abcdef.jpg`.
        package let path: String

        let format: Picture.Format
        let number: UInt64
    }

    /// How many listing pages there are.
    package let pages: Int
    /// All items in the order of the listing.
    package let items: [Item]

    private let itemsPerPage: Int
    private let pictureBytes: Int
    private let indexOfPath: [String: Int]

    /// Makes a gallery; every item has a picture of its own, in each of the formats in turn.
    ///
    /// - Parameters:
    ///   - pages: How many listing pages; 0 for a site that has only its routes.
    ///   - itemsPerPage: How many items each shows.
    ///   - seed: Another seed gives other paths and other bytes.
    ///   - pictureBytes: The least size of a picture.
    ///   - caption: The caption of the item with this index.
    package init(
        pages: Int,
        itemsPerPage: Int = 20,
        seed: UInt64 = 2018,
        pictureBytes: Int = 600,
        caption: (Int) -> String = Gallery.caption
    ) {
        precondition(pages >= 0, "a gallery has no \(pages) pages")
        precondition(itemsPerPage >= 0, "a page has no \(itemsPerPage) items")
        self.pages = pages
        self.itemsPerPage = itemsPerPage
        self.pictureBytes = pictureBytes
        items = (0..<(pages * itemsPerPage)).map { index in
            let format = Picture.Format.allCases[index % Picture.Format.allCases.count]
            let number = Self.number(of: index, seed: seed)
            return Item(
                index: index,
                page: index / itemsPerPage + 1,
                caption: caption(index),
                path: "/pic/\(HexName(number))\(format.suffix)",
                format: format,
                number: number
            )
        }
        indexOfPath = Dictionary(uniqueKeysWithValues: items.map { ($0.path, $0.index) })
    }

    /// The path of a listing page, from 1.
    package func path(ofPage page: Int) -> String { "/photo/list/?page=\(page)" }

    /// The items on a listing page, from 1.
    package func items(onPage page: Int) -> ArraySlice<Item> {
        items[((page - 1) * itemsPerPage)..<(page * itemsPerPage)]
    }

    /// The picture of an item.
    package func picture(of item: Item) -> Picture {
        Picture(item.format, number: item.number, minimumBytes: pictureBytes)
    }

    /// The picture at a path, byte for byte as it is served; `nil` if there is none.
    package func picture(at path: String) -> Picture? {
        indexOfPath[path].map { picture(of: items[$0]) }
    }

    /// A caption as the original's site has them: a few words and the item's number from 1.
    package static func caption(_ index: Int) -> String {
        "\(words[index % words.count])\(words[index / words.count % words.count]) \(index + 1)"
    }

    private static let words = [
        "熊猫", "开心", "猫咪", "加班", "奶茶", "周一", "晚安", "厉害", "摸鱼", "可爱", "谢谢", "无奈",
    ]

    /// The output of SplitMix64 at this index: two indices of one seed never give the same.
    private static func number(of index: Int, seed: UInt64) -> UInt64 {
        var mixed = seed &+ (UInt64(index) + 1) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
