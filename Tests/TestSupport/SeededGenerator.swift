import Foundation

/// Chance that can be had again: SplitMix64 from a seed, taken from `SEED` or drawn and printed.
package struct SeededGenerator: RandomNumberGenerator {
    /// What it was started with.
    package let seed: UInt64
    private var state: UInt64

    /// A generator that prints its seed, so that a failure can be run again with `SEED=…`.
    package init(for test: String) {
        let given = ProcessInfo.processInfo.environment["SEED"].flatMap(UInt64.init)
        self.init(seed: given ?? .random(in: 0...UInt64(UInt32.max)))
        print("\(test): SEED=\(seed)")
    }

    /// A generator with a seed of its own.
    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
