import CPools

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The life of a worker process: greet, then do one call after the other until the pool says that is all,
/// or is gone.
struct Worker {
    private typealias Function = (inout WireReader, _ count: Int) -> WireWriter

    private var names: [String] = []
    private var functions: [Function] = []

    /// Whether this process was started to be a worker, and has not begun to be one.
    static var isAsked: Bool { getenv(pools_worker_variable) != nil }

    mutating func add<Argument, Output>(_ function: WorkFunction<Argument, Output>) {
        precondition(
            !names.contains(function.name),
            "two functions of a worker have the name \(function.name)"
        )
        names.append(function.name)
        functions.append { WorkerAnswer.answer(function, &$0, count: $1) }
    }

    func run() -> Never {
        // Programs that this process starts are no workers, and do not keep its socket open.
        unsetenv(pools_worker_variable)
        let descriptor = Int32(pools_worker_socket)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        pools_name_this_thread("pool-worker")
        let socket = FrameSocket(descriptor)
        endWithParent(descriptor)
        let greeting = WireWriter(reserved: FrameSocket.headerSize)
        do {
            try WireEncoder.write(names, to: greeting)
        } catch {
            fatalError("strings can always be written: \(error)")
        }
        guard socket.send(greeting) else { _exit(EXIT_FAILURE) }
        while case .message(let message) = socket.receive() {
            if message.isEmpty { exit(EXIT_SUCCESS) }
            let answer = answer(message)
            // What a call has printed is out when the call is over, even if the next one is the last.
            fflush(nil)
            guard socket.send(answer) else { break }
        }
        _exit(EXIT_FAILURE)
    }

    private func answer(_ message: [UInt8]) -> WireWriter {
        var reader = WireReader(message[...])
        guard let number = try? reader.raw(UInt32.self),
            let count = try? reader.raw(UInt32.self),
            functions.indices.contains(Int(number))
        else { fatalError("the pool sent what is no call") }
        return functions[Int(number)](&reader, Int(count))
    }

    /// Ends the process when the parent ends, however that comes: the system then closes the parent's end of
    /// the socket.
    ///
    /// Linux's PR_SET_PDEATHSIG is not used: it follows the thread that started the process, not the process
    /// that the thread is in, and the signal is lost if the parent dies before it is set.
    private func endWithParent(_ descriptor: Int32) {
        do {
            try PoolThread.start("pool-lifeline") {
                pools_await_hangup(descriptor)
                _exit(EXIT_FAILURE)
            }
        } catch {
            fatalError("\(error)")
        }
    }
}
