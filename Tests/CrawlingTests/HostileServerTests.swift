import CrawlModel
import SampleSite
import TestSupport
import Testing

/// What a hostile server can do to one task: that task fails with its class, nothing of it gets a final
/// name, and all other tasks are done.
@Suite(.timeLimit(.minutes(5)))
struct HostileServerTests {
    // One at a time: a hundred servers at once would only keep each other waiting.
    @Test(.serialized, arguments: HostileCase.all)
    func `what a server does wrong is told, kept out, and costs nothing else`(
        _ hostile: HostileCase
    ) async throws {
        try await expect(hostile)
    }

    @Test(arguments: HostileCase.slow)
    func `a server that takes its time is such a wrong too`(_ hostile: HostileCase) async throws {
        try await expect(hostile)
    }

    @Test(.enabled(if: TLSServer.isPossible, "needs the openssl command"))
    func `a certificate that nobody vouches for is such a wrong too`() async throws {
        let server = try await TLSServer()
        defer { server.end() }
        let address = "https://127.0.0.1:\(server.port)/x.png"
        try await expect(.address(address, .tls))
        try await expect(.image("redirect to TLS", .tls, .redirect(to: address)))
    }

    @Test func `a picture too large for the memory leaves nothing on disk when it breaks off`()
        async throws
    {
        let gallery = Gallery(pages: 1, itemsPerPage: 4, pictureBytes: 1_000_000)
        try await SampleSite.serve(gallery) { site in
            site.fault(.cut(after: 900_000), at: gallery.items[0].path)
            site.fault(.untilClose, at: gallery.items[1].path)
            var half = SampleSite.Response.picture(gallery.picture(of: gallery.items[1]))
            half.body.removeLast(10)
            site.route(gallery.items[1].path, to: half)
            let crawl = CrawlFixture()
            try await crawl.run(CrawlFixture.recipe(for: site))
            #expect(
                try crawl.ask("select error_class from failures", as: String.self)
                    == ["truncated", "truncated"]
            )
            expectGood(Array(gallery.items[2...]), of: gallery, in: crawl)
        }
    }

    @Test func `the table has at least 60 cases, each of its own name`() {
        #expect(HostileCase.all.count >= 60)
        #expect(Set(HostileCase.all.map(\.name)).count == HostileCase.all.count)
    }

    private static let items = 6

    private func expect(_ hostile: HostileCase) async throws {
        let gallery = Gallery(pages: 2, itemsPerPage: Self.items) { "picture-\($0)" }
        try await SampleSite.serve(gallery) { site in
            var pages = [gallery.path(ofPage: 1), gallery.path(ofPage: 2)]
            var good = gallery.items
            var kind = TaskKind.image
            switch hostile.victim {
            case .image(let spoil):
                spoil(site, gallery.items[8].path)
                good.remove(at: 8)
            case .page(let spoil):
                spoil(site, pages[1])
                good.removeLast(Self.items)
                kind = .page
            case .address(let address):
                pages.append("/bad")
                site.route("/bad", to: .html(CrawlFixture.page([(address(site), "evil")])))
            }
            let crawl = CrawlFixture()
            let ending = try await crawl.run(
                CrawlFixture.recipe(
                    for: site,
                    pages: pages,
                    """
                    timeout: { connect: 60s, idle: 60s, total: \(hostile.patience) }
                    limits: { image: 100kB, page: 1MB }
                    """
                )
            )
            #expect(ending == .finished)
            try expectFailure(of: kind, hostile, in: crawl)
            expectGood(good, of: gallery, in: crawl)
        }
    }

    /// One task failed, as often as its class is tried, and each try stands in the history.
    private func expectFailure(
        of kind: TaskKind,
        _ hostile: HostileCase,
        in crawl: CrawlFixture
    ) throws {
        let tries: Int
        let errorClass = hostile.errorClass
        switch (errorClass, hostile.victim) {
        // Where robots.txt can't be had the host is waited for, and nothing else is asked of it.
        case (.dns, .address), (.connect, .address): tries = 1
        // What stands in the page does not get better by another try.
        case (.notAnImage, .address): tries = 1
        // It does not count against the task; the host is given up at last.
        case (.http429, _):
            tries = try crawl.ask("select attempts from failures")[0]
            #expect(tries > HostBreaker.failuresMax)
        default: tries = RetryPolicy.standard[errorClass].tries
        }
        let failures = try crawl.rows("select kind, error_class, attempts from failures")
        #expect(failures == [["\(kind)", errorClass.rawValue, "\(tries)"]])
        // Of the failed task only: where patience is short, a busy machine may try others twice.
        let attempts = try crawl.rows(
            """
            select attempt.kind, attempt.error_class, number from attempt
            join failures on failures.kind = attempt.kind and failures.id = task_id
            """
        )
        #expect(
            attempts == (1...tries).map { ["\(kind)", errorClass.rawValue, "\($0)"] }
        )
        let mute = try crawl.ask("select count(*) from attempt where message = ''", as: Int.self)
        #expect(mute == [0])
        #expect(try crawl.ask("select count(*) from page where state in (0, 1)") == [0])
        #expect(try crawl.ask("select count(*) from image where state in (0, 1)") == [0])
    }

    /// The good pictures are there whole, and nothing else is.
    private func expectGood(
        _ items: [Gallery.Item],
        of gallery: Gallery,
        in crawl: CrawlFixture
    ) {
        let names = items.map { $0.caption + gallery.picture(of: $0).format.suffix }
        #expect(crawl.pictures() == names.sorted())
        #expect(crawl.parts().isEmpty)
        for (item, name) in zip(items, names) {
            #expect(crawl.bytes(of: name) == gallery.picture(of: item).bytes)
        }
    }
}
