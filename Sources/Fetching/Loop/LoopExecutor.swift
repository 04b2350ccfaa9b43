/// Runs the steps of tasks on the fetcher's thread (Swift Evolution 0417).
///
/// A task that prefers it goes on with what a transfer brought, and posts the next call, without waking another
/// thread. What blocks or computes for long in such a task would hold up every transfer.
package final class LoopExecutor: TaskExecutor {
    private let mailbox: Mailbox

    init(_ mailbox: Mailbox) { self.mailbox = mailbox }

    /// Runs a step on the thread; on any other once that has been stopped.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard !mailbox.post(job) else { return }
        globalConcurrentExecutor.enqueue(ExecutorJob(job))
    }
}
