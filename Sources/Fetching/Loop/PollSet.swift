import CCurl

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The descriptors that are watched, in the form that `poll` takes.
///
/// `poll` rather than `epoll`: curl forgets and adds a connection's socket with every request, which is two
/// system calls there and none here, and with some dozens of sockets a `poll` costs no more than one.
final class PollSet {
    /// What can be done with a descriptor.
    struct Event {
        let descriptor: Int32
        /// `CURL_CSELECT_IN` and `CURL_CSELECT_OUT`, as curl wants to be told.
        let actions: Int32
    }

    private var entries: [pollfd] = []
    /// Where in `entries` a descriptor stands, by descriptor; -1 for none.
    private var places: [Int] = []

    /// Watches a descriptor, or changes what for: `CURL_POLL_IN`, `CURL_POLL_OUT`, or both.
    func watch(_ descriptor: Int32, for interest: Int32) {
        var events: Int16 = 0
        if interest & CURL_POLL_IN != 0 { events |= Int16(POLLIN) }
        if interest & CURL_POLL_OUT != 0 { events |= Int16(POLLOUT) }
        let index = Int(descriptor)
        if index >= places.count {
            places.append(contentsOf: repeatElement(-1, count: index + 1 - places.count))
        }
        if places[index] >= 0 {
            entries[places[index]].events = events
        } else {
            places[index] = entries.count
            entries.append(pollfd(fd: descriptor, events: events, revents: 0))
        }
    }

    /// Watches a descriptor no more.
    func forget(_ descriptor: Int32) {
        let index = Int(descriptor)
        guard places.indices.contains(index), places[index] >= 0 else { return }
        let place = places[index]
        places[index] = -1
        let last = entries.removeLast()
        guard last.fd != descriptor else { return }
        entries[place] = last
        places[Int(last.fd)] = place
    }

    /// Waits until something can be done, or the time is over.
    ///
    /// - Parameters:
    ///   - milliseconds: The longest wait; -1 for as long as it takes.
    ///   - ready: Gets what can be done; its old contents are dropped.
    func wait(_ milliseconds: Int, into ready: inout [Event]) {
        ready.removeAll(keepingCapacity: true)
        let limit = Int32(clamping: milliseconds)
        var count = poll(&entries, nfds_t(entries.count), limit)
        // A signal or a moment without memory: the caller looks at its timers and comes back.
        guard count >= 0 else {
            precondition(errno == EINTR || errno == EAGAIN, "poll failed with error \(errno)")
            return
        }
        for entry in entries where count > 0 && entry.revents != 0 {
            count -= 1
            ready.append(Event(descriptor: entry.fd, actions: Self.actions(of: entry.revents)))
        }
    }

    /// Errors and ends are found by trying: reading or writing tells which it is.
    private static func actions(of events: Int16) -> Int32 {
        let events = Int32(events)
        var actions: Int32 = 0
        if events & Int32(POLLIN | POLLHUP | POLLERR) != 0 { actions |= CURL_CSELECT_IN }
        if events & Int32(POLLOUT | POLLERR) != 0 { actions |= CURL_CSELECT_OUT }
        if events & Int32(POLLNVAL) != 0 { actions |= CURL_CSELECT_ERR }
        return actions
    }
}
