import CrawlModel
import Crawling
import Storage

/// Shows a crawl that another process runs, by reading its database.
struct StatusWatch {
    let folder: CrawlFolder
    let json: Bool

    /// Shows it until no process holds the folder; leaves nothing on a terminal.
    ///
    /// - Throws: `StoreError`, or what `Console.write` throws.
    func untilTheCrawlEnds() async throws {
        let reader = try CrawlReader(folder)
        let isLive = Console.isLive && !json
        let interval: Duration = isLive ? .milliseconds(500) : json ? .seconds(1) : .seconds(5)
        var speed = Speed()
        while FolderLock.holder(of: folder) != nil {
            let status = try reader.status()
            speed.add(status.tally, at: .now)
            let waits = try HostWaits.now(reader)
            let view = view(status, speed, waits)
            if json {
                let summary = StatusSummary(status, waits, folder: folder, isHeld: true)
                try Console.say(JSONText.line(summary))
            } else if isLive {
                let size = Console.size
                try LiveBlock.standard.draw(
                    view.lines(columns: size.columns, isUnicode: Console.isUnicode)
                )
            } else {
                try Console.say(view.line)
            }
            try await Surroundings.real.sleep(interval)
        }
        try LiveBlock.standard.erase()
    }

    private func view(_ status: CrawlStatus, _ speed: Speed, _ waits: HostWaits) -> ProgressView {
        ProgressView(
            tally: status.tally,
            speed: speed,
            lastSaved: nil,
            waits: waits.lines,
            troubles: status.failures.reversed().map {
                ProgressView.Trouble(
                    errorClass: $0.errorClass.rawValue,
                    address: $0.address,
                    message: $0.message
                )
            }
        )
    }
}
