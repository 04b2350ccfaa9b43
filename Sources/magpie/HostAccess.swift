import CrawlModel
import Fetching
import Foundation
import Storage

/// How hosts are reached and as whom, with the secrets that the recipe and the options only name.
///
/// They are read when a run begins, and live in memory only.
struct HostAccess {
    /// The recipe with the values of its secret headers.
    let recipe: Recipe
    /// What holds for all that is fetched.
    let settings: FetchSettings

    /// Reads what is named.
    ///
    /// - Throws: `FileProblem` for a file or variable that is not there or can't be used; it repeats nothing of it.
    init(
        _ compiled: CompiledRecipe,
        _ options: ConnectionOptions,
        _ limits: LimitOptions? = nil
    ) throws {
        let connection = compiled.recipe.connection
        var settings = FetchSettings()
        settings.bytesPerSecond = limits?.limitRate?.count
        settings.proxy = connection.proxy
        settings.proxyLogin = Self.variable("MAGPIE_PROXY_LOGIN").map { Login($0) }
        if let file = options.netrc ?? connection.netrc.map(compiled.path(of:)) {
            do {
                settings.logins = try Netrc(Self.text(of: file))
            } catch let problem as RecipeProblem {
                throw FileProblem(description: "\(file): \(problem.what): \(problem.cure)")
            }
        }
        if let file = options.cookies ?? connection.cookies.map(compiled.path(of:)) {
            settings.cookies = try Self.cookies(in: file)
        }
        if let file = connection.authorities.map(compiled.path(of:)) {
            try Self.require("CERTIFICATE", in: file)
            settings.authorities = file
        }
        if let file = connection.certificate.map(compiled.path(of:)) {
            let key = connection.key.map(compiled.path(of:)) ?? file
            try Self.require("CERTIFICATE", in: file)
            try Self.require("PRIVATE KEY", in: key)
            let password = Self.variable("MAGPIE_KEY_PASSWORD")
            settings.certificate = ClientCertificate(file: file, key: key, password: password)
        }
        var recipe = compiled.recipe
        for header in recipe.secretHeaders {
            recipe.headers.append(try Self.field(header, compiled))
        }
        self.recipe = recipe
        self.settings = settings
    }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func text(of file: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw FileProblem(
                description: "'\(file)' can't be read: is it there, and may you read it?"
            )
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Refuses a file that has no such block in PEM form (RFC 7468), which every request would fail for.
    private static func require(_ label: String, in file: String) throws {
        guard try !text(of: file).contains("\(label)-----") else { return }
        throw FileProblem(
            description:
                "'\(file)' has no \(label.lowercased()) in PEM form, which begins with "
                + "'-----BEGIN \(label)-----': convert it"
        )
    }

    private static func field(
        _ header: SecretHeader,
        _ compiled: CompiledRecipe
    ) throws -> HeaderField {
        let place = "\(compiled.stored.file):\(header.line): '\(header.name)'"
        let value: String
        switch header.place {
        case .file(let file):
            value = try text(of: compiled.path(of: file))
                .trimmingCharacters(in: .whitespacesAndNewlines)
        case .environment(let name):
            guard let text = variable(name) else {
                throw FileProblem(
                    description: "\(place): the variable \(name) is not set: export it"
                )
            }
            value = text
        }
        let field = HeaderField(header.name, value)
        guard field.isSendable, !value.isEmpty else {
            throw FileProblem(
                description:
                    "\(place): its value is none that a header may have: write it on one line"
            )
        }
        return field
    }

    /// The cookies of a file: lines of seven fields, tabs between them, remarks left out.
    private static func cookies(in file: String) throws -> [String] {
        let cookies = try text(of: file).split(whereSeparator: \.isNewline).filter { line in
            let isRemark = line.hasPrefix("#") && !line.hasPrefix("#HttpOnly_")
            return !isRemark
                && line.split(separator: "\t", omittingEmptySubsequences: false).count == 7
        }
        guard !cookies.isEmpty else {
            throw FileProblem(
                description:
                    "'\(file)' holds no cookies in Netscape's form, which is lines of seven fields "
                    + "with tabs between them: export it again"
            )
        }
        return cookies.map(String.init)
    }
}
