/// Text from a server or a library, fit to stand in a message.
enum PlainText {
    /// Messages need no more than this many characters.
    private static let lengthMax = 300

    /// The text without control and formatting characters, cut to a sentence's length.
    ///
    /// Left out are what could steer a terminal (C0, C1, DEL) and what could turn the reading order round
    /// (Unicode category Cf).
    static func of(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(lengthMax) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: kept.append(" ")
            default: kept.append(scalar)
            }
        }
        return String(kept)
    }
}
