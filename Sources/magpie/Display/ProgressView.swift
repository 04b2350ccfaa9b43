import CrawlModel
import Storage

/// How a crawl gets on, as a terminal and a pipe show it.
struct ProgressView {
    /// A failure to be shown.
    struct Trouble {
        let errorClass: String
        let address: String
        let message: String
    }

    let tally: Tally
    let speed: Speed
    /// The picture that was saved last, if it is known.
    let lastSaved: String?
    /// Hosts that wait and why, a line each.
    let waits: [String]
    /// What failed, the newest last.
    let troubles: [Trouble]

    private static let troublesShown = 3
    private static let barMin = 10
    private static let barMax = 50

    /// The view for a terminal of so many columns.
    func lines(columns: Int, isUnicode: Bool) -> [LiveLine] {
        let texts = [TaskKind.page, .image].map { counts($0) }
        let facts = texts.map { Columns.width(of: $0) }.max() ?? 0
        // Label, two brackets, a blank on either side of the facts, and the column that stays free.
        let room = columns - 8 - 3 - max(facts, columns >= 100 ? 60 : 0) - 1
        let bar = min(Self.barMax, room)
        var lines = zip([TaskKind.page, .image], texts).map { kind, text in
            var line = LiveLine(kind == .page ? "pages   " : "images  ", .faint)
            if bar >= Self.barMin { add(bar, kind, isUnicode, to: &line) }
            line.add(text)
            return line
        }
        lines.append(LiveLine("        " + pace))
        if let lastSaved { lines.append(LiveLine("saved   \(Plain.text(lastSaved))", .faint)) }
        for (index, wait) in waits.enumerated() {
            lines.append(LiveLine((index == 0 ? "waits   " : "        ") + wait, .wait))
        }
        for trouble in troubles.suffix(Self.troublesShown) {
            var line = LiveLine(
                trouble.errorClass
                    + String(repeating: " ", count: max(1, 8 - trouble.errorClass.count)),
                .bad
            )
            line.add("\(Plain.text(trouble.address)): \(Plain.text(trouble.message))")
            lines.append(line)
        }
        return lines
    }

    /// The view in one line, for a pipe.
    var line: String {
        var parts = ["pages \(counts(.page))", "images \(counts(.image))", pace]
        if let wait = waits.first { parts.append("waits: \(wait)") }
        if let trouble = troubles.last {
            parts.append("\(trouble.errorClass): \(Plain.text(trouble.message))")
        }
        return parts.joined(separator: " · ")
    }

    private func add(_ width: Int, _ kind: TaskKind, _ isUnicode: Bool, to line: inout LiveLine) {
        let all = total(kind)
        let filled = all == 0 ? 0 : over(kind) * width / all
        line.add("[")
        line.add(String(repeating: isUnicode ? "█" : "#", count: filled), .good)
        line.add(String(repeating: isUnicode ? "─" : "-", count: width - filled), .faint)
        line.add("] ")
    }

    private func total(_ kind: TaskKind) -> Int {
        TaskState.allCases.reduce(0) { $0 + tally.tasks(kind, $1) }
    }

    private func over(_ kind: TaskKind) -> Int {
        total(kind) - tally.tasks(kind, .ready) - tally.tasks(kind, .running)
    }

    private func counts(_ kind: TaskKind) -> String {
        let all = total(kind)
        var text = "\(over(kind))/\(all)"
        if all > 0 { text += " \(over(kind) * 100 / all)%" }
        let failed = tally.tasks(kind, .failed)
        let skipped = tally.tasks(kind, .skipped)
        if failed > 0 { text += ", \(failed) failed" }
        if skipped > 0 { text += ", \(skipped) skipped" }
        return text
    }

    /// Speed, bytes, and the time that what is queued will take.
    private var pace: String {
        let rate = speed.pictures
        var parts = [
            "\(rate < 9.95 ? String(tenths(rate)) : String(Int(rate.rounded())))/s",
            Plain.bytes(Int(speed.bytes)) + "/s", Plain.bytes(tally.bytes(.image)),
        ]
        let waiting = tally.tasks(.image, .ready) + tally.tasks(.image, .running)
        if waiting > 0, rate > 0 {
            let left = Plain.duration(.seconds((Double(waiting) / rate).rounded(.up)))
            let morePages = tally.tasks(.page, .ready) + tally.tasks(.page, .running) > 0
            parts.append(morePages ? "\(left) queued" : "\(left) left")
        }
        let again = tally.tasks(.refresh, .ready) + tally.tasks(.refresh, .running)
        if again > 0 { parts.append("\(again) to ask again") }
        return parts.joined(separator: " · ")
    }

    private func tenths(_ number: Double) -> Double { (number * 10).rounded() / 10 }
}
