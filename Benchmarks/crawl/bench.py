"""Measures whole crawls of a generated gallery, magpie beside whatever else is installed.

    python3 Benchmarks/crawl/bench.py [small | seed] [--runs 5] [--only magpie,colly] [--latency 50]

Builds magpie for release, serves the site with nginx on the loopback, runs every crawler by turns on a fresh folder,
compares every byte with what the site has, and prints a table of medians. Benchmarks/README.md says more.
Exits with 1 if magpie did not end well or lacks a picture.
"""

import argparse
import hashlib
import os
import pathlib
import signal
import statistics
import subprocess
import sys

import disk
import gallery
import measure
import runners
import server

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OWN = {".magpie", "magpie.db", "magpie.db-wal", "magpie.db-shm"}


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("profile", nargs="?", default="small", choices=gallery.PROFILES)
    parser.add_argument("--runs", type=int, default=3, help="of each crawler")
    parser.add_argument("--only", help="names of crawlers, with commas between them")
    parser.add_argument("--latency", type=int, default=0, metavar="MS", help="how much later every answer comes")
    parser.add_argument("--disk", default="folder", choices=disk.KINDS, help="what each run gets a fresh one of")
    parser.add_argument("--out", type=pathlib.Path, help="where crawlers write; a tmpfs, say")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / ".build" / "bench", help="for the site and nginx")
    parser.add_argument("--python", default=sys.executable, help="one that has requests, scrapy, gallery-dl")
    parser.add_argument("--magpie", type=pathlib.Path, help="a binary, instead of building one")
    parser.add_argument("--port", type=int, default=18080)
    return parser.parse_args()


def build():
    command = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--package-path", str(ROOT)]
    command += ["--product", "magpie"]
    subprocess.run(command, check=True, stdout=sys.stderr)
    folder = subprocess.run(command + ["--show-bin-path"], check=True, capture_output=True, text=True)
    return pathlib.Path(folder.stdout.strip()) / "magpie"


def check(site, folder):
    """How many pictures of the site are in the folder, and how many files are none of them."""
    digests = set(site.digests.values())
    found, foreign = set(), 0
    for parent, folders, names in os.walk(folder):
        folders[:] = set(folders) - OWN
        for name in set(names) - OWN:
            with open(os.path.join(parent, name), "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found.add(digest)
            foreign += digest not in digests
    return len(found & digests), foreign


def warm(site):
    """Reads what will be served, so that no run pays for the disk."""
    total = 0
    for file in site.folder.glob("*/*"):
        total += len(file.read_bytes())
    return total


def run_once(runner, site, folder, web):
    log = folder / "log.txt"
    os.sync()
    machine, nginx, own = measure.machine_seconds(), web.processor_seconds(), sum(os.times()[:2])
    usage = measure.run(runner.command(folder), folder, log, runner.variables)
    others = measure.machine_seconds() - machine - usage.processor_seconds
    others -= web.processor_seconds() - nginx + sum(os.times()[:2]) - own
    right, foreign = check(site, folder / "pictures")
    if usage.status != 0 or foreign or right < len(site.digests):
        tail = log.read_text(errors="replace")[-300:].strip()
        missing = len(site.digests) - right
        print(f"{runner.name}: status {usage.status}, {missing} missing, {foreign} foreign. {tail}", file=sys.stderr)
    return {
        "pictures": right / usage.seconds,
        "processor": 1000 * usage.processor_seconds / max(1, right),
        "memory": usage.peak_bytes / 1e6,
        "others": max(0, others) / usage.seconds,
        "right": right,
        "foreign": foreign,
        "status": usage.status,
    }


def print_table(site, results, given):
    first = None
    if "magpie" in results:
        first = {key: statistics.median(run[key] for run in results["magpie"]) for key in ("pictures", "processor")}
    print("| crawler | pictures/s (least to most) | magpie is | CPU s per 1,000 | its ÷ magpie's "
          "| peak MB | right | others' load |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, runs in results.items():
        middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        speeds = sorted(run["pictures"] for run in runs)
        faster = f"{first['pictures'] / middle['pictures']:.2f} x" if first and middle["pictures"] else ""
        dearer = f"{middle['processor'] / first['processor']:.2f}" if first else ""
        print(
            f"| {name}{' (given the list)' if name in given else ''} "
            f"| {middle['pictures']:,.0f} ({speeds[0]:,.0f} to {speeds[-1]:,.0f}) | {faster} "
            f"| {middle['processor']:.3f} | {dearer} | {middle['memory']:.0f} "
            f"| {min(run['right'] for run in runs)} of {len(site.digests)} | {middle['others']:.2f} |"
        )


def main():
    arguments = read_arguments()
    if not server.NGINX:
        raise SystemExit("nginx is missing: install it first (nginx-light will do)")
    # So that nginx and the loop device are given back.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    program = (arguments.magpie or build()).resolve()
    work = arguments.work.resolve()
    site = gallery.Site(work / f"site-{arguments.profile}-{arguments.port}", arguments.profile, arguments.port)
    chosen, missing = runners.all_runners(program, arguments.python, site, work)
    if arguments.only:
        wanted = arguments.only.split(",")
        unknown = set(wanted) - {runner.name for runner in chosen}
        if unknown:
            raise SystemExit(f"not known or not installed: {', '.join(sorted(unknown))}")
        chosen = [runner for runner in chosen if runner.name in wanted]
    elif missing:
        print(f"not installed: {', '.join(missing)}", file=sys.stderr)
    site_bytes = warm(site)
    place = disk.KINDS[arguments.disk](arguments.out or work / "out", site_bytes, arguments.runs * len(chosen))
    results = {runner.name: [] for runner in chosen}
    try:
        with server.Server(site, work / "nginx", arguments.latency) as web:
            for turn in range(arguments.runs):
                for runner in chosen:
                    folder = place.fresh(f"{turn}-{runner.name.replace(' ', '')}")
                    result = run_once(runner, site, folder, web)
                    results[runner.name].append(result)
                    print(f"{turn + 1}: {runner.name}: {result['pictures']:,.0f} pictures/s", file=sys.stderr)
                    place.checked()
    finally:
        place.close()
    latency = f", every answer {arguments.latency} ms later" if arguments.latency else ""
    print(
        f"{arguments.profile}: {site.pages} pages, {len(site.digests)} pictures, "
        f"{site_bytes / 1e6:,.0f} MB with the pages{latency}; "
        f"medians of {arguments.runs} runs, {os.cpu_count()} cores, output on a fresh {arguments.disk}\n"
    )
    print_table(site, results, {runner.name for runner in chosen if not runner.reads_pages})
    print("\n" + "; ".join(dict.fromkeys(runner.version for runner in chosen)))
    ours = results.get("magpie", [])
    return 0 if all(run["status"] == 0 and run["right"] == len(site.digests) for run in ours) else 1


if __name__ == "__main__":
    sys.exit(main())
