/// Tasks may prefer the pool: `withTaskExecutorPreference(pool) { … }` runs their steps on its threads
/// (Swift Evolution 0417), so that what blocks in them holds up nobody else.
///
/// Such tasks must end before the pool does. Steps are run also after `close()` and `terminate()`; one that
/// comes when the last thread has ended is a programmer's mistake and traps.
extension ThreadPool: TaskExecutor {
    /// Runs the step of a task on a thread of the pool.
    ///
    /// - Parameter job: The step.
    public func enqueue(_ job: consuming ExecutorJob) {
        queue.put(UnownedJob(job), of: self)
    }
}
