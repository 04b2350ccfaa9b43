"""Runs one program and tells what it used."""

import dataclasses
import os
import re
import signal
import subprocess
import threading
import time


@dataclasses.dataclass
class Usage:
    seconds: float
    processor_seconds: float
    """User and system, of the program and every process it waited for."""
    peak_bytes: int
    status: int


def run(command, folder, log, variables=None, timeout=1800):
    with open(log, "ab") as output:
        start = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env={**os.environ, **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    peak = PeakMemory(process.pid)
    peak.start()
    # The session has no process but those of this program.
    limit = threading.Timer(timeout, os.killpg, (process.pid, signal.SIGKILL))
    limit.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        seconds = time.monotonic() - start
        limit.cancel()
        peak.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Usage(seconds, usage.ru_utime + usage.ru_stime, peak.bytes, process.returncode)


class PeakMemory(threading.Thread):
    """The most memory that a process had.

    The kernel's own answer, `ru_maxrss`, is no less than what this interpreter had when it started the program.
    So the program's high-water mark is read while it runs; what it needs in the last hundredths is missed.
    """

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.bytes, self.over = pid, 0, threading.Event()

    def run(self):
        while not self.over.wait(0.02):
            try:
                with open(f"/proc/{self.pid}/status") as file:
                    mark = re.search(r"VmHWM:\s+(\d+)", file.read())
            except OSError:
                return
            self.bytes = max(self.bytes, int(mark[1]) * 1024 if mark else 0)

    def stop(self):
        self.over.set()
        self.join()


def machine_seconds():
    """Processor time that was used by anybody since the machine started."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, *interrupts = map(int, file.readline().split()[1:8])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")
