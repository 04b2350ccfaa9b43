import Crawling
import Dispatch
import Foundation

/// Turns signals into stop requests: the first one asks to stop soon, the second to stop now.
///
/// A signal that is ignored when the process starts stays so: that is how `nohup` keeps a crawl going.
struct SignalWatch {
    private let numbers: [Int32]
    private let sources: [any DispatchSourceSignal]

    init(_ stop: StopRequest) {
        let queue = DispatchQueue(label: "magpie.signals")
        numbers = [SIGINT, SIGTERM, SIGHUP].filter { !Self.isIgnored($0) }
        sources = numbers.map { number in
            // The default action would end the process before the source hears of it.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                stop.escalate()
                guard stop.urgency == .soon else { return }
                Console.complain("stopping: what is in flight is finished; once more stops at once")
            }
            source.resume()
            return source
        }
    }

    /// Gives the signals their default actions back.
    func end() {
        for source in sources { source.cancel() }
        for number in numbers { signal(number, SIG_DFL) }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        let before = signal(number, SIG_IGN)
        signal(number, before)
        return unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
