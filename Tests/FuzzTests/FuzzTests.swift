import Foundation
import FuzzTargets
import TestSupport
import Testing

/// The kept corpus, and a few changes of each input; the long run is `make fuzz`.
struct FuzzTests {
    private func corpus(of target: FuzzTarget) throws -> [[UInt8]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Corpus/\(target.rawValue)")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .map { try Array(Data(contentsOf: folder.appending(path: $0))) }
    }

    @Test(arguments: FuzzTarget.allCases)
    func `what must hold holds of the corpus and of changes to it`(target: FuzzTarget) throws {
        let inputs = try corpus(of: target)
        #expect(!inputs.isEmpty)
        var generator = SeededGenerator(for: "fuzz \(target.rawValue)")
        for input in inputs {
            try target.check(input)
            for _ in 0..<20 {
                try target.check(changed(input, inputs, using: &generator))
            }
        }
        try target.check([])
    }

    /// A copy with bytes changed, taken away, doubled, or joined to another input.
    private func changed(
        _ input: [UInt8],
        _ others: [[UInt8]],
        using generator: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = input
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let start = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, start + Int.random(in: 0...8, using: &generator))
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes.removeSubrange(start..<end)
            case 1: bytes.insert(contentsOf: bytes[start..<end], at: start)
            case 2: bytes.insert(.random(in: 0...255, using: &generator), at: start)
            case 3: bytes.insert(contentsOf: HostileText.next(using: &generator).utf8, at: start)
            default:
                let other = others.randomElement(using: &generator) ?? []
                bytes = Array(bytes[..<start] + other.suffix(other.count / 2))
            }
        }
        return bytes
    }
}
