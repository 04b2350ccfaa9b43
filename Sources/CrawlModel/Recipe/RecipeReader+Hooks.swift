extension RecipeReader {
    func hooks(_ value: RecipeValue?) throws(RecipeError) -> Hooks {
        var hooks = Hooks()
        guard let mapping = try value?.mapping() else { return hooks }
        try mapping.allow(["on_image", "on_end", "at_once", "timeout"])
        if let value = try mapping.value("on_image") { hooks.onImage = try command(value) }
        if let value = try mapping.value("on_end") { hooks.onEnd = try command(value) }
        hooks.atOnce = try mapping.value("at_once")?.number(in: 1...64) ?? hooks.atOnce
        hooks.timeLimit = try mapping.value("timeout")?.duration() ?? hooks.timeLimit
        return hooks
    }

    private func command(_ value: RecipeValue) throws(RecipeError) -> [String] {
        var words: [String] = []
        if !value.isScalar {
            for entry in value.list { words.append(try entry.text()) }
        }
        guard words.first?.isEmpty == false, !words.contains(where: { $0.utf8.contains(0) }) else {
            throw value.error(
                "a hook is a list: the program and its arguments",
                cure: "write [\"notify-send\", \"saved\"]; for a shell, [\"sh\", \"-c\", \"…\"]"
            )
        }
        return words
    }
}
