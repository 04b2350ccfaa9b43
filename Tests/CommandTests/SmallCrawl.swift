import SampleSite
import TestSupport
import Testing

extension CommandFixture {
    /// A finished crawl of 20 pictures of which two are missing on the site and one is taken by another.
    func withCrawl(_ body: (SampleSite) async throws -> Void) async throws {
        let gallery = Gallery(pages: 1) { $0 == 9 || $0 == 5 ? "twin" : Gallery.caption($0) }
        try await SampleSite.serve(gallery) { site in
            try writeRecipe(of: site)
            for index in [3, 12] { site.fault(.status(404), at: gallery.items[index].path) }
            #expect(try await magpie("crawl", "site.yaml", "--into", "pictures").code == 3)
            try await body(site)
        }
    }
}
