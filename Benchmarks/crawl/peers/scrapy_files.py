"""Scrapy as its manual has it for pictures: a spider, the files pipeline, and JOBDIR to be able to go on.

Called with the base, the number of pages, the folder for pictures and one for the job. The epoll reactor, since under
the asyncio one Scrapy 2.19 lets the files pipeline open as many connections as there are pictures.
"""

import sys

import scrapy
from scrapy.crawler import CrawlerProcess

BASE, PAGES, PICTURES, JOB = sys.argv[1:5]


class PictureSpider(scrapy.Spider):
    name = "pictures"

    async def start(self):
        for page in range(1, int(PAGES) + 1):
            yield scrapy.Request(f"{BASE}/photo/list/?page={page}")

    def parse(self, response):
        for item in response.css("a.col-xs-6.col-sm-3"):
            yield {
                "caption": item.css("p::text").get(),
                "file_urls": item.css("img::attr(data-original)").getall(),
            }


process = CrawlerProcess(
    {
        "ITEM_PIPELINES": {"scrapy.pipelines.files.FilesPipeline": 1},
        "FILES_STORE": PICTURES,
        "JOBDIR": JOB,
        "TWISTED_REACTOR": "twisted.internet.epollreactor.EPollReactor",
        # 32 connections to the four hosts of pictures.
        "CONCURRENT_REQUESTS": 33,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "CONCURRENT_ITEMS": 200,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
    }
)
process.crawl(PictureSpider)
process.start()
