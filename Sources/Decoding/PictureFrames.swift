/// What libgd does not look at: frames behind the first.
enum PictureFrames {
    /// Whether a WebP is an animation, which libgd does not read (WebP container specification, VP8X flags).
    static func isAnimatedWebP(_ bytes: [UInt8]) -> Bool {
        bytes.count > 20 && bytes[8..<16].elementsEqual("WEBPVP8X".utf8) && bytes[20] & 0b10 != 0
    }

    /// Whether a GIF's blocks lead to its trailer (GIF89a, sections 17 to 27).
    ///
    /// libgd takes one that breaks off for whole, and paints what is missing in the background's colour.
    static func hasGIFEnd(_ bytes: [UInt8]) -> Bool {
        var place = 13
        /// Steps over a colour table that a byte of flags announces.
        func skipColours(_ flags: UInt8) {
            if flags & 0x80 != 0 { place += 3 << (Int(flags & 7) + 1) }
        }
        func skipData() {
            while place < bytes.count, bytes[place] != 0 { place += Int(bytes[place]) + 1 }
            place += 1
        }
        guard bytes.count > place else { return false }
        skipColours(bytes[10])
        while place < bytes.count {
            switch bytes[place] {
            case 0x3B: return true
            // An extension: its label, then its data.
            case 0x21:
                place += 2
                skipData()
            // A frame: place, size and flags, colours, the code size, its data.
            case 0x2C:
                guard place + 9 < bytes.count else { return false }
                let flags = bytes[place + 9]
                place += 10
                skipColours(flags)
                place += 1
                skipData()
            default: return false
            }
        }
        return false
    }
}
