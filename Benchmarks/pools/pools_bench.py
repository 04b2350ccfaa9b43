"""Measures Python's pools; Sources/pools-bench does the same with ours.

Prints one line for each row: its name, a tab, a number. compare.py puts the two side by side.
"""

import multiprocessing
import multiprocessing.pool
import time

CALLS = 20_000
INPUTS = 400_000
ROUNDS = 3_000
BLOCK = 100
STARTS = list(range(1_000_000, 1_360_000, BLOCK))


def same(number):
    return number


def steps(block):
    count = 0
    for number in range(block, block + BLOCK):
        while number != 1:
            number = number // 2 if number % 2 == 0 else 3 * number + 1
            count += 1
    return count


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(row, number):
    print(f"{row}\t{number}")


def measure(kind, pool):
    pool.map(same, range(1000), chunksize=1)

    def apart():
        for handle in [pool.apply_async(same, (number,)) for number in range(CALLS)]:
            handle.get()

    def one():
        for number in range(ROUNDS):
            pool.apply(same, (number,))

    def imap(chunksize):
        for _ in pool.imap(same, range(CALLS), chunksize):
            pass

    report(f"{kind} applyAsync, calls/s", CALLS / seconds(apart))
    report(f"{kind} apply, us a call", seconds(one) / ROUNDS * 1e6)
    numbers = list(range(CALLS))
    single = seconds(lambda: pool.map(same, numbers, chunksize=1))
    report(f"{kind} map in chunks of 1, calls/s", CALLS / single)
    numbers = list(range(INPUTS))
    whole = seconds(lambda: pool.map(same, numbers))
    report(f"{kind} map in chunks of its own, inputs/s", INPUTS / whole)
    serial = seconds(lambda: [steps(start) for start in STARTS])
    parallel = seconds(lambda: pool.map(steps, STARTS))
    report(f"{kind} map of CPU work, times as fast as one core", serial / parallel)
    report(f"{kind} map of CPU work, s", parallel)
    report(f"{kind} imap, calls/s", CALLS / seconds(lambda: imap(1)))
    report(f"{kind} imap in chunks of 100, inputs/s", CALLS / seconds(lambda: imap(100)))
    pool.close()
    pool.join()


if __name__ == "__main__":
    measure("threads", multiprocessing.pool.ThreadPool(2))
    measure("processes", multiprocessing.Pool(2))
