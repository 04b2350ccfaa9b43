import CrawlModel
import SampleSite
import TestSupport
import Testing

/// One way in which a server does wrong, and the class that its task is to end with.
struct HostileCase: Sendable, CustomTestStringConvertible {
    /// What is spoilt: one of the pictures, one of the pages, or the address of a picture.
    enum Victim: Sendable {
        case image(@Sendable (_ site: SampleSite, _ path: String) -> Void)
        case page(@Sendable (_ site: SampleSite, _ path: String) -> Void)
        case address(@Sendable (_ site: SampleSite) -> String)
    }

    let name: String
    let victim: Victim
    let errorClass: ErrorClass
    /// How long a transfer may take in all; short where that is what a case is about.
    var patience = "60s"

    var testDescription: String { name }

    static func image(
        _ name: String,
        _ errorClass: ErrorClass,
        _ fault: SampleSite.Fault
    ) -> HostileCase {
        .init(
            name: "image: \(name)",
            victim: .image { $0.fault(fault, at: $1) },
            errorClass: errorClass
        )
    }

    /// A picture's server that takes its time.
    static func slowImage(_ name: String, _ fault: SampleSite.Fault) -> HostileCase {
        var hostile = image(name, .timeout, fault)
        hostile.patience = "2s"
        return hostile
    }

    /// A picture's address at which this stands, sent as well as can be.
    static func image(
        _ name: String,
        _ errorClass: ErrorClass,
        body: [UInt8],
        headers: SampleSite.Headers = ["Content-Type": "image/png"],
        _ fault: SampleSite.Fault? = nil
    ) -> HostileCase {
        let response = SampleSite.Response(headers: headers, body: body)
        return .init(
            name: "image: \(name)",
            victim: .image { site, path in
                site.route(path, to: response)
                site.fault(fault, at: path)
            },
            errorClass: errorClass
        )
    }

    static func page(
        _ name: String,
        _ errorClass: ErrorClass,
        _ fault: SampleSite.Fault
    ) -> HostileCase {
        .init(
            name: "page: \(name)",
            victim: .page { $0.fault(fault, at: $1) },
            errorClass: errorClass
        )
    }

    static func page(_ name: String, _ errorClass: ErrorClass, html: String) -> HostileCase {
        .init(
            name: "page: \(name)",
            victim: .page { $0.route($1, to: .html(html)) },
            errorClass: errorClass
        )
    }

    static func address(_ address: String, _ errorClass: ErrorClass) -> HostileCase {
        .init(
            name: "address: \(address.prefix(60))",
            victim: .address { _ in address },
            errorClass: errorClass
        )
    }
}
