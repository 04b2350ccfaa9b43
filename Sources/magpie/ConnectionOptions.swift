import ArgumentParser

/// The options that say as whom hosts are asked: files only, since everybody may read a command line.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Begin with the cookies of this file, in Netscape's form.",
            valueName: "file"
        )
    )
    var cookies: String?

    @Option(
        help: ArgumentHelp(
            "Take users and passwords of hosts from this file, such as ~/.netrc.",
            valueName: "file"
        )
    )
    var netrc: String?

    /// The options as they were given, to be given again.
    var words: String {
        let given = [("--cookies", cookies), ("--netrc", netrc)]
        return given.map { name, value in value.map { " \(name) \(Plain.word($0))" } ?? "" }
            .joined()
    }
}
