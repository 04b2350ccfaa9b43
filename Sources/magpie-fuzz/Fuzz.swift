import FuzzTargets
import Foundation

#if FUZZING
/// The part that is fuzzed, by the variable `FUZZ_TARGET`.
private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        fatalError("FUZZ_TARGET must be one of \(FuzzTarget.allCases.map(\.rawValue))")
    }
    return target
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.check(Array(UnsafeBufferPointer(start: data, count: count)))
    } catch {
        fatalError("\(error)")
    }
    return 0
}
#else
/// Runs inputs that were kept once more: `magpie-fuzz page FILE…`.
@main
enum Fuzz {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let target = arguments.first.flatMap(FuzzTarget.init(rawValue:)) else {
            print(
                "usage: magpie-fuzz \(FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")) FILE…"
            )
            exit(64)
        }
        for file in arguments.dropFirst() {
            print(file)
            try target.check(Array(Data(contentsOf: URL(filePath: file))))
        }
    }
}
#endif
