import Crawling
import Decoding

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Whether a picture has broken this process for the next one; a worker does one thing at a time.
nonisolated(unsafe) var isPoisoned = false

// A decoder whose pictures say what happens to it.
DecoderPool.runWorkerIfAsked { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    func has(_ word: String) -> Bool { text.hasPrefix(word) }
    if has("crash") || has("victim") && isPoisoned { abort() }
    if has("exit") { _exit(3) }
    if has("hang") { while true { pause() } }
    if has("poison") { isPoisoned = true }
    if has("hungry") {
        // More than the limit, and than this machine may have: it is not touched.
        let memory = malloc(3 << 30)
        defer { free(memory) }
        return memory == nil ? .undecodable("it wants too much") : .decoded
    }
    if has("broken") { return .undecodable("it says so") }
    return has("strange") ? .notRead : .decoded
}
