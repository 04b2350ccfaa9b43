import CrawlModel
import Testing

struct PolitenessTests {
    @Test(arguments: [
        "127.0.0.1", "127.0.0.1:8080", "127.255.0.3", "10.1.2.3", "192.168.0.1:81", "172.16.0.1",
        "172.31.9.9", "169.254.1.1", "localhost", "localhost:80", "a.localhost:8000", "[::1]",
        "[::1]:8080", "[fd00::1]", "[fc12:3::]", "[fe80::1]:80",
    ])
    func `loopback and private hosts are local`(host: String) {
        #expect(WebAddress.isLocal(authority: host))
        let limits = Politeness().limits(of: host)
        #expect(limits == .local)
    }

    @Test(arguments: [
        "example.org", "example.org:8080", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1",
        "11.0.0.1", "127.0.0.1.example.org", "127.1", "0x7f.0.0.1", "2130706433", "10.0.0.256",
        "localhost.example.org", "mylocalhost", "[2001:db8::1]", "[ff02::1]", "[::2]",
        "127.0.0.x", "10.0.0", "", "[::ffff:127.0.0.1]", "[fd::1]",
    ])
    func `all others are strangers`(host: String) {
        #expect(!WebAddress.isLocal(authority: host))
        let limits = Politeness().limits(of: host)
        #expect(limits.connections == 4)
        #expect(limits.delay == .milliseconds(100))
    }

    @Test func `what the recipe says holds for every host`() {
        let politeness = Politeness(connections: 2, delay: .seconds(3))
        for host in ["127.0.0.1", "example.org"] {
            let limits = HostLimits(connections: 2, delay: .seconds(3), adapts: true)
            #expect(politeness.limits(of: host) == limits)
        }
        #expect(Politeness(delay: .zero).limits(of: "example.org").delay == .zero)
        #expect(Politeness(delay: .zero).limits(of: "example.org").connections == 4)
    }
}
