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

    /// Moves changed and undecodable files out of the way, then makes their rows ready again.
    ///
    /// An undecodable picture that came with the same bytes before is left alone: it is what the site has.
    ///
    /// After a crash in between a row says done and has no file: the next verification finds it.
    ///
    /// - Parameter violations: What was found.
    /// - Returns: How many of them were mended.
    /// - Throws: `StoreError`.
    package func mend(_ violations: [Violation]) async throws -> Int {
        guard !violations.isEmpty else { return 0 }
        let ready = try await ThreadPool.withPool(threads: 1, name: "magpie.mend") { threads in
            try await threads.apply { try violations.filter(clearTheWay) }
        }
        return try await store.repair(ready)
    }

    /// Whether nothing is in the way of mending it.
    private func clearTheWay(_ violation: Violation) throws -> Bool {
        switch violation.kind {
        case .undecodable where try vault.hasSetAside(violation): return false
        case .changedFile, .undecodable: try vault.setAside(violation)
        default: break
        }
        return true
    }
}
