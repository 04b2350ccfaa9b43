import Yams

/// Reads a recipe's YAML and checks everything that can be checked without compiling selectors.
package struct RecipeReader {
    private let file: String

    /// Reads a recipe.
    ///
    /// - Parameters:
    ///   - text: The YAML.
    ///   - file: The name that messages give it.
    /// - Returns: The recipe, with what is not written set to its default.
    /// - Throws: `RecipeError` with file, line and cure, for the first thing that is wrong.
    package static func read(_ text: String, file: String) throws(RecipeError) -> Recipe {
        let reader = RecipeReader(file: file)
        let root: Node?
        do {
            // Every scalar is read as text; looking for dates and numbers would begin with loading ICU.
            root = try compose(yaml: text, .basic)
        } catch {
            throw reader.notYAML(error)
        }
        guard let root else {
            throw RecipeError(
                file: file,
                line: nil,
                problem: RecipeProblem("the recipe is empty", cure: "start with 'magpie init NAME'")
            )
        }
        return try reader.recipe(RecipeMapping(root, key: nil, file: file))
    }

    private func notYAML(_ error: any Error) -> RecipeError {
        var line: Int?
        var what = "\(error)"
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (line, what) = (mark.line, problem)
        case .duplicatedKeysInMapping(_, let context):
            (line, what) = (context.mark.line, "a key stands twice")
        default: break
        }
        return RecipeError(
            file: file,
            line: line,
            problem: RecipeProblem(
                "this is no YAML: \(what)",
                cure: "quote values that hold ':', '#', '{' or quotes"
            )
        )
    }

    private func recipe(_ top: RecipeMapping) throws(RecipeError) -> Recipe {
        try top.allow([
            "name", "pages", "follow", "max_pages", "next", "item", "path", "on_conflict",
            "duplicates", "on_change", "keep_pages", "workers", "headers", "connection", "timeout",
            "limits", "politeness", "robots", "retries", "hooks",
        ])
        let starts = try starts(
            top.required("pages", cure: "give the address of the first listing page")
        )
        let follow = try follow(top.value("follow"))
        let item = try item(
            top.required("item", cure: "say what an item on a page looks like")
        )
        let headers = try headers(top.value("headers"))
        return Recipe(
            name: try top.value("name")?.text() ?? "",
            pages: starts.pages,
            sitemaps: starts.sitemaps,
            pageFiles: starts.files,
            follow: follow,
            pagesMax: try top.value("max_pages")?.number(in: 1...100_000_000),
            next: try next(top.value("next"), of: follow.isEmpty ? starts.pages : []),
            item: item,
            path: try path(
                top,
                fields: fieldNames(of: item).union(follow.flatMap { $0.fields.map(\.name) })
            ),
            onConflict: try top.value("on_conflict")?.word(ConflictRule.self) ?? .skip,
            duplicates: try top.value("duplicates")?.word(DuplicateRule.self) ?? .keep,
            onChange: try top.value("on_change")?.word(ChangeRule.self) ?? .keep,
            keepsPages: try top.value("keep_pages")?.flag() ?? false,
            workers: try workers(top.value("workers")),
            headers: headers.open,
            secretHeaders: headers.secret,
            connection: try connection(top.value("connection")),
            timeouts: try timeouts(top.value("timeout")),
            limits: try limits(top.value("limits")),
            politeness: try politeness(top.value("politeness"), robots: top.value("robots")),
            retries: try retries(top.value("retries")),
            hooks: try hooks(top.value("hooks"))
        )
    }

    private func path(
        _ top: RecipeMapping,
        fields: Set<String>
    ) throws(RecipeError) -> PathTemplate {
        let read = { (text: String) throws(RecipeProblem) in
            try PathTemplate(text, fields: fields)
        }
        guard let value = try top.value("path") else {
            return try top.checked("{name}{extension}", read)
        }
        return try value.checked(read)
    }

    private func workers(_ value: RecipeValue?) throws(RecipeError) -> Workers {
        guard let mapping = try value?.mapping() else { return Workers() }
        try mapping.allow(["pages", "images"])
        let standard = Workers()
        return Workers(
            pages: try mapping.value("pages")?.number(in: 1...64) ?? standard.pages,
            images: try mapping.value("images")?.number(in: 1...512) ?? standard.images
        )
    }

    private func timeouts(_ value: RecipeValue?) throws(RecipeError) -> Timeouts {
        guard let value else { return Timeouts() }
        if value.isScalar {
            let wait = try value.duration()
            return Timeouts(connect: wait, idle: wait)
        }
        let mapping = try value.mapping()
        try mapping.allow(["connect", "idle", "total"])
        let standard = Timeouts()
        return Timeouts(
            connect: try mapping.value("connect")?.duration() ?? standard.connect,
            idle: try mapping.value("idle")?.duration() ?? standard.idle,
            total: try mapping.value("total")?.duration() ?? standard.total
        )
    }

    private func limits(_ value: RecipeValue?) throws(RecipeError) -> SizeLimits {
        guard let mapping = try value?.mapping() else { return SizeLimits() }
        try mapping.allow(["image", "page"])
        let standard = SizeLimits()
        return SizeLimits(
            image: try mapping.value("image")?.byteCount() ?? standard.image,
            page: try mapping.value("page")?.byteCount() ?? standard.page
        )
    }
}
