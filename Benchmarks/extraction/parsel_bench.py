"""Reads the page of a benchmark with parsel, as extraction-bench does: parsel_bench.py PAGE"""

import html
import pathlib
import re
import sys
import time
import urllib.parse

from parsel import Selector

ADDRESS = "http://127.0.0.1:8080/photo/list/?page=2"
PATTERN = re.compile('data-original="(?P<image>.*?)".*?<p style="display: none">(?P<name>.*?)</p>', re.S)
SPAN_SECONDS = 1


def css(text):
    for item in Selector(text).css("a.col-xs-6.col-sm-3"):
        yield item.css("img::attr(data-original)").get(), item.css("p[style='display: none']::text").get()


def xpath(text):
    for item in Selector(text).xpath("//a[contains(concat(' ', @class, ' '), ' col-sm-3 ')]"):
        yield item.xpath("img/@data-original").get(), item.xpath("p[@style='display: none']/text()").get()


def regex(text):
    for match in PATTERN.finditer(text):
        yield html.unescape(match["image"]), html.unescape(match["name"])


def read(body, find):
    return [(urllib.parse.urljoin(ADDRESS, image), name) for image, name in find(body.decode())]


def main():
    body = pathlib.Path(sys.argv[1]).read_bytes()
    for find in (css, xpath, regex):
        items, pages, start = read(body, find), 0, time.process_time()
        while (took := time.process_time() - start) < SPAN_SECONDS:
            read(body, find)
            pages += 1
        print(f"{find.__name__}\t{pages / took}\t{len(items)}")


main()
