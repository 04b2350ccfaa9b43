"""Makes the gallery that the crawlers are measured on: the same bytes each time.

Listing pages at /photo/list/?page=1 and so on with the markup of the original's gallery, pictures on four more
addresses of the loopback, and manifest.tsv, which says what every picture's bytes must be.
"""

import hashlib
import html
import json
import pathlib
import random
import shutil

import pictures

VERSION = 1
"""To be raised when the generator changes, so that sites that were made before are made anew."""

PROFILES = {"mini": (3, 20), "small": (20, 70), "seed": (1655, 20)}
"""Listing pages, and items on each."""

HOST = "127.0.0.1"
PICTURE_HOSTS = ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"]

MEDIAN_BYTES, SIGMA, LARGEST_BYTES = 15_000, 1.1, 500_000
PAGE_BYTES = 50_000

WORDS = "cat dog monday again coffee late why happy sad boss friday homework moon tea train rain".split()
SIGNS = "我你他的猫狗笑哭早晚安好吗不是吃饭睡觉上班下雨天开心生气可爱无语谢谢再见今明加油"


class Site:
    """A site on disk, ready to be served."""

    def __init__(self, folder, profile, port):
        self.folder = pathlib.Path(folder)
        self.pages, self.items_per_page = PROFILES[profile]
        self.port = port
        self.base = f"http://{HOST}:{port}"
        key = json.dumps([VERSION, PROFILES[profile], port])
        done = self.folder / "made"
        if not done.exists() or done.read_text() != key:
            shutil.rmtree(self.folder, ignore_errors=True)
            self._make()
            done.write_text(key)
        lines = (self.folder / "manifest.tsv").read_text().splitlines()
        self.digests = dict(line.split("\t") for line in lines)
        """SHA-256 in hexadecimal by address."""

    def _make(self):
        for name in ("pages", "pic"):
            (self.folder / name).mkdir(parents=True)
        items, digests, captions = [], {}, []
        for number in range(self.pages * self.items_per_page):
            chance = random.Random(f"item {number}")
            # A gallery shifts while it is crawled, so that some items are listed twice.
            if number > self.items_per_page and chance.random() < 0.005:
                items.append(items[-chance.randrange(1, self.items_per_page)])
                continue
            address, digest = self._make_picture(number, chance)
            digests[address] = digest
            captions.append(caption(chance, captions))
            items.append((number, address, captions[-1]))
        for page in range(1, self.pages + 1):
            listed = items[(page - 1) * self.items_per_page : page * self.items_per_page]
            text = page_text(page, self.pages, listed)
            (self.folder / "pages" / f"{page}.html").write_text(text, encoding="utf-8")
        manifest = "".join(f"{address}\t{digest}\n" for address, digest in digests.items())
        (self.folder / "manifest.tsv").write_text(manifest)

    def _make_picture(self, number, chance):
        length = min(LARGEST_BYTES, max(200, int(chance.lognormvariate(0, SIGMA) * MEDIAN_BYTES)))
        extension = chance.choices(list(pictures.FORMATS), weights=[50, 30, 15, 5])[0]
        data = pictures.FORMATS[extension](chance.randbytes(length - 150 if length > 300 else length))
        # Some names lie about what is in the file.
        shown = chance.choice(["jpg", "gif"]) if chance.random() < 0.015 else extension
        name = f"{hashlib.sha1(str(number).encode()).hexdigest()[:24]}.{shown}"
        (self.folder / "pic" / name).write_bytes(data)
        address = f"http://{chance.choice(PICTURE_HOSTS)}:{self.port}/pic/{name}"
        return address, hashlib.sha256(data).hexdigest()


def caption(chance, before):
    """A caption as people write them, some of which make bad file names."""
    kind = chance.random()
    if kind < 0.01 and before:
        return chance.choice(before[-1000:])
    words = " ".join(chance.choices(WORDS, k=chance.randrange(1, 5)))
    signs = "".join(chance.choices(SIGNS, k=chance.randrange(4, 14)))
    number = chance.randrange(10**6)
    if kind < 0.70:
        return signs + chance.choice(["", "！", f" {number}"])
    if kind < 0.90:
        return f"{words} {number}"
    if kind < 0.97:
        return chance.choice([f"{signs}/{words}", f"\\{signs}", f"{words} & {signs} <{number}>", f"“{signs}”?"])
    if kind < 0.98:
        return "".join(chance.choices(SIGNS, k=120))
    return chance.choice([f"../{words}", f".{words}", f"{signs}. ", "", "CON", f"\u202e{signs}", f"😂{signs}"])


def page_text(page, pages, items, length=PAGE_BYTES):
    """A listing page of about `length` bytes, most of which is no item."""
    chance = random.Random(f"page {page}")
    listed = "".join(
        f'<a class="col-xs-6 col-sm-3" href="/photo/{number}" style="padding:5px;">\n'
        f'<img referrerpolicy="no-referrer" src="/static/loader.gif" data-original="{address}" '
        f'alt="{html.escape(text)}" class="img-responsive lazy image_dta">\n'
        f'<p style="display: none">{html.escape(text, quote=False)}</p></a>\n'
        for number, address, text in items
    )
    links = "".join(
        f'<li><a href="/photo/list/?page={number}">{number}</a></li>\n'
        for number in sorted({1, pages, *range(max(1, page - 3), min(pages, page + 3) + 1)})
    )
    if page < pages:
        links += f'<li><a rel="next" href="/photo/list/?page={page + 1}">›</a></li>\n'
    head = (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head><meta charset="utf-8">'
        f"<title>Pictures, page {page}</title></head>\n<body>\n"
    )
    body = (
        f'<div class="page-content text-center">\n<div class="row">\n{listed}</div>\n'
        f'<ul class="pagination">\n{links}</ul>\n</div>\n'
    )
    room = length - len((head + body).encode())
    return head + menu(chance, room // 2) + body + script(chance, room - room // 2) + "</body>\n</html>\n"


def menu(chance, length):
    """Links and pictures that are no items."""
    lines = []
    while length > 0:
        signs = "".join(chance.choices(SIGNS, k=6))
        lines.append(
            f'<div class="media"><a href="/article/detail/{chance.randrange(10**6)}" title="{signs}">'
            f'<img class="media-object" src="/static/{chance.randrange(9)}.png" alt="{signs}"></a>'
            f'<h4 class="media-heading">{signs}</h4></div>\n'
        )
        length -= len(lines[-1].encode())
    return '<div class="sidebar">\n' + "".join(lines) + "</div>\n"


def script(chance, length):
    values = ",".join(f'"{chance.randbytes(16).hex()}"' for _ in range(max(1, length // 35)))
    return f"<script>var counters=[{values}];</script>\n"
