"""What one `self.gauge` costs in the Python SDK: four metrics and two dynamic tags a record, an aggregator that does nothing."""
import gc
import json
import time

import datadog_checks.base.checks.base as base
from datadog_checks.base import AgentCheck
from datadog_checks.base.stubs import aggregator as stub


class Nothing:
    GAUGE, RATE, COUNT, MONOTONIC_COUNT = stub.GAUGE, stub.RATE, stub.COUNT, stub.MONOTONIC_COUNT
    COUNTER, HISTOGRAM, HISTORATE = stub.COUNTER, stub.HISTOGRAM, stub.HISTORATE

    def submit_metric(self, *_):
        pass


RECORDS = 100
ROUNDS = 200


def main():
    base.aggregator = Nothing()
    check = AgentCheck('bench', {}, [{'tags': ['env:bench', 'team:allwell']}])
    instance_tags = ['env:bench', 'team:allwell']
    records = [(f'/dev/nvme{i}n1p1', f'/var/lib/data/{i}', i + 1000, i, 1000, 0.5) for i in range(RECORDS)]

    def run():
        gauge = check.gauge
        for device, mount_point, total, used, free, in_use in records:
            tags = instance_tags + [f'device:{device}', f'mount_point:{mount_point}']
            gauge('bench.disk.total', total, tags=tags)
            gauge('bench.disk.used', used, tags=tags)
            gauge('bench.disk.free', free, tags=tags)
            gauge('bench.disk.in_use', in_use, tags=tags)

    best = float('inf')
    for _ in range(7):
        gc.collect()
        gc.disable()
        start = time.perf_counter_ns()
        for _ in range(ROUNDS):
            run()
        best = min(best, (time.perf_counter_ns() - start) / ROUNDS / RECORDS / 4)
        gc.enable()
    print(json.dumps({'ns_per_sample': round(best, 1)}))


main()
