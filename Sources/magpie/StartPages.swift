import CrawlModel
import Foundation
import Storage

/// The pages that a recipe starts from, put into the table.
struct StartPages {
    private let recipe: Recipe
    private let compiled: CompiledRecipe

    init(_ compiled: CompiledRecipe) {
        recipe = compiled.recipe
        self.compiled = compiled
    }

    /// Puts them there; known ones are left alone.
    ///
    /// Files are read by `crawl` only: what they named is in the table then.
    ///
    /// - Throws: `FileProblem` for a file that can't be read or a line that is no address; what stood
    ///   before it is stored. `StoreError`.
    func discover(in store: Store, command: String) async throws {
        for template in recipe.pages {
            _ = try await store.discover(startPages: template.prefix(recipe.pagesMax ?? .max))
        }
        for template in recipe.sitemaps {
            _ = try await store.discover(startPages: template, level: PagePlace.sitemap)
        }
        guard command == "crawl" else { return }
        for file in recipe.pageFiles { try await discover(linesOf: file, in: store) }
    }

    private func discover(linesOf file: String, in store: Store) async throws {
        let isInput = file == "-"
        let path = isInput ? "/dev/stdin" : compiled.path(of: file)
        guard let lines = fopen(path, "r") else {
            let reason = String(cString: strerror(errno))
            throw FileProblem(description: "the list of pages '\(file)' can't be read: \(reason)")
        }
        defer { fclose(lines) }
        var batch: [WebAddress] = []
        var number = 0
        var room = recipe.pagesMax ?? .max
        while room > 0, let line = Self.line(of: lines) {
            number += 1
            let text = line.trimmingCharacters(in: .whitespacesAndNewlines)
            if text.isEmpty || text.hasPrefix("#") { continue }
            do {
                batch.append(try WebAddress(text))
            } catch {
                _ = try await store.discover(startPages: batch)
                throw FileProblem(description: "\(file):\(number): \(error)")
            }
            room -= 1
            if batch.count == 10_000 {
                _ = try await store.discover(startPages: batch)
                batch.removeAll(keepingCapacity: true)
            }
        }
        _ = try await store.discover(startPages: batch)
    }

    private static func line(of file: UnsafeMutablePointer<FILE>) -> String? {
        var buffer: UnsafeMutablePointer<CChar>?
        var size = 0
        defer { free(buffer) }
        let count = getline(&buffer, &size, file)
        guard count >= 0, let buffer else { return nil }
        let bytes = UnsafeRawBufferPointer(start: buffer, count: count)
        return String(decoding: bytes, as: UTF8.self)
    }
}
