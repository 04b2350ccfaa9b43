import CLibXML2
import CPCRE2

/// Which libraries read pages.
package struct ExtractionVersions: Sendable {
    /// libxml2's version, such as `2.9.14`.
    package let libxml2: String
    /// PCRE2's version, such as `10.42`.
    package let pcre2: String

    /// What the libraries in this process say of themselves.
    package init() {
        // A number such as 20914, with more behind it in some builds.
        let digits = String(cString: clibxml2_version()).prefix { $0.isNumber }
        let number = Int(digits) ?? 0
        libxml2 = "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
        // The version and its date: 10.42 2022-12-11.
        var text = [CChar](repeating: 0, count: Int(max(pcre2_config_8(versionOption, nil), 1)))
        pcre2_config_8(versionOption, &text)
        let bytes = text.prefix { $0 != 0 && $0 != 0x20 }.map { UInt8(bitPattern: $0) }
        pcre2 = String(decoding: bytes, as: UTF8.self)
    }
}

private let versionOption = UInt32(PCRE2_CONFIG_VERSION)
