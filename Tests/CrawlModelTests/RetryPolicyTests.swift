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
                    #expect(wait == nil)
                    continue
                }
                let most = min(longest, rule.cap)
                #expect(wait.map { $0 <= most && $0 >= most / 2 } == true, "\(errorClass) \(tries)")
                longest = .seconds(longest / .seconds(1) * rule.factor)
            }
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
