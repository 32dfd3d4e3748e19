"""Two instances that take three seconds each, in two threads, while a third thread counts in Python."""

import json
import threading
import time

from made import made

PAUSE = 3
checks = [made(number, pause=PAUSE) for number in (1, 2)]
errors, counted, ended = [], 0, threading.Event()


def count():
    global counted
    while not ended.is_set():
        counted += 1


def timed(work):
    start = time.monotonic()
    work()
    return time.monotonic() - start


def both():
    threads = [threading.Thread(target=lambda check=check: errors.append(check.run())) for check in checks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


counter = threading.Thread(target=count)
counter.start()
seconds = timed(both)
ended.set()
counter.join()
print(json.dumps({"errors": errors, "seconds": seconds, "pause": PAUSE, "counted": counted}))
