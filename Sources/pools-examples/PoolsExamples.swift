import Pools

/// The examples of docs/POOLS.md: `swift run pools-examples letters|counter|pool|thread-pool`.
@main
struct PoolsExamples {
    static func main() throws {
        ProcessPool.runWorkerIfAsked(Letters.announce, FourMethods.answer, FourMethods.answerSlowly)
        switch CommandLine.arguments.dropFirst().first {
        case "letters": try Letters.run()
        case "counter": try Counter.run()
        case "pool": try FourMethods.withProcesses()
        case "thread-pool": try FourMethods.withThreads()
        default: print("usage: pools-examples letters|counter|pool|thread-pool")
        }
    }
}
