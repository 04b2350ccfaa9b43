import Foundation
import SampleSite
import TestSupport

/// A small gallery in which everything happens: twins, a wrong suffix, a missing picture, one that stands in
/// its page.
enum CrashSite {
    static let gallery = Gallery(pages: 2, itemsPerPage: 6) { index in
        [1, 5].contains(index) ? "twin" : Gallery.caption(index)
    }
    /// Is not there.
    static var missing: String { gallery.items[7].path }
    /// Ends with `.jpg` and is a PNG.
    private static var misnamed: Gallery.Item { gallery.items[4] }

    /// A page with a picture in it.
    private static var inlinePage: String {
        let picture = Picture(.png, number: 99, minimumBytes: 700)
        return """
            <a class="col-xs-6 col-sm-3">
            <img data-original="data:image/png;base64,\(Data(picture.bytes).base64EncodedString())">
            <p style="display: none">inline</p></a>
            """
    }

    /// Serves it while `body` runs, with its recipe in a folder of its own; `more` is added to that.
    static func serve(
        recipe more: String = "",
        _ body: (SampleSite, CommandFixture) async throws -> Void
    ) async throws {
        try await SampleSite.serve(gallery) { site in
            site.fault(.status(404), at: missing)
            site.route(misnamed.path, to: .picture(gallery.picture(of: gallery.items[1])))
            site.route(gallery.path(ofPage: 3), to: .html(inlinePage))
            let fixture = CommandFixture()
            try writeRecipe(of: site, in: fixture, more)
            try await body(site, fixture)
        }
    }

    /// Writes the site's recipe, `more` added to it.
    static func writeRecipe(
        of site: SampleSite,
        in fixture: CommandFixture,
        _ more: String = ""
    ) throws {
        try fixture.writeRecipe(of: site, "workers: { pages: 1, images: 3 }\n\(more)")
        let recipe = try String(
            contentsOfFile: fixture.folder.path("site.yaml"),
            encoding: .utf8
        )
        try fixture.write(recipe.replacing("{1..2}", with: "{1..3}"), to: "site.yaml")
    }

    /// Everything in a crawl folder that must be the same however often the crawl died.
    static func state(_ fixture: CommandFixture) async throws -> [String] {
        var state = try await fixture.sql(
            """
            select path, caption, sha256, bytes from downloads order by 1;
            select path, error_class, http_status from failures order by 1;
            select path, caption, reason from skips order by 1;
            select state, items, new_images from pages order by id;
            select kind, state, error_class, tasks, bytes from tally where tasks > 0;
            select distinct ending in ('finished', 'crashed', 'stopped') from runs;
            pragma integrity_check;
            """
        )
        for name in fixture.pictureFiles {
            state.append("\(name): \(fixture.bytes(of: name).count) bytes on disk")
        }
        let parts = try FileManager.default.contentsOfDirectory(
            atPath: fixture.folder.path("pictures/.magpie/parts")
        )
        return state + parts.map { "left: \($0)" }
    }
}
