import CrawlModel
import TestSupport
import Testing

struct RetryPolicyTests {
    @Test func `a wait grows, is never above its cap and ends with the tries`() {
        var generator = SeededGenerator(for: "retry policy")
        let policy = RetryPolicy.standard
        for errorClass in ErrorClass.allCases {
            let rule = policy[errorClass]
            var longest = rule.base
            for tries in 1...20 {
                let wait = policy.wait(after: errorClass, tries: tries, using: &generator)
                guard tries < rule.tries else {
                    #expect((wait == nil) == rule.countsAgainstTask)
                    continue
                }
                let most = min(longest, rule.cap)
                let least = most * (1 - rule.jitter)
                #expect(wait.map { $0 <= most && $0 >= least } == true, "\(errorClass) \(tries)")
                longest = .seconds(longest / .seconds(1) * rule.factor)
            }
        }
    }

    @Test func `all of the wait may be left to chance, or nothing of it`() {
        var generator = SeededGenerator(for: "jitter")
        var policy = RetryPolicy.standard
        policy[.timeout].jitter = 0
        #expect(policy.wait(after: .timeout, tries: 1, using: &generator) == .seconds(1))
        policy[.timeout].jitter = 1
        let waits = (0..<200).compactMap { _ in
            policy.wait(after: .timeout, tries: 1, using: &generator)
        }
        #expect(waits.contains { $0 < .milliseconds(250) })
        #expect(waits.contains { $0 > .milliseconds(750) })
    }

    @Test func `a host is blamed for what it does to everything`() {
        let policy = RetryPolicy.standard
        for errorClass in [ErrorClass.dns, .connect, .tls, .timeout, .reset, .http429] {
            #expect(policy.blamesHost(for: Failure(errorClass, "")))
        }
        for status in [502, 503, 504] {
            #expect(policy.blamesHost(for: Failure(.http5xx, "", status: status)))
        }
        #expect(policy.blamesHost(for: Failure(.http5xx, "", status: 500, retryAfter: "5")))
        for status in [500, 501, 505] {
            #expect(!policy.blamesHost(for: Failure(.http5xx, "", status: status)))
        }
        for errorClass in [ErrorClass.http4xx, .notAnImage, .truncated, .disk, .interrupted] {
            #expect(!policy.blamesHost(for: Failure(errorClass, "")))
        }
    }

    @Test func `what will not get better is not tried again`() {
        var generator = SeededGenerator(seed: 1)
        for errorClass in [ErrorClass.http4xx, .badURL, .tooLarge, .redirect, .tls, .extraction] {
            #expect(
                RetryPolicy.standard.wait(after: errorClass, tries: 1, using: &generator) == nil
            )
        }
    }
}
