import CrawlModel
import Extraction
import Foundation

/// Measures how many pages a second one thread reads: `extraction-bench PAGE`, a file of the benchmark's gallery.
///
/// Prints one line for each kind of selector: its name, a tab, pages a second of processor time, a tab, the
/// items found. Time of the processor and not of the clock, so that other work on the machine matters less.
/// `Benchmarks/extraction/compare.py` puts them beside parsel's.
@main
struct ExtractionBench {
    private static let kinds = [
        (
            "css",
            """
            each: "a.col-xs-6.col-sm-3"
              image: "img::attr(data-original)"
              name: "p[style='display: none']::text"
            """
        ),
        (
            "xpath",
            """
            xpath: "//a[contains(concat(' ', @class, ' '), ' col-sm-3 ')]"
              image: "img/@data-original"
              name: "p[@style='display: none']/text()"
            """
        ),
        (
            "regex",
            #"""
            regex: 'data-original="(?<image>.*?)".*?<p style="display: none">(?<name>.*?)</p>'
            """#
        ),
    ]
    private static let span = clock_t(CLOCKS_PER_SEC)

    static func main() throws {
        guard CommandLine.arguments.count == 2 else {
            print("usage: extraction-bench PAGE")
            exit(64)
        }
        let page = [UInt8](try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1])))
        let address = try WebAddress("http://127.0.0.1:8080/photo/list/?page=2")
        for (kind, item) in kinds {
            let recipe = "name: bench\npages: \"\(address)\"\nitem:\n  \(item)\n"
            let extractor = try Extractor(recipe: RecipeReader.read(recipe, file: "\(kind).yaml"))
            var items = 0
            func read() throws {
                items = try extractor.read(page, contentType: "text/html", address: address)
                    .discoveries.count
            }
            try read()
            let start = clock()
            var pages = 0
            while clock() - start < span {
                try read()
                pages += 1
            }
            let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
            print("\(kind)\t\(Double(pages) / seconds)\t\(items)")
        }
    }
}
