import CrawlModel
import Foundation
import Testing

/// docs/RETRIES.md has the defaults of the code.
struct RetryDocumentTests {
    @Test func `the table of retries is that of the code`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("docs/RETRIES.md")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let classes = Set(ErrorClass.allCases.map(\.rawValue))
        let rows = lines.filter { line in
            line.hasPrefix("| ")
                && classes.contains(String(line.dropFirst(2).prefix { $0 != " " }))
        }
        let expected = RetryPolicy.changeable.map { errorClass in
            let rule = RetryPolicy.standard[errorClass]
            func word(_ flag: Bool) -> String { flag ? "yes" : "no" }
            func seconds(_ wait: Duration) -> String { "\(wait.components.seconds)s" }
            return "| \(errorClass.rawValue) | \(rule.tries) | \(seconds(rule.base)) "
                + "| \(Int(rule.factor)) | \(seconds(rule.cap)) | \(rule.jitter) "
                + "| \(word(rule.slowsHost)) | \(word(rule.countsAgainstTask)) |"
        }
        #expect(Set(rows.map(String.init)) == Set(expected))
        #expect(rows.count == expected.count)
    }
}
