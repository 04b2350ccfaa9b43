import ArgumentParser
import Foundation
import SampleSite

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Tell the whole story on a sample site, without the internet.",
        discussion: """
            Serves a small gallery on this machine, crawls it, kills the crawl half-way, goes on, and \
            retries what failed. Everything is kept in a new temporary folder.

            Example: magpie demo

            \(ExitStatus.table)
            """
    )

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("magpie-demo-\(ProcessInfo.processInfo.processIdentifier)").path
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        } catch {
            throw FileProblem(
                description: "'\(folder)' can't be made: set TMPDIR to a folder that can"
            )
        }
        try await SampleSite.serve(DemoStory.gallery) { site in
            try await DemoStory(site: site, folder: folder).tell()
        }
    }
}
