import Pools

extension ThreadPool {
    /// Gives a pool to `body`, and returns or throws only when its threads have ended.
    ///
    /// A thread may still be letting go of things when its last result is known. Were the process to end
    /// meanwhile, libraries would take down what the thread is using.
    static func withPool<Value>(
        threads: Int,
        name: String,
        _ body: (ThreadPool) async throws -> Value
    ) async throws -> Value {
        let pool = try ThreadPool(threads: threads, name: name)
        let result: Result<Value, any Error>
        do { result = .success(try await body(pool)) } catch { result = .failure(error) }
        pool.close()
        await pool.join()
        return try result.get()
    }
}
