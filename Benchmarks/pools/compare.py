"""Puts this library's pools and Python's side by side: python3.11 Benchmarks/pools/compare.py

Builds pools-bench for release, runs it and pools_bench.py by turns, and prints the median of each row.
Exits with 1 if Python is ahead in any.
"""

import pathlib
import platform
import statistics
import subprocess
import sys

TURNS = 5
HERE = pathlib.Path(__file__).resolve().parent
ROOT = sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent
SWIFT = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--package-path", str(ROOT)]
SWIFT += ["--product", "pools-bench"]


def rows(command):
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {row: float(number) for row, number in (line.split("\t") for line in output.splitlines())}


def main():
    subprocess.run(SWIFT, check=True, stdout=sys.stderr)
    folder = subprocess.run(
        SWIFT + ["--show-bin-path"], check=True, capture_output=True, text=True
    ).stdout.strip()
    ours, theirs = [], []
    for _ in range(TURNS):
        ours.append(rows([folder + "/pools-bench"]))
        theirs.append(rows([sys.executable, str(HERE / "pools_bench.py")]))
    print(f"| row | Pools | Python {platform.python_version()} | ahead |\n|---|---:|---:|---:|")
    is_ahead = True
    for row in ours[0]:
        own = statistics.median(turn[row] for turn in ours)
        other = statistics.median(turn[row] for turn in theirs)
        less_is_more = row.endswith((", s", "us a call"))
        ratio = other / own if less_is_more else own / other
        is_ahead = is_ahead and ratio > 1
        print(f"| {row} | {own:,.4g} | {other:,.4g} | {ratio:.2f}x |")
    return 0 if is_ahead else 1


if __name__ == "__main__":
    sys.exit(main())
