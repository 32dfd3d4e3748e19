"""The same contexts as in `bench-exposition`, written by the Python client of Prometheus: one JSON object a line."""

import json
import resource
import sys
import time

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.openmetrics.exposition import generate_latest

LABELS = ["device", "env", "filesystem", "host", "mount_point", "team"]
METRICS = [("used", "bytes", 4096), ("free", "bytes", 512), ("in_use", "ratio", 1 / 1_000_003), ("inodes", "", 1), ("checked", "seconds", 0.25)]


def peak_kib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


for contexts in map(int, sys.argv[1:]):
    registry = CollectorRegistry()
    for name, unit, scale in METRICS:
        gauge = Gauge(f"bench_filesystem_{name}", "A value.", LABELS, unit=unit, registry=registry)
        for number in range(contexts // len(METRICS)):
            gauge.labels(number, "bench", "ext4", "web-1.example.com", number, "allwell").set(number * scale)
    before = peak_kib()
    start = time.perf_counter()
    text = generate_latest(registry)
    seconds = time.perf_counter() - start
    result = {"contexts": contexts, "seconds": round(seconds, 4), "megabytes_per_second": round(len(text) / 1e6 / seconds), "peak_extra_kib": peak_kib() - before}
    print(json.dumps(result), flush=True)
