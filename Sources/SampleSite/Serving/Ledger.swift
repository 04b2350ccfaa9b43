extension SampleSite {
    /// What was asked of a site: a value, so that a copy stays as it was.
    ///
    /// A request counts as being answered from the end of its head until just before the last bytes
    /// of its answer leave. So a client that asks for the next picture as soon as it has one is
    /// never counted twice; only one that gives up an answer may be, until its closing of the
    /// connection is seen.
    package struct Ledger: Sendable {
        /// All requests in the order they came.
        package private(set) var requests: [Request] = []
        /// How many are being answered, held ones included.
        package private(set) var atOnce = 0
        /// The most that were ever answered at once.
        package private(set) var mostAtOnce = 0
        /// The same for each host that clients named, without its port.
        package private(set) var mostAtOncePerHost: [String: Int] = [:]
        /// How many connections were accepted.
        package private(set) var connections = 0
        /// How many bytes were handed to the system to send, heads included.
        package private(set) var bytesSent = 0

        private var counts: [String: Int] = [:]
        private var atOncePerHost: [String: Int] = [:]
        private var open: [Int: String] = [:]

        /// How often a target was asked for, such as `/photo/list/?page=1`.
        package func count(_ target: String) -> Int { counts[target, default: 0] }

        /// Notes a request.
        ///
        /// - Returns: Its number, which `end` takes.
        mutating func begin(_ request: Request) -> Int {
            let number = requests.count
            requests.append(request)
            counts[request.target, default: 0] += 1
            open[number] = request.host
            atOnce += 1
            mostAtOnce = max(mostAtOnce, atOnce)
            let atHost = atOncePerHost[request.host, default: 0] + 1
            atOncePerHost[request.host] = atHost
            mostAtOncePerHost[request.host] = max(
                mostAtOncePerHost[request.host, default: 0],
                atHost
            )
            return number
        }

        /// Notes that a request is answered or given up; a second time does nothing.
        mutating func end(_ number: Int) {
            guard let host = open.removeValue(forKey: number) else { return }
            atOnce -= 1
            atOncePerHost[host, default: 0] -= 1
        }

        mutating func accepted() { connections += 1 }

        mutating func sent(_ count: Int) { bytesSent += count }
    }
}
