package import CrawlModel
import Synchronization

/// Finds the pictures and following pages on pages of a site, as its recipe describes them.
///
/// It may be used by many threads at once.
package final class Extractor: Sendable {
    private let plan: SelectorPlan
    private let processorTime: @Sendable () -> Duration
    // A reader is never used by two threads at once, and there are as many as threads needed at once.
    private let idle = Mutex<[PageReader]>([])

    /// Compiles every selector of a recipe.
    ///
    /// - Parameters:
    ///   - recipe: A checked recipe.
    ///   - processorTime: Tells how much time the calling thread has used; a page may take 10 s.
    /// - Throws: `SelectorError` for the first selector that can't be used.
    package init(
        recipe: Recipe,
        processorTime: @escaping @Sendable () -> Duration = threadProcessorTime
    ) throws(SelectorError) {
        plan = try SelectorPlan(recipe)
        self.processorTime = processorTime
    }

    /// Why the recipe's filters leave a picture out, for one that was found before they were as they are.
    ///
    /// - Returns: `nil` if they do not.
    /// - Throws: `ExtractionError` if a pattern is too much work on one of its texts.
    package func refusal(of discovery: Discovery) throws(ExtractionError) -> String? {
        let reader = idle.withLock { $0.popLast() } ?? PageReader(plan)
        defer { idle.withLock { $0.append(reader) } }
        return try reader.refusal(of: discovery, plan.details?.filters ?? [])
    }

    /// Reads one page; pure work for a processor, some hundred microseconds for a page of 50 KB.
    ///
    /// Addresses are resolved against the page's `<base>` and its own address, entities are decoded,
    /// and equal items are kept, in the order of the page.
    ///
    /// - Parameters:
    ///   - body: The page as received, after decompression, in any encoding.
    ///   - contentType: The `Content-Type` header as sent, for its `charset`.
    ///   - address: Where the page came from, after redirects.
    ///   - place: Where it stands among the levels of the recipe.
    /// - Returns: What was found; an empty page or one of another kind gives nothing and is no error.
    /// - Throws: `ExtractionError` if the page was made to be hard to read, or a selector is too much
    ///   work on it. No page takes much longer than 10 s of processor time.
    package func read(
        _ body: [UInt8],
        contentType: String?,
        address: WebAddress,
        place: PagePlace = .start
    ) throws(ExtractionError) -> PageReading {
        let reader = idle.withLock { $0.popLast() } ?? PageReader(plan)
        defer { idle.withLock { $0.append(reader) } }
        return try reader.read(
            body,
            contentType: contentType,
            address: address,
            place: place,
            limit: TimeLimit(processorTime)
        )
    }
}
