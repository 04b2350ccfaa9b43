"""The method that magpie grew out of: requests, a regular expression, 3 threads for pages and 30 for pictures.

Called with the base, the number of pages and the folder for pictures. It ends, makes captions safe as file names and
counts failures, which the original did not; queues, threads and requests without a session are as they were.
"""

import html
import pathlib
import queue
import re
import sys
import threading

import requests

ITEM = re.compile('data-original="(.*?)".*?<p style="display: none">(.*?)</p>', re.S)
TIMEOUT_SECONDS = 10


def work(tasks, act):
    while (task := tasks.get()) is not None:
        try:
            act(*task)
        except (requests.RequestException, OSError) as error:
            print(task, error, file=sys.stderr)
        tasks.task_done()


def main():
    base, pages, folder = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
    page_tasks, picture_tasks = queue.Queue(), queue.Queue()

    def read(page):
        answer = requests.get(f"{base}/photo/list/?page={page}", timeout=TIMEOUT_SECONDS)
        for address, caption in ITEM.findall(answer.content.decode()):
            name = re.sub(r"[/\\\x00-\x1f]", "_", html.unescape(caption))[:60]
            picture_tasks.put((address, folder / (name + pathlib.PurePath(address).suffix)))

    def save(address, path):
        if not path.is_file():
            path.write_bytes(requests.get(address, timeout=TIMEOUT_SECONDS).content)

    for tasks, act, count in ((page_tasks, read, 3), (picture_tasks, save, 30)):
        for _ in range(count):
            threading.Thread(target=work, args=(tasks, act), daemon=True).start()
    for page in range(1, pages + 1):
        page_tasks.put((page,))
    page_tasks.join()
    picture_tasks.join()


main()
