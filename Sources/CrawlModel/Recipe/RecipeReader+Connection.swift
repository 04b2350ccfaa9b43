extension RecipeReader {
    func connection(_ value: RecipeValue?) throws(RecipeError) -> Connection {
        var connection = Connection()
        guard let mapping = try value?.mapping() else { return connection }
        try mapping.allow(["proxy", "netrc", "cookies", "authorities", "certificate", "key"])
        if let proxy = try mapping.value("proxy") {
            connection.proxy = try proxy.checked { (text) throws(RecipeProblem) in
                try ProxyRule(text)
            }
        }
        connection.netrc = try mapping.value("netrc")?.text()
        connection.cookies = try mapping.value("cookies")?.text()
        connection.authorities = try mapping.value("authorities")?.text()
        connection.certificate = try mapping.value("certificate")?.text()
        if let key = try mapping.value("key") {
            connection.key = try key.text()
            guard connection.certificate != nil else {
                throw key.error("a key needs its certificate", cure: "write 'certificate: FILE'")
            }
        }
        return connection
    }

    func headers(
        _ value: RecipeValue?
    ) throws(RecipeError) -> (open: [HeaderField], secret: [SecretHeader]) {
        guard let mapping = try value?.mapping() else { return ([], []) }
        var (open, secret): ([HeaderField], [SecretHeader]) = ([], [])
        for (name, value) in mapping.entries {
            guard !value.isMapping else {
                secret.append(try secretHeader(name, value))
                continue
            }
            let field = HeaderField(name, try value.text())
            guard field.isSendable else {
                throw value.error(
                    "the header '\(name)' holds a character that no header may have",
                    cure: "write it on one line, name in plain letters"
                )
            }
            guard !field.isSecret || field.value.isEmpty else {
                throw value.error(
                    "'\(name)' is a secret, and a recipe is kept in the database",
                    cure: "write '\(name): { file: NAME }' or '{ environment: NAME }', or give "
                        + "--cookies or --netrc"
                )
            }
            open.append(field)
        }
        return (open, secret)
    }

    private func secretHeader(
        _ name: String,
        _ value: RecipeValue
    ) throws(RecipeError) -> SecretHeader {
        guard HeaderField(name, "").isSecret, name.lowercased() != "proxy-authorization" else {
            throw value.error(
                "'\(name)' can't stand in a file",
                cure: "Cookie and Authorization can; a proxy's login is in the environment as "
                    + "MAGPIE_PROXY_LOGIN=user:password"
            )
        }
        let mapping = try value.mapping()
        try mapping.allow(["file", "environment"])
        if let file = try mapping.value("file") {
            return SecretHeader(name: name, place: .file(try file.text()), line: value.line)
        }
        let variable = try mapping.required("environment", cure: "say where the value stands")
        return SecretHeader(
            name: name,
            place: .environment(try variable.text()),
            line: value.line
        )
    }
}

extension HeaderField {
    /// Whether name and value keep to the characters of RFC 9110, sections 5.1 and 5.5.
    package var isSendable: Bool {
        let isToken = name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
        return isToken && !name.isEmpty
            && value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
    }
}
