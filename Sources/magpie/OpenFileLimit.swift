import CrawlModel
import Foundation

/// How many files this process may have open, sockets included.
enum OpenFileLimit {
    /// The most that are asked for; some systems allow a thousand million.
    private static let enough: rlim_t = 65_536
    /// For the database, libraries, idle connections and the folders of a batch.
    private static let others = 128

    /// Raises the limit as far as the system allows, and refuses recipes that would run into it.
    ///
    /// Without a descriptor a connection fails as if the server had refused it, which would use up the
    /// tries of good pictures.
    ///
    /// - Throws: `TooFewFiles`.
    static func raise(for recipe: Recipe) throws(TooFewFiles) {
        #if os(Linux)
        let what = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let what = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard getrlimit(what, &limit) == 0 else { return }
        let wanted = min(limit.rlim_max, max(limit.rlim_cur, enough))
        if wanted > limit.rlim_cur {
            limit.rlim_cur = wanted
            setrlimit(what, &limit)
            getrlimit(what, &limit)
        }
        // A picture has a connection and a part, a page a connection.
        let needed = 2 * recipe.workers.images + recipe.workers.pages + others
        guard limit.rlim_cur < rlim_t(needed) else { return }
        throw TooFewFiles(allowed: Int(limit.rlim_cur), needed: needed)
    }
}

/// The system allows fewer open files than the recipe's workers need.
struct TooFewFiles: Error, CustomStringConvertible {
    let allowed: Int
    let needed: Int

    var description: String {
        "only \(allowed) files may be open at once, and the recipe's workers may need \(needed): raise "
            + "'ulimit -n', or set fewer 'workers'"
    }
}
