import Pools

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

Misbehaviour.begin(CommandLine.arguments[0])
ProcessPool.runWorkerIfAsked(
    TestWork.double,
    TestWork.square,
    TestWork.root,
    TestWork.echo,
    TestWork.bytes,
    TestWork.processNumber,
    TestWork.signal,
    TestWork.exit,
    TestWork.hang,
    TestWork.complain,
    TestWork.descriptors,
    TestWork.readsNothing,
    TestWork.quietSignals
)

// A program that holds a pool and does nothing else: one worker is idle, the other in the middle of a call
// once the file that the first argument names is there. It prints the workers' numbers and never ends.
let pool = try ProcessPool(workers: 2)
let busy = pool.applyAsync(TestWork.hang, CommandLine.arguments[1])
while true {
    print(try pool.apply(TestWork.processNumber, 0))
    fflush(nil)
    pause()
}
