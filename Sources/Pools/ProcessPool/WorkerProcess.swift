import CPools

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A worker process as its pool sees it.
///
/// `@unchecked Sendable`: the socket and `callsDone` are used by the one thread that has taken the worker
/// out of `WorkerSlots`, whose lock orders one taker after the other; `kill` touches only `pid` and
/// the monitor.
final class WorkerProcess: @unchecked Sendable {
    /// How often, in seconds, a silent worker is looked after.
    private static var patience: Int32 { 1 }

    let pid: pid_t
    /// The number of each function that the worker has.
    private(set) var functions: [String: UInt32] = [:]
    private(set) var callsDone = 0

    private let socket: FrameSocket
    /// False once the system may give `pid` to another process.
    private let isOurs = Monitor(true)

    /// Starts a worker and waits for its greeting.
    ///
    /// - Parameters:
    ///   - executable: Path of a program that begins with `ProcessPool.runWorkerIfAsked`.
    ///   - limit: Seconds that it may take.
    ///   - isWanted: Asked from time to time whether to wait any longer.
    /// - Throws: `StartFailure`; no process is left behind.
    init(
        _ executable: String,
        limit: Int,
        isWanted: () -> Bool
    ) throws(StartFailure) {
        var ends: [Int32] = [-1, -1]
        let error = pools_connect(&ends, Self.patience)
        guard error == 0 else { throw .noProcess(String(cString: strerror(error))) }
        socket = FrameSocket(ends[0])
        var pid: pid_t = 0
        let number = pools_spawn_worker(executable, ends[1], &pid)
        close(ends[1])
        self.pid = pid
        guard number == 0 else { throw .noProcess(String(cString: strerror(number))) }
        var seconds = 0
        let greeting = socket.receive {
            seconds += Int(Self.patience)
            return seconds < limit && isWanted() && !hasEnded
        }
        if case .message(let bytes) = greeting, let names = try? Self.names(bytes) {
            for (number, name) in names.enumerated() { functions[name] = UInt32(number) }
            return
        }
        let isQuiet = if case .quiet = greeting { !hasEnded } else { false }
        let ending = bury()
        throw isQuiet ? .notReady(seconds: limit) : .ended(ending)
    }

    private static func names(_ greeting: [UInt8]) throws -> [String] {
        var reader = WireReader(greeting[...])
        return try WireDecoder.read(from: &reader)
    }

    /// How an exchange ended.
    enum Answer {
        case message([UInt8])
        /// The worker has answered, and been killed for being late.
        case lastWord([UInt8])
        /// The worker ended during the call.
        case died(WorkerEnding)
        /// The worker had ended before it knew of the call.
        case neverBegun(WorkerEnding)
    }

    /// Has the worker do a call.
    ///
    /// Unless it answers, it is dead and buried afterwards.
    func exchange(_ frame: WireWriter) -> Answer {
        guard send(frame) else { return .neverBegun(bury()) }
        return receive()
    }

    /// Sends a call, perhaps before the answer to the one before was received.
    ///
    /// - Returns: Whether the worker was there; if not, `receive` tells what became of it.
    @discardableResult
    func send(_ frame: WireWriter) -> Bool {
        callsDone += 1
        return socket.send(frame)
    }

    /// Receives the answer to the first call that was sent and is not answered.
    ///
    /// Unless it answers, the worker is dead and buried afterwards.
    func receive() -> Answer {
        switch socket.receive(while: { !hasEnded }) {
        case .message(let message): return .message(message)
        case .unread: return .neverBegun(bury())
        case .gone, .quiet: return .died(bury())
        }
    }

    /// Asks the worker to end, without waiting for it.
    func askToEnd() { _ = socket.send(WireWriter(reserved: FrameSocket.headerSize)) }

    /// Waits until a worker that was asked to end has ended; a stubborn one is killed.
    func awaitEnd() {
        var patience = 5
        _ = socket.receive {
            patience -= 1
            return patience > 0 && !hasEnded
        }
        _ = bury()
    }

    /// Ends a worker that is no longer trusted.
    func discard() { _ = bury() }

    /// Kills the process, if it is still there.
    ///
    /// Any thread may call this at any time.
    func kill() {
        isOurs.withLock { if $0 { _ = sendSignal(pid, SIGKILL) } }
    }

    private var hasEnded: Bool { pools_has_ended(pid, 0) != 0 }

    /// Makes sure that the process ends, and takes it off the system's list.
    ///
    /// A process that is ending already keeps its own status: a signal that comes later does not change it.
    private func bury() -> WorkerEnding {
        kill()
        _ = pools_has_ended(pid, 1)
        return isOurs.withLock { isOurs in
            guard isOurs else { return .unknown }
            isOurs = false
            var status: Int32 = 0
            return pools_reap(pid, &status) == 0 ? WorkerEnding(status: status) : .unknown
        }
    }
}

private func sendSignal(_ pid: pid_t, _ number: Int32) -> Int32 { kill(pid, number) }
