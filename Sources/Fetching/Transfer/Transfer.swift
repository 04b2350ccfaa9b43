import CCurl
import CrawlModel

/// What works on a call: one exchange with a server, and one more for each redirect.
///
/// Used for one call after the other. Belongs to the fetcher's thread.
final class Transfer {
    /// What comes after an exchange.
    enum Step {
        case over(FetchOutcome)
        case redirected
    }

    /// What it works on, and where that has come to.
    private struct Work {
        let call: FetchCall
        let continuation: CheckedContinuation<FetchOutcome, Never>
        /// The address of this exchange.
        var address: WebAddress
        var redirects = 0
        /// The time of the exchanges before this one.
        var tookBefore = Duration.zero
        var exchange: Exchange
    }

    private let easy: EasyHandle
    private let settings: FetchSettings
    private let throttle: Throttle?
    /// `nil` while it is idle.
    private var work: Work?

    /// The longest address that is asked for, in bytes: far beyond what servers take.
    private static let addressBytesMax = 64 * 1024

    /// - Returns: `nil` without memory for it.
    init?(jar: CookieJar, settings: FetchSettings, throttle: Throttle?) {
        guard let easy = EasyHandle(jar: jar) else { return nil }
        self.easy = easy
        self.settings = settings
        self.throttle = throttle
    }

    /// curl's handle, to give to its multi handle.
    var handle: UnsafeMutableRawPointer { easy.curl }

    /// How many cookies the last exchange set.
    var cookieCount: Int { work?.exchange.head.cookieCount ?? 0 }

    /// What it works on; `nil` while it is idle.
    var call: FetchCall? { work?.call }

    /// The transfer that a prepared handle belongs to.
    static func of(_ easy: UnsafeMutableRawPointer) -> Transfer { at(ccurl_easy_private(easy)) }

    /// Takes on a call.
    func begin(_ posted: Mailbox.Posted) {
        let (call, continuation) = posted
        call.transfer = self
        work = Work(
            call: call,
            continuation: continuation,
            address: call.request.address,
            exchange: Exchange(call, at: call.request.address)
        )
    }

    /// Makes the handle ready for the address that the call has come to.
    ///
    /// - Returns: Why it can't be asked for, if it can't.
    func prepare() -> Failure? {
        guard let work else { preconditionFailure("an idle transfer has nothing to ask for") }
        let request = work.call.request
        let url = work.address.description
        guard url.utf8.count <= Self.addressBytesMax else {
            return Failure(.badURL, "the address is longer than \(Self.addressBytesMax) bytes")
        }
        easy.reset()
        easy.set(url: url, throttle)
        easy.set(request.timeouts, tookBefore: work.tookBefore, throttle)
        easy.set(settings)
        let mayKnowSecrets = work.redirects == 0 || work.address.origin == request.address.origin
        let headers = mayKnowSecrets ? request.headers : request.headers.filter { !$0.isSecret }
        easy.set(headers: headers)
        let isTrusted = mayKnowSecrets && request.isTrusted
        if let login = login(for: work, headers, isTrusted: isTrusted) { easy.set(login: login) }
        if isTrusted, let certificate = settings.certificate {
            easy.set(certificate: certificate)
        }
        setCallbacks()
        return nil
    }

    /// The login that belongs to the host which is asked now, by itself or after a redirect, unless the
    /// request has one or what was safe is not any more.
    private func login(
        for work: Work,
        _ headers: [HeaderField],
        isTrusted: Bool
    ) -> Login? {
        let isDowngrade =
            work.address.scheme == "http" && work.call.request.address.scheme == "https"
        let isGiven = headers.contains { $0.name.lowercased() == "authorization" }
        return isDowngrade || isGiven
            ? nil : settings.logins.login(for: work.address, isTrusted: isTrusted)
    }

    /// Decides what follows from how an exchange ended.
    func conclude(_ code: CURLcode) -> Step {
        guard let exchange = work?.exchange else { preconditionFailure("nothing was exchanged") }
        if let refusal = exchange.refusal { return .over(.failed(refusal)) }
        if exchange.isUnchanged { return .over(.unchanged(response())) }
        if let failure = exchange.statusFailure {
            return exchange.head.isRedirect ? redirect(failure) : .over(.failed(failure))
        }
        guard code == CURLE_OK, exchange.head.isOver, exchange.isWanted else {
            if let status = easy.tunnelRefusal {
                let message = "the proxy answered with status \(status)"
                return .over(.failed(Failure(ErrorClass(status: status), message, status: status)))
            }
            let (errorClass, message) =
                code == CURLE_OK
                // To curl a connection that ends inside the head is no error.
                ? (.reset, "the connection ended inside the head") : easy.failure(code)
            let status = exchange.head.status
            let failure = Failure(
                errorClass,
                message,
                status: status == 0 ? nil : status,
                bytes: exchange.bodyBytes
            )
            return .over(.failed(failure))
        }
        return .over(.response(response()))
    }

    /// Lets go of the call, and tells its caller how it ended.
    func end(_ outcome: FetchOutcome) {
        guard let work else { preconditionFailure("an idle transfer has no end") }
        var outcome = outcome
        if case .failed(var failure) = outcome {
            failure.isElsewhere = work.address.authority != work.call.request.address.authority
            outcome = .failed(failure)
        }
        self.work = nil
        work.call.transfer = nil
        work.continuation.resume(returning: Self.close(work.call.sink, outcome))
    }

    /// Tells the sink how the transfer ended, which may change how the fetch ends.
    private static func close(_ sink: any BodySink, _ outcome: FetchOutcome) -> FetchOutcome {
        guard case .response(let response) = outcome else {
            sink.abandon()
            return outcome
        }
        do {
            try sink.finish(response)
            return outcome
        } catch {
            return .failed(
                Failure(.disk, "\(error)", status: response.status, bytes: response.bodyBytes)
            )
        }
    }

    /// Goes where the server says, if that is a place that may be asked.
    private func redirect(_ failure: Failure) -> Step {
        guard var work else { preconditionFailure("an idle transfer has no redirects") }
        var failure = failure
        failure.retryAfter = nil
        let limit = work.call.request.redirectsMax
        guard let location = work.exchange.head.location else {
            failure.message =
                "a redirect with status \(failure.status ?? 0) names no place to go to"
            return .over(.failed(failure))
        }
        guard work.redirects < limit else {
            failure.message = "the server redirects more than \(limit) times"
            return .over(.failed(failure))
        }
        do throws(AddressError) {
            work.address = try WebAddress(location, relativeTo: work.address)
        } catch {
            failure.message = PlainText.of("a redirect can't be followed: \(error)")
            return .over(.failed(failure))
        }
        work.redirects += 1
        work.tookBefore += easy.took
        work.exchange = Exchange(work.call, at: work.address)
        self.work = work
        return .redirected
    }

    private func response() -> FetchResponse {
        guard let work else { preconditionFailure("an idle transfer has no answer") }
        let (head, exchange) = (work.exchange.head, work.exchange)
        return FetchResponse(
            status: head.status,
            address: work.address,
            contentType: head.contentType,
            etag: head.etag,
            lastModified: head.lastModified,
            date: head.date,
            contentLength: head.contentLength,
            isFramed: head.isFramed,
            bodyBytes: exchange.bodyBytes,
            wireBytes: easy.wireBytes,
            firstByte: easy.firstByte,
            took: work.tookBefore + easy.took
        )
    }
}

// What curl calls while the answer comes in.
extension Transfer {
    private func setCallbacks() {
        let transfer = Unmanaged.passUnretained(self).toOpaque()
        easy.set(CURLOPT_PRIVATE, pointer: transfer)
        easy.set(CURLOPT_HEADERDATA, pointer: transfer)
        easy.set(CURLOPT_HEADERFUNCTION) { bytes, _, count, transfer in
            let line = UnsafeRawBufferPointer(start: bytes, count: count)
            Transfer.at(transfer).throttle?.spend(count, at: .now)
            return Transfer.at(transfer).work?.exchange.receive(head: line) == true ? count : 0
        }
        easy.set(CURLOPT_WRITEDATA, pointer: transfer)
        easy.set(CURLOPT_WRITEFUNCTION) { bytes, _, count, transfer in
            let piece = UnsafeRawBufferPointer(start: bytes, count: count)
            let transfer = Transfer.at(transfer)
            guard transfer.throttle?.admit(transfer, count, at: .now) ?? true else {
                return Int(CURL_WRITEFUNC_PAUSE)
            }
            return transfer.work?.exchange.receive(body: piece) == true ? count : 0
        }
        easy.set(CURLOPT_NOPROGRESS, 0)
        easy.set(CURLOPT_XFERINFODATA, pointer: transfer)
        easy.set { transfer, _, received, _, _ in
            let count = Int(received)
            return Transfer.at(transfer).work?.exchange.mayReceive(wireBytes: count) == true ? 0 : 1
        }
    }

    /// The transfer that curl was given, which lives as long as its handle.
    private static func at(_ pointer: UnsafeMutableRawPointer?) -> Transfer {
        guard let pointer else { preconditionFailure("curl lost a pointer that it was given") }
        return Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
    }
}
