import CrawlModel
import TestSupport
import Testing

struct HostPaceTests {
    private let clock = ManualClock()
    private let limits = HostLimits(connections: 8, delay: .milliseconds(100), adapts: true)
    private let quick = HostLimits(connections: 8, delay: .zero, adapts: true)

    private func pace(_ limits: HostLimits, robots: Bool = false) -> HostPace {
        HostPace(limits, obeysRobots: robots)
    }

    /// A request from its claim to its answer.
    private func ask(
        _ pace: inout HostPace,
        latency: Duration = .milliseconds(10),
        failing errorClass: ErrorClass? = nil,
        retryAfter: Duration? = nil
    ) {
        clock.advance(by: max(pace.opens - clock.now, .zero))
        pace.take(1, at: clock.now)
        let started = clock.now
        clock.advance(by: latency)
        _ = pace.free(at: clock.now)
        if let errorClass {
            pace.fail(errorClass, started: started, retryAfter: retryAfter, at: clock.now)
        } else {
            pace.succeed(started: started, latency: latency, at: clock.now)
        }
        clock.advance(by: .milliseconds(1))
    }

    @Test func `never more are in flight than connections allow`() {
        var pace = pace(quick)
        #expect(pace.room(at: clock.now) == 8)
        pace.take(5, at: clock.now)
        #expect(pace.room(at: clock.now) == 3)
        pace.take(3, at: clock.now)
        #expect(pace.room(at: clock.now) == 0)
        #expect(pace.isFull(at: clock.now))
        let wasFull = pace.free(at: clock.now)
        #expect(wasFull)
        #expect(pace.room(at: clock.now) == 1)
        let wasFullAgain = pace.free(at: clock.now)
        #expect(!wasFullAgain)
    }

    @Test func `requests begin no closer than the delay`() {
        var pace = pace(limits)
        var begins: [Timestamp] = []
        while begins.count < 50 {
            let room = pace.room(at: clock.now)
            pace.take(room, at: clock.now)
            for _ in 0..<room {
                guard let wait = pace.start(at: clock.now, patience: .seconds(1)) else {
                    Issue.record("what was taken has to wait for more than a second")
                    return
                }
                begins.append(clock.now + wait)
                _ = pace.free(at: clock.now)
            }
            clock.advance(by: .milliseconds(7))
        }
        let gaps = zip(begins.dropFirst(), begins).map { $0 - $1 }
        #expect(gaps.allSatisfy { $0 >= .milliseconds(100) })
        // And hardly farther apart.
        #expect(begins[49] - begins[0] <= .milliseconds(49 * 107))
    }

    @Test func `a long delay gives a task back instead of keeping a worker waiting`() {
        var pace = pace(HostLimits(connections: 8, delay: .seconds(5), adapts: true))
        #expect(pace.room(at: clock.now) == 1)
        let waits = (1...2).map { _ in pace.start(at: clock.now, patience: .seconds(1)) }
        #expect(waits == [.zero, nil])
        #expect(pace.memory.next == clock.now + .seconds(5))
        #expect(pace.room(at: clock.now) == 0)
    }

    @Test func `a refusal slows down, good answers speed up again, never beyond the limits`() {
        var pace = pace(limits)
        ask(&pace, failing: .http429)
        #expect(pace.connections == 4)
        #expect(pace.delay == .milliseconds(250))
        ask(&pace, failing: .http5xx)
        #expect(pace.connections == 2)
        #expect(pace.delay == .milliseconds(500))
        for _ in 0..<200 { ask(&pace) }
        #expect(pace.connections == 8)
        #expect(pace.delay == .milliseconds(100))
        for _ in 0..<30 { ask(&pace, failing: .http429) }
        #expect(pace.connections == 1)
        #expect(pace.delay == .seconds(60))
    }

    @Test func `requests that began together slow down once`() {
        var pace = pace(quick)
        pace.take(8, at: clock.now)
        let started = clock.now
        clock.advance(by: .milliseconds(50))
        for _ in 0..<8 {
            _ = pace.free(at: clock.now)
            pace.fail(.http429, started: started, retryAfter: nil, at: clock.now)
        }
        #expect(pace.connections == 4)
        #expect(pace.delay == .milliseconds(250))
    }

    @Test func `answers that take longer and longer take connections away, and give them back`() {
        var pace = pace(quick)
        for _ in 0..<50 { ask(&pace, latency: .milliseconds(20)) }
        #expect(pace.connections == 8)
        for _ in 0..<20 { ask(&pace, latency: .milliseconds(800)) }
        #expect(pace.connections < 4)
        #expect(pace.delay == .zero)
        for _ in 0..<100 { ask(&pace, latency: .milliseconds(20)) }
        #expect(pace.connections == 8)
    }

    @Test func `a host that was always slow is not slowed down`() {
        var pace = pace(quick)
        for _ in 0..<200 { ask(&pace, latency: .seconds(3)) }
        #expect(pace.connections == 8)
    }

    @Test func `a local host is slowed by its own wish only`() {
        var pace = pace(.local)
        for _ in 0..<5 { ask(&pace, latency: .seconds(1), failing: .http5xx) }
        #expect(pace.room(at: clock.now) == HostLimits.local.connections)
        ask(&pace, failing: .http429, retryAfter: .seconds(5))
        #expect(pace.room(at: clock.now) == 0)
        let wait = pace.start(at: clock.now, patience: .seconds(1))
        #expect(wait == nil)
        clock.advance(by: .seconds(5))
        #expect(pace.room(at: clock.now) == HostLimits.local.connections)
    }

    @Test func `a wish to come back later is never shortened`() {
        var pace = pace(quick)
        ask(&pace, failing: .http429, retryAfter: .seconds(100))
        let until = pace.memory.blockedUntil
        pace.fail(.http429, started: clock.now, retryAfter: .seconds(5), at: clock.now)
        #expect(pace.memory.blockedUntil == until)
        pace.succeed(started: clock.now, latency: nil, at: clock.now)
        #expect(pace.memory.blockedUntil == until)
    }

    @Test func `a host that only fails is parked, probed, and given up at last`() {
        var pace = pace(quick)
        for _ in 1..<HostBreaker.failuresMax { ask(&pace, failing: .connect) }
        #expect(!pace.memory.breaker.isProbing)
        ask(&pace, failing: .connect)
        for wait in HostBreaker.waits {
            #expect(pace.memory.breaker.isProbing)
            #expect(pace.room(at: clock.now) == 0)
            #expect(pace.memory.blockedUntil + .milliseconds(1) >= clock.now + wait)
            clock.advance(by: wait)
            #expect(pace.room(at: clock.now) <= 1)
            clock.advance(by: .seconds(60))
            #expect(pace.room(at: clock.now) == 1)
            pace.take(1, at: clock.now)
            clock.advance(by: .seconds(60))
            #expect(pace.room(at: clock.now) == 0, "one probe at a time")
            _ = pace.free(at: clock.now)
            pace.fail(.connect, started: clock.now, retryAfter: nil, at: clock.now)
            clock.advance(by: .milliseconds(1))
        }
        #expect(pace.memory.breaker.hasGivenUp)
        #expect(pace.room(at: clock.now) > 1000, "its tasks are to be ended")
        #expect(pace.lastFailure == .connect)
    }

    @Test func `an answer to a probe opens the host again`() {
        var pace = pace(quick)
        for _ in 0..<HostBreaker.failuresMax { ask(&pace, failing: .timeout) }
        clock.advance(by: .seconds(70))
        ask(&pace)
        #expect(pace.memory.breaker == HostBreaker())
        clock.advance(by: .seconds(70))
        #expect(pace.room(at: clock.now) >= 1)
    }

    @Test func `failures between answers park nothing`() {
        var pace = pace(quick)
        for _ in 0..<100 {
            for _ in 1..<HostBreaker.failuresMax { ask(&pace, failing: .reset) }
            ask(&pace)
        }
        #expect(pace.memory.breaker == HostBreaker())
    }

    @Test func `what was in flight when a host was parked does not park it for longer`() {
        var pace = pace(quick)
        for _ in 0..<HostBreaker.failuresMax { ask(&pace, failing: .timeout) }
        for _ in 0..<50 { pace.fail(.timeout, started: clock.now, retryAfter: nil, at: clock.now) }
        #expect(pace.memory.breaker.parkings == 1)
    }

    @Test func `one task goes ahead until robots txt is known, and again a day later`() {
        var pace = pace(quick, robots: true)
        #expect(pace.needsRobots(at: clock.now))
        #expect(pace.room(at: clock.now) == 1)
        pace.take(1, at: clock.now)
        #expect(pace.room(at: clock.now) == 0)
        pace.noteRobots(read: clock.now, crawlDelay: .zero)
        #expect(pace.room(at: clock.now) == 7)
        clock.advance(by: .seconds(86_399))
        #expect(!pace.needsRobots(at: clock.now))
        clock.advance(by: .seconds(1))
        #expect(pace.needsRobots(at: clock.now))
        #expect(pace.room(at: clock.now) == 0)
    }

    @Test func `the delay that robots txt asks for is the least`() {
        var pace = pace(quick, robots: true)
        pace.noteRobots(read: clock.now, crawlDelay: .seconds(7))
        #expect(pace.delay == .seconds(7))
        for _ in 0..<100 { ask(&pace) }
        #expect(pace.delay == .seconds(7))
    }

    @Test func `whatever happens, the limits hold`() {
        var generator = SeededGenerator(for: "host pace")
        for _ in 0..<100 {
            let limits = HostLimits(
                connections: .random(in: 1...20, using: &generator),
                delay: .milliseconds(.random(in: 0...500, using: &generator)),
                adapts: .random(using: &generator)
            )
            var pace = pace(limits, robots: .random(using: &generator))
            for _ in 0..<300 {
                #expect((1...limits.connections).contains(pace.connections))
                #expect(pace.delay >= limits.delay)
                let room = pace.room(at: clock.now)
                if !pace.memory.breaker.hasGivenUp {
                    #expect(room <= limits.connections - pace.inFlight || room == 0)
                }
                step(&pace, room, &generator)
            }
        }
    }

    private func step(
        _ pace: inout HostPace,
        _ room: Int,
        _ generator: inout SeededGenerator
    ) {
        clock.advance(by: .milliseconds(.random(in: 0...2000, using: &generator)))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0, 1: pace.take(min(room, pace.room(at: clock.now), 30), at: clock.now)
        case 2:
            if pace.inFlight > 0 { _ = pace.free(at: clock.now) }
            let started = Timestamp(milliseconds: clock.now.milliseconds - 500)
            pace.succeed(started: started, latency: .milliseconds(500), at: clock.now)
        case 3:
            if pace.inFlight > 0 { _ = pace.free(at: clock.now) }
            pace.fail(.http429, started: clock.now, retryAfter: .seconds(1), at: clock.now)
        case 4: pace.noteRobots(read: clock.now, crawlDelay: .milliseconds(50))
        default: _ = pace.start(at: clock.now, patience: .seconds(1))
        }
    }
}
