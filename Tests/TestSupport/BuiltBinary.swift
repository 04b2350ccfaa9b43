import Foundation

/// The programs that were built beside the tests.
package enum BuiltBinary {
    /// Where a program of this package is.
    ///
    /// - Parameter name: Its name in Package.swift.
    /// - Returns: The path of its file.
    /// - Precondition: It was built, as `swift build --build-tests` does.
    package static func path(of name: String) -> String {
        let bundles = [Bundle.main] + Bundle.allBundles
        let folders = bundles.flatMap { bundle in
            [bundle.executableURL, bundle.bundleURL].compactMap { $0?.deletingLastPathComponent() }
        }
        let path = folders.lazy.map { $0.appendingPathComponent(name).path }
            .first(where: FileManager.default.isExecutableFile)
        guard let path else { preconditionFailure("\(name) is not built beside the tests") }
        return path
    }
}
