import Crawling
import Dispatch
import Foundation

/// Turns signals into stop requests: the first one asks to stop soon, the second to stop now.
struct SignalWatch {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: StopRequest) {
        let queue = DispatchQueue(label: "magpie.signals")
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
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
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
    }
}
