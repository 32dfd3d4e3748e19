"""Sends gauges with five tags and a time through Datadog's own client, buffered, and prints the seconds it took and its processor time.

dogstatsd.py URL POINTS
"""

import sys
import time
from urllib.parse import urlsplit

from datadog.dogstatsd import DogStatsd

AT_ONCE = 10_000
TIME = 1_700_000_000
NAMES = ["bench.disk." + letter for letter in "abcdefghij"]

url, points = urlsplit(sys.argv[1]), int(sys.argv[2])
where = {"socket_path": url.path} if url.scheme == "unixgram" else {"host": url.hostname, "port": url.port}
client = DogStatsd(
    **where,
    disable_buffering=False,
    disable_telemetry=True,
    origin_detection_enabled=False,
    max_buffer_len=8192,
    socket_timeout=None,
)
start, cpu = time.perf_counter(), time.process_time()
for point in range(points):
    point %= AT_ONCE
    number = point // 10
    tags = ["env:bench", "team:allwell", f"device:{number}", f"mount_point:{number}", "filesystem:ext4"]
    client.gauge_with_timestamp(NAMES[point % 10], point * 0.5, TIME, tags=tags)
client.flush()
print(time.perf_counter() - start, time.process_time() - cpu)
