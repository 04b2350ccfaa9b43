import Foundation
import TestSupport
import Testing

@testable import Pools

/// Holds threads until it is opened, and tells how many have come to it.
final class Gate: Sendable {
    private let state = Monitor((isOpen: false, arrivals: 0))

    /// Waits until the gate is open.
    func pass() {
        state.withLock { $0.arrivals += 1 }
        state.broadcast()
        state.wait { $0.isOpen ? () : nil }
    }

    /// Waits until so many threads have come to the gate.
    func awaitArrivals(_ count: Int) { state.wait { $0.arrivals >= count ? () : nil } }

    func open() {
        state.withLock { $0.isOpen = true }
        state.broadcast()
    }
}

/// What threads note, in the order in which they do.
final class Notes<Element: Sendable>: Sendable {
    private let state = Monitor<[Element]>([])

    var all: [Element] { state.withLock { $0 } }

    func add(_ element: Element) { state.withLock { $0.append(element) } }
}

/// Looks again and again, with a deadline, at something that happens outside of the test's reach.
func eventually(_ what: Comment, _ holds: () throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try !holds() {
        try #require(ContinuousClock.now < deadline, what)
        try await Task.sleep(for: .milliseconds(1))
    }
}

enum TestWorkers {
    static let executable = BuiltBinary.path(of: "pools-test-worker")

    static func pool(_ workers: Int = 2, maxTasks: Int? = nil) throws -> ProcessPool {
        try ProcessPool(workers: workers, executable: executable, maxTasksPerWorker: maxTasks)
    }

    /// The test worker by another name, which tells its processes from those of other tests.
    static func link(_ name: String, in folder: TemporaryFolder) throws -> String {
        try FileManager.default.createSymbolicLink(
            atPath: folder.path(name),
            withDestinationPath: executable
        )
        return folder.path(name)
    }

    /// Whether there is a process of this number that has not ended, be it unburied.
    static func isAlive(_ pid: Int32) -> Bool {
        let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        // The state follows the name, which is in brackets.
        guard let state = status?.split(separator: ")").last?.first(where: { $0 != " " }) else {
            return false
        }
        return state != "Z" && state != "X"
    }

    /// The child processes of a process, the unburied among them.
    static func children(of parent: Int32 = getpid()) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int32.init).filter { pid in
            let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
            let fields = status?.split(separator: ")").last?.split(separator: " ") ?? []
            return fields.count > 1 && Int32(fields[1]) == parent
        }
    }
}
