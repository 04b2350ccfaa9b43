"""The crawlers: how each is started here, and whether it is installed."""

import dataclasses
import pathlib
import shutil
import subprocess
import typing

PEERS = pathlib.Path(__file__).resolve().parent / "peers"

RECIPE = """\
name: bench
pages: "{base}/photo/list/?page={{1..{pages}}}"
item:
  each: "a.col-xs-6.col-sm-3"
  image: "img::attr(data-original)"
  name: "p[style='display: none']::text"
path: "{{name}}{{extension}}"
on_conflict: rename
workers: {{ pages: 3, images: 30 }}
"""


@dataclasses.dataclass
class Runner:
    name: str
    reads_pages: bool
    """Whether it finds the pictures itself; else it is handed the list of them, which is half the job."""
    command: typing.Callable[[pathlib.Path], list]
    """The command for a run in this folder, whose `pictures` is empty."""
    version: str
    variables: dict = dataclasses.field(default_factory=dict)


def version(*command):
    """The first line that a program prints of its version; `None` if it can't be run."""
    try:
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    except OSError:
        return None
    lines = result.stdout.strip().splitlines()
    return lines[0].partition(" (")[0] if result.returncode == 0 and lines else None


def magpie(program, site, work):
    recipe = work / "bench.yaml"
    recipe.write_text(RECIPE.format(base=site.base, pages=site.pages))
    shown = version(program, "--version")

    def command(*options):
        return lambda run: [program, "crawl", recipe, "--into", run / "pictures", "--quiet", *options]

    return [
        Runner("magpie", True, command(), f"magpie {shown}"),
        Runner("magpie --no-sync", True, command("--no-sync"), f"magpie {shown}"),
    ]


def python_peers(python, site):
    def peer(name, module, script):
        found = version(python, "-c", f"import {module}; print({module}.__version__)")
        command = lambda run: [python, PEERS / script, site.base, site.pages, run / "pictures", run / "state"]
        return Runner(name, True, command, f"{module} {found}") if found else name

    def gallery_dl(run):
        options = {
            "extractor.module-sources": f'["{PEERS / "gallery_dl_modules"}"]',
            "extractor.base-directory": f'"{run / "pictures"}"',
            "extractor.archive": f'"{run / "archive.sqlite3"}"',
        }
        words = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
        return [python, "-m", "gallery_dl", "--config-ignore", "-q", *words, f"bench:{site.base}/photo/list/?page=1"]

    found = version(python, "-m", "gallery_dl", "--version")
    return [
        peer("original", "requests", "original.py"),
        peer("scrapy", "scrapy", "scrapy_files.py"),
        Runner("gallery-dl", True, gallery_dl, f"gallery-dl {found}") if found else "gallery-dl",
    ]


def colly(site, work):
    """Builds the peer in Go, from the modules or, with GO111MODULE=off, from what is below GOPATH."""
    program = work / "colly" / "colly"
    if not program.exists():
        if not shutil.which("go"):
            return "colly"
        shutil.copytree(PEERS / "colly", program.parent, dirs_exist_ok=True)
        modules = subprocess.run(["go", "env", "GO111MODULE"], capture_output=True, text=True).stdout.strip()
        steps = [["go", "build", "-o", program, "main.go"]]
        if modules != "off":
            steps.insert(0, ["go", "mod", "tidy"])
        for step in steps:
            if subprocess.run(step, cwd=program.parent, capture_output=True).returncode != 0:
                return "colly"
    command = lambda run: [program, site.base, site.pages, run / "pictures"]
    return Runner("colly", True, command, f"colly 2.1.0, {version('go', 'version')}")


def list_peers(site, work):
    addresses = work / "addresses.txt"
    addresses.write_text("".join(f"{address}\n" for address in site.digests))
    settings = work / "curl.txt"
    settings.write_text("".join(f'url = "{address}"\n' for address in site.digests))
    commands = {
        "aria2c": lambda run: [
            *("aria2c", "--no-conf", "--quiet", "--input-file", addresses, "--dir", run / "pictures"),
            *("--max-concurrent-downloads=30", "--max-connection-per-server=1", "--file-allocation=none"),
        ],
        "wget2": lambda run: [
            *("wget2", "--no-config", "--quiet", "--max-threads=30", "--input-file", addresses),
            *("--directory-prefix", run / "pictures"),
        ],
        "curl": lambda run: [
            *("curl", "--disable", "--silent", "--fail", "--parallel", "--parallel-max", "30"),
            *("--remote-name-all", "--output-dir", run / "pictures", "--config", settings),
        ],
    }
    found = {name: version(name, "--version") for name in commands}
    return [
        Runner(name, False, command, found[name]) if found[name] else name for name, command in commands.items()
    ]


def all_runners(program, python, site, work):
    """Every runner that can be run here, and the names of those that can't."""
    runners = [
        *magpie(program, site, work),
        colly(site, work),
        *python_peers(python, site),
        *list_peers(site, work),
    ]
    return [one for one in runners if isinstance(one, Runner)], [one for one in runners if isinstance(one, str)]
