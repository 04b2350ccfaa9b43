"""Puts magpie's reading of pages beside parsel's: python3 Benchmarks/extraction/compare.py [PYTHON [TURNS]]

Builds extraction-bench for release and runs it and parsel_bench.py by turns on the same page of 50 KB, with 20 and with
70 items. PYTHON is an interpreter that has parsel. Prints the median pages a second of processor time.
Exits with 1 if parsel is ahead or finds another number of items.
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "crawl"))

import gallery  # noqa: E402

BUILD = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--package-path", str(ROOT)]
BUILD += ["--product", "extraction-bench"]


def page(items):
    listed = [
        (number, f"http://127.0.0.2:8080/pic/{number:024x}.jpg", f"又是星期一 & monday {number}")
        for number in range(items)
    ]
    return gallery.page_text(2, 1655, listed)


def rows(*command):
    output = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout
    return {kind: (float(rate), int(items)) for kind, rate, items in map(str.split, output.splitlines())}


def main():
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    turns = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    version = subprocess.run([python, "-c", "import parsel; print(parsel.__version__)"], capture_output=True, text=True)
    has_parsel = version.returncode == 0
    subprocess.run(BUILD, check=True, stdout=sys.stderr)
    folder = subprocess.run(BUILD + ["--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    is_ahead = True
    print(f"| page of 50 KB | magpie, pages/s | parsel {version.stdout.strip()}, pages/s | ahead |")
    print("|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as scratch:
        for items in (20, 70):
            file = pathlib.Path(scratch, f"{items}.html")
            file.write_text(page(items), encoding="utf-8")
            ours, theirs = [], []
            for _ in range(turns):
                ours.append(rows(pathlib.Path(folder, "extraction-bench"), file))
                if has_parsel:
                    theirs.append(rows(python, HERE / "parsel_bench.py", file))
            for kind in ours[0]:
                assert all(turn[kind][1] == items for turn in ours + theirs), "items are missing"
                own = statistics.median(turn[kind][0] for turn in ours)
                other = statistics.median(turn[kind][0] for turn in theirs) if theirs else None
                is_ahead = is_ahead and (other is None or own > other)
                ahead = f"{other:,.0f} | {own / other:.2f}x" if other else "not installed |"
                print(f"| {items} items by {kind} | {own:,.0f} | {ahead} |")
    return 0 if is_ahead else 1


if __name__ == "__main__":
    sys.exit(main())
