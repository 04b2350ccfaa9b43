import CrawlModel
import Foundation
import TestSupport
import Testing

@testable import Crawling
@testable import Storage

/// What the pool makes of pictures that break their decoder: a decoder of the tests does as their text says.
@Suite(.timeLimit(.minutes(2)))
struct DecoderPoolTests {
    private let folder = TemporaryFolder()

    private func pictures(_ texts: [String]) throws -> [PublishedImage] {
        try texts.enumerated().map { number, text in
            try text.write(toFile: folder.path("\(number).jpg"), atomically: false, encoding: .utf8)
            return PublishedImage(
                id: Int64(number),
                path: ImagePath(folder: "", stem: "\(number)", extensionName: ".jpg"),
                bytes: text.utf8.count,
                digest: []
            )
        }
    }

    private func check(
        _ images: [PublishedImage],
        workers: Int = 2
    ) async throws -> DecoderPool.Findings {
        var limits = DecoderPool.Limits()
        limits.seconds = 2
        return try await DecoderPool.withPool(
            CrawlFolder(folder.path),
            workers: workers,
            limits: limits,
            executable: BuiltBinary.path(of: "decoder-test-worker")
        ) { try await $0.check(images) }
    }

    @Test func `pictures that crash, end or hang their decoder cost a worker and nothing else`()
        async throws
    {
        let texts = ["fine", "crash", "hang", "exit", "broken", "strange", "hungry"]
        let fine = (0..<50).map { "fine \($0)" }
        let found = try await check(pictures(texts + fine))
        #expect(found.decoded == 51)
        #expect(found.notRead == 1)
        #expect(
            found.violations.map(\.kind) == [
                .crashedDecoder, .slowDecoding, .crashedDecoder, .undecodable, .undecodable,
            ]
        )
        #expect(
            found.violations.map(\.message) == [
                "the decoder is gone: killed by signal 6 (Aborted)", "not decoded after 2 s",
                "the decoder is gone: exited with code 3", "it says so", "it wants too much",
            ]
        )
        #expect(found.violations.map(\.subject) == ["1.jpg", "2.jpg", "3.jpg", "4.jpg", "6.jpg"])
    }

    @Test func `a picture is not blamed for what the one before it has broken`() async throws {
        let found = try await check(pictures(["poison", "victim", "fine"]), workers: 1)
        #expect(found.violations == [])
        #expect(found.decoded == 3)
    }

    @Test func `a file that is gone meanwhile is left to the next verification`() async throws {
        let images = try pictures(["fine", "broken"])
        try FileManager.default.removeItem(atPath: folder.path("1.jpg"))
        let found = try await check(images)
        #expect(found.violations == [])
        #expect((found.decoded, found.notRead) == (1, 1))
    }

    @Test func `workers that can't work at all end the verification`() async throws {
        let images = try pictures(["fine"])
        await #expect(throws: (any Error).self) {
            try await DecoderPool.withPool(
                CrawlFolder(folder.path),
                workers: 1,
                executable: "/bin/false"
            ) { try await $0.check(images) }
        }
    }
}
