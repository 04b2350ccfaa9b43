import CrawlModel
import Extraction
import Foundation
import Storage

/// A recipe that was read and compiled: it can be crawled with.
struct CompiledRecipe {
    let recipe: Recipe
    let extractor: Extractor
    let stored: StoredRecipe

    /// Reads a recipe's file.
    ///
    /// - Throws: `FileProblem`, `RecipeError` or `SelectorProblem`; nothing was made on disk.
    init(file: String) throws {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: file, isDirectory: &isFolder)
        guard !isFolder.boolValue else {
            throw FileProblem(
                description:
                    "'\(file)' is a folder: give a recipe's file; with a crawl folder 'magpie "
                    + "resume \(file)' goes on"
            )
        }
        guard let content = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw FileProblem(
                description: "'\(file)' can't be read: give a recipe's file, or make one with "
                    + "'magpie init NAME'"
            )
        }
        try self.init(StoredRecipe(file: file, content: content))
    }

    /// Compiles a recipe's text.
    ///
    /// - Throws: `RecipeError` or `SelectorProblem`.
    init(_ stored: StoredRecipe) throws {
        self.stored = stored
        recipe = try RecipeReader.read(stored.content, file: stored.file)
        do {
            extractor = try Extractor(recipe: recipe)
        } catch {
            throw SelectorProblem(file: stored.file, error: error)
        }
    }

    /// A file that the recipe names: beside the recipe, unless its path is a whole one or in the user's home.
    func path(of file: String) -> String {
        if file.hasPrefix("~/") { return NSString(string: file).expandingTildeInPath }
        guard !file.hasPrefix("/") else { return file }
        let folder = URL(fileURLWithPath: stored.file).deletingLastPathComponent()
        return folder.appendingPathComponent(file).path
    }
}
