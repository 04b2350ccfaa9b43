import CrawlModel
import Extraction

/// The text of a proposed recipe, with comments.
struct RecipeDraft {
    let proposal: RecipeProposal
    let name: String
    /// The page that it was proposed for.
    let page: WebAddress

    var text: String {
        """
        # A recipe for \(page)
        # as 'magpie init --from' proposes it. Try it with 'magpie check' and '--follow 3', correct it, and run it with
        # 'magpie crawl … --into DIR'. See docs/RECIPES.md for all that may stand here.
        name: \(Self.quoted(name))

        \(pages)\(item)
        # Where a picture goes below the crawl folder; fields may stand in it, and {index:04}, {host}, {hash:8}.
        path: "{name}{extension}"

        # When two pictures want one path: keep both, the second as "name (2)"; or 'skip' it, which is recorded.
        on_conflict: rename

        """
    }

    private var pages: String {
        if proposal.kind == .sitemap {
            return """
                # Every page that the site's map lists.
                pages: { sitemap: \(Self.quoted("\(page)")) }


                """
        }
        var text = ""
        if let pages = proposal.pages {
            text +=
                "# The pages that this one has links to; write a larger number if there are more.\n"
            text += "pages: \(Self.quoted(pages))\n\n"
        } else {
            text += "# The page to begin with. {1..20} in an address stands for twenty pages.\n"
            text += "pages: \(Self.quoted("\(page)"))\n\n"
        }
        if let next = proposal.next {
            text += "# The link to the following page.\nnext: \(Self.quoted(next))\n\n"
        }
        return text
    }

    private var item: String {
        switch proposal.kind {
        case .gallery: gallery
        case .feed: "# The pictures of the feed's entries.\nitem: feed\n"
        case .list:
            """
            # A picture's address at the beginning of each line; a name may follow behind a blank.
            item:
              regex: '(?m)^(?<image>https?://\\S+)(?:[ \\t]+(?<name>[^\\r\\n]+))?'

            """
        case .sitemap:
            """
            # The picture that stands for a page, as it says itself (Open Graph).
            item:
              each: "head"
              image: "meta[property='og:image']::attr(content)"
              name: ["meta[property='og:title']::attr(content)", "title::text"]

            """
        }
    }

    private var gallery: String {
        var text = ""
        if let links = proposal.linksToPages {
            text += """
                # The pictures lead to pages of their own. If those have larger ones, follow the links and describe an
                # item of those pages instead:
                # follow: \(Self.quoted(links))

                """
        }
        text += """
            # What is repeated on the page: \(proposal.items) of these, with a picture each.
            item:
              each: \(Self.quoted(proposal.each))

            """
        if proposal.image.count > 1 {
            text += "  # The first that finds something counts.\n"
        }
        text += "  image: \(Self.list(proposal.image))\n"
        if proposal.name.isEmpty {
            text +=
                "  # Nothing on the page tells the pictures apart: they are named after their files.\n"
            text += "  # name: \"p.caption::text\"\n"
        } else {
            text += "  name: \(Self.list(proposal.name))\n"
        }
        if !transforms.isEmpty { text += "  transform:\n" + transforms }
        if proposal.needsExtensions {
            text += "  # The page has other links, too.\n"
            text += "  only: { extension: [jpg, jpeg, png, gif, webp, bmp, tif, tiff, avif] }\n"
        }
        return text
    }

    private var transforms: String {
        var text = ""
        if proposal.areWordPressCopies { text += "    image: { original: wordpress }\n" }
        if proposal.namesAreFiles, !proposal.name.isEmpty {
            text += "    name: { replace: '(?i)\\.(jpe?g|png|gif|webp|bmp|tiff?|avif)$' }\n"
        }
        return text
    }

    private static func list(_ selectors: [String]) -> String {
        let quoted = selectors.map(quoted)
        return quoted.count == 1 ? quoted[0] : "[\(quoted.joined(separator: ", "))]"
    }

    /// A text as a YAML scalar in quotes, which JSON's strings are (YAML 1.2, section 1.3).
    private static func quoted(_ text: String) -> String { JSONText.string(text) }
}
