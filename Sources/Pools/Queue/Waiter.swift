/// Someone who waits in a line for their turn: a thread that sleeps, or a task that is suspended.
enum Waiter<Outcome: Sendable> {
    case thread(Monitor<Outcome?>)
    case task(Ticket, CheckedContinuation<Outcome, Never>)

    /// Gives the outcome; once only, by whoever took the waiter out of its line.
    func wake(_ outcome: Outcome) {
        switch self {
        case .thread(let parked):
            parked.withLock { $0 = outcome }
            parked.signal()
        case .task(_, let continuation):
            continuation.resume(returning: outcome)
        }
    }

    /// Whether it is the task that holds this ticket.
    func has(_ ticket: Ticket) -> Bool {
        if case .task(let held, _) = self { held === ticket } else { false }
    }
}

/// Tells one waiting task from another.
final class Ticket: Sendable {}
