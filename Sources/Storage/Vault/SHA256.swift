import CCrypto

/// A SHA-256 in the making (FIPS 180-4), by OpenSSL's libcrypto.
final class SHA256 {
    /// Keeps libcrypto from taking itself down when the process ends, under threads that are still ending.
    ///
    /// Only the first set-up of a process can say so; libcurl does one of its own.
    static let isSetUp = OPENSSL_init_crypto(noAtExit, nil) == 1
    /// `OPENSSL_INIT_NO_ATEXIT`.
    private static let noAtExit: UInt64 = 0x0008_0000

    private let context: OpaquePointer

    init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        else { preconditionFailure("libcrypto has no SHA-256") }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The 32 bytes of the digest; nothing may be added afterwards.
    func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
            count = 32
        }
    }
}

/// SHA-256 digests of what is in memory.
package enum Digest {
    /// The 32 bytes of the digest.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        let hash = SHA256()
        bytes.withUnsafeBytes(hash.update)
        return hash.finalize()
    }
}
