import Foundation
import SampleSite
import TestSupport
import Testing

/// What the system may do to the process: signals, stops, limits, pipes that nobody reads.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct FaultProcessTests {
    private let fixture = FaultFixture()

    /// Runs `body` while a crawl of one page waits for its last picture.
    private func withWaitingCrawl(
        under program: [String] = [],
        more: String = "",
        _ body: (SampleSite, RunningProgram, _ held: String) async throws -> Void
    ) async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site, more)
            let held = site.gallery.items[19].path
            site.hold(held)
            let crawl = try fixture.crawl(under: program)
            try await fixture.committed(19)
            try await site.requested(held)
            try await body(site, crawl, held)
        }
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
    func `a signal finishes what is in flight`(signal: Int32) async throws {
        try await withWaitingCrawl { site, crawl, held in
            crawl.send(signal)
            try await eventually("it has heard of it") { crawl.errors.contains("stopping") }
            site.release(held)
            let result = await crawl.result()
            #expect(result.code == 130)
            #expect(result.output.contains("stopped; nothing is lost"))
            try await fixture.expectWholeAfterResume(site)
            #expect(site.ledger.requests.count { $0.target != "/robots.txt" } == 21)
        }
    }

    @Test func `with nohup a crawl outlives its terminal`() async throws {
        try await withWaitingCrawl(under: ["nohup"]) { site, crawl, held in
            crawl.send(SIGHUP)
            crawl.send(SIGHUP)
            site.release(held)
            let result = await crawl.result()
            #expect(result.code == 0)
            #expect(!result.errors.contains("stopping"))
            try await fixture.expectWhole(site)
        }
    }

    @Test func `a process that is stopped goes on when it is woken`() async throws {
        try await withWaitingCrawl { site, crawl, held in
            crawl.send(SIGSTOP)
            try await eventually("it is stopped") { try status(of: crawl.pid, "State") == "T" }
            site.release(held)
            try await site.idle()
            crawl.send(SIGCONT)
            #expect(await crawl.result().code == 0)
            try await fixture.expectWhole(site)
            #expect(site.ledger.requests.count { $0.target != "/robots.txt" } == 21)
        }
    }

    @Test func `a body beyond the limit is never held in memory`() async throws {
        let megabytes = 150
        let limit = "limits: { image: \(megabytes)MB }"
        try await withWaitingCrawl(more: limit) { site, crawl, held in
            let before = try #require(Int(try status(of: crawl.pid, "VmHWM") ?? ""))
            site.fault(.endless, at: held)
            site.release(held)
            let after = try await peak(of: crawl)
            let result = await crawl.result()
            #expect(result.code == 3)
            #expect(result.output.contains("too_large: 1 image"))
            #expect(site.ledger.bytesSent > megabytes * 1_000_000)
            #expect(after - before < megabytes * 1000 / 3, "from \(before) to \(after) kB")
            site.fault(nil, at: held)
            #expect(try await fixture.magpie("retry", fixture.pictures).code == 0)
            try await fixture.expectWhole(site)
        }
    }

    /// The most memory that was seen in use until the process ended, in kB.
    private func peak(of crawl: RunningProgram) async throws -> Int {
        var most = 0
        try await eventually("it has ended") {
            guard let text = try? status(of: crawl.pid, "VmHWM"), let now = Int(text) else {
                return true
            }
            most = max(most, now)
            return false
        }
        return most
    }

    /// The first word of a field of `/proc/PID/status`.
    private func status(of pid: pid_t, _ field: String) throws -> String? {
        let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(field):") }
        return line?.dropFirst(field.count + 1).split { $0 == " " || $0 == "\t" }.first
            .map(String.init)
    }

    @Test func `too few file descriptors are refused before anything is done`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site)
            let refused = try await fixture.crawl(under: ["prlimit", "--nofile=100:100"]).result()
            #expect(refused.code == 1)
            #expect(refused.errors.contains("only 100 files may be open at once"))
            #expect(refused.errors.contains("raise 'ulimit -n', or set fewer 'workers'"))
            #expect(site.ledger.requests.isEmpty)
            #expect(fixture.folder.files() == ["site.yaml"])

            // A low limit that may be raised is.
            let crawl = try await fixture.crawl(under: ["prlimit", "--nofile=20:4096"]).result()
            #expect(crawl.code == 0)
            try await fixture.expectWhole(site)
        }
    }

    @Test func `a crawl goes on when nobody reads its output any more`() async throws {
        try await withWaitingCrawl { site, crawl, held in
            crawl.send(SIGKILL)
            _ = await crawl.result()
            site.release(held)
            // The reader closes its end before magpie starts, which has something to say at once.
            try await fixture.run("mkfifo", fixture.folder.path("go"))
            let script = """
                (read -r _ <go; exec "$0" resume pictures) | (exec <&-; echo >go)
                exit ${PIPESTATUS[0]}
                """
            let resumed = try RunningProgram(
                "bash",
                ["-c", script, BuiltBinary.path(of: "magpie")],
                in: fixture.folder.path
            )
            let result = await resumed.result()
            #expect(result.code == 0)
            #expect(result.errors == "")
            try await fixture.expectWhole(site)
        }
    }

    @Test func `history into a closed pipe is no failure, into a full disk it is one`() async throws
    {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            try fixture.writeRecipe(of: site)
            #expect(try await fixture.crawl().result().code == 0)
            func shell(_ script: String) async throws -> RunningProgram.Result {
                let words = ["-c", script, BuiltBinary.path(of: "magpie")]
                return try await RunningProgram("bash", words, in: fixture.folder.path).result()
            }
            let head = try await shell(
                "\"$0\" history pictures --limit 9999 | head -1; exit ${PIPESTATUS[0]}"
            )
            #expect(head.code == 0)
            #expect(head.errors == "")
            #expect(head.output.split(separator: "\n").count == 1)

            let full = try await shell("\"$0\" history pictures >/dev/full")
            #expect(full.code == 1)
            #expect(full.errors.contains("the output can't be written (No space left on device)"))
        }
    }
}
