import Pools
package import Storage

/// Mends what a verification found.
package struct Repair: Sendable {
    private let store: Store
    private let vault: Vault

    /// A repair by the run that has the folder's lock.
    package init(store: Store, vault: Vault) {
        self.store = store
        self.vault = vault
    }

    /// Moves changed files out of the way, then makes their rows ready again.
    ///
    /// After a crash in between a row says done and has no file: the next verification finds it.
    ///
    /// - Parameter violations: What was found.
    /// - Returns: How many of them were mended.
    /// - Throws: `StoreError`.
    package func mend(_ violations: [Violation]) async throws -> Int {
        guard !violations.isEmpty else { return 0 }
        try await ThreadPool.withPool(threads: 1, name: "magpie.mend") { threads in
            try await threads.apply { [vault] in
                for violation in violations where violation.kind == .changedFile {
                    try vault.setAside(violation)
                }
            }
        }
        return try await store.repair(violations)
    }
}
