/// Programs that are run for what a crawl saves: each a list of arguments, never a line for a shell.
package struct Hooks: Equatable, Sendable {
    /// Run for each picture that was saved; its first word is the program.
    package var onImage: [String]?
    /// Run at the end of a crawl.
    package var onEnd: [String]?
    /// How many run at once, 1 to 64.
    package var atOnce = 2
    /// After this one is killed.
    package var timeLimit = Duration.seconds(600)

    /// No hooks.
    package init() {}

    /// Whether there is none.
    package var isEmpty: Bool { onImage == nil && onEnd == nil }
}
