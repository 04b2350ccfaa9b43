"""How gallery-dl reads the site: its own reader for any site forgets the port of an address."""

import re

from gallery_dl.extractor.common import Extractor, Message
from gallery_dl.text import nameext_from_url, unescape

ITEM = re.compile('data-original="(.*?)".*?<p style="display: none">(.*?)</p>', re.S)


class BenchExtractor(Extractor):
    category = "bench"
    subcategory = "list"
    pattern = r"bench:(http://[\w.:]+)(/photo/list/.*)"
    example = "bench:http://127.0.0.1:8080/photo/list/?page=1"
    directory_fmt = ()
    filename_fmt = "{caption[:60]} {filename}.{extension}"
    archive_fmt = "{filename}"

    def items(self):
        base, path = self.groups
        yield Message.Directory, "", {}
        while path:
            page = self.request(base + path).text
            for address, caption in ITEM.findall(page):
                yield Message.Url, address, nameext_from_url(address, {"caption": unescape(caption)})
            following = re.search('<a rel="next" href="(.*?)"', page)
            path = following and unescape(following[1])
