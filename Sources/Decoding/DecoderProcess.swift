import CDecoder

/// What a process does that decodes pictures of strangers: it bounds itself.
package enum DecoderProcess {
    /// Makes a crash cost nothing but the process: no core file, no words on the terminal.
    package static func prepare() { decoder_prepare_process() }

    /// Does work within bounds; the process ends by SIGALRM if it takes longer.
    ///
    /// - Parameters:
    ///   - bytes: How much memory the process may have from here on; what is beyond is refused to it.
    ///   - seconds: How long the work may take.
    ///   - work: What to do.
    /// - Returns: What the work returns.
    package static func bounded<Value>(
        bytes: UInt64,
        seconds: UInt32,
        _ work: () throws -> Value
    ) rethrows -> Value {
        decoder_arm(bytes, seconds)
        defer { decoder_disarm() }
        return try work()
    }
}
