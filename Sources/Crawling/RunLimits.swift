/// How much one run does at most.
package struct RunLimits: Equatable, Sendable {
    /// What a run came up against; the word is the same in JSON and, with dashes, in help.
    package enum Kind: String, Sendable {
        case images = "max_images"
        case bytes = "max_bytes"
        case time = "max_time"
    }

    /// How many pictures it saves at most; never one more.
    package var images: Int?
    /// After so many bytes of pictures it claims nothing more; what is in flight then comes on top.
    package var bytes: Int?
    /// After this time it claims nothing more.
    package var time: Duration?
    /// Bytes that stay free on the disk; 0 for no care, `nil` for the default.
    package var freeBytes: Int?

    /// No limits but the default of free bytes, unless said otherwise.
    package init(
        images: Int? = nil,
        bytes: Int? = nil,
        time: Duration? = nil,
        freeBytes: Int? = nil
    ) {
        self.images = images
        self.bytes = bytes
        self.time = time
        self.freeBytes = freeBytes
    }

    /// How long what is in flight may take to finish after a limit is reached; then it is given up.
    static let grace = Duration.seconds(30)
}
