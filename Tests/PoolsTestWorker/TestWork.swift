package import Pools

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What the tests have worker processes do.
package enum TestWork {
    package static let double = WorkFunction("double") { (number: Int) in 2 * number }

    /// The square of a number, after a little work that depends on it.
    package static let square = WorkFunction("square") { (number: Int) in
        var sum = 0
        for step in 0..<(number % 7) * 50_000 { sum &+= step }
        return sum < 0 ? sum : number * number
    }

    /// Throws for negative numbers.
    package static let root = WorkFunction("root") { (number: Int) throws in
        guard number >= 0 else { throw TestFailure(number: number) }
        return Int(Double(number).squareRoot())
    }

    package static let echo = WorkFunction("echo") { (bytes: [UInt8]) in bytes }

    /// As many bytes as it is told.
    package static let bytes = WorkFunction("bytes") { (count: Int) in
        [UInt8](repeating: 7, count: count)
    }

    package static let processNumber = WorkFunction("processNumber") { (_: Int) -> Int32 in getpid()
    }

    /// Ends the worker by a signal.
    package static let signal = WorkFunction("signal") { (number: Int32) -> Int32 in
        // What Swift does to show where a program crashed is not wanted here.
        resetSignal(number)
        raise(number)
        while true { pause() }
    }

    package static let exit = WorkFunction("exit") { (code: Int32) -> Int32 in _exit(code) }

    /// Creates a file and never returns.
    package static let hang = WorkFunction("hang") { (path: String) -> Int in
        create(path)
        while true { pause() }
    }

    /// Says something on standard error, without an end of line.
    package static let complain = WorkFunction("complain") { (text: String) in
        write(2, text, text.utf8.count) == text.utf8.count
    }

    /// The numbers of the open descriptors.
    package static let descriptors = WorkFunction("descriptors") { (_: Int) in
        (0..<Int32(256)).filter { fcntl($0, F_GETFD) >= 0 }
    }

    /// Whether standard input is at its end.
    package static let readsNothing = WorkFunction("readsNothing") { (_: Int) in
        getchar() == EOF
    }

    /// The signals that are blocked or ignored.
    package static let quietSignals = WorkFunction("quietSignals") { (_: Int) in
        var mask = sigset_t()
        pthread_sigmask(SIG_SETMASK, nil, &mask)
        return (1..<Int32(32)).filter { number in
            var action = sigaction()
            sigaction(number, nil, &action)
            #if canImport(Glibc)
            let handler = action.__sigaction_handler.sa_handler
            #else
            let handler = action.__sigaction_u.__sa_handler
            #endif
            return sigismember(&mask, number) == 1
                || unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        }
    }

    private static func create(_ path: String) { close(open(path, O_CREAT | O_WRONLY, 0o600)) }
}

/// What `TestWork.root` throws.
package struct TestFailure: Error {
    package let number: Int
}

private func resetSignal(_ number: Int32) { signal(number, SIG_DFL) }
