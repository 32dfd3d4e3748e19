"""What a scrape costs in the Python SDK: openmetrics.py URL, with an aggregator that does nothing. Processor time of this process."""
import gc
import json
import sys
import time

import datadog_checks.base.checks.base as base
from datadog_checks.base import OpenMetricsBaseCheckV2
from datadog_checks.base.stubs import aggregator as stub


class Nothing:
    GAUGE, RATE, COUNT, MONOTONIC_COUNT = stub.GAUGE, stub.RATE, stub.COUNT, stub.MONOTONIC_COUNT
    COUNTER, HISTOGRAM, HISTORATE = stub.COUNTER, stub.HISTOGRAM, stub.HISTORATE
    submitted = 0

    def submit_metric(self, *_):
        Nothing.submitted += 1

    def submit_histogram_bucket(self, *_):
        Nothing.submitted += 1

    def submit_service_check(self, *_):
        pass


class Acme(OpenMetricsBaseCheckV2):
    __NAMESPACE__ = 'acme'
    DEFAULT_METRIC_LIMIT = 0


def peak():
    with open('/proc/self/status') as status:
        return next(int(line.split()[1]) for line in status if line.startswith('VmHWM:')) / 1024


base.aggregator = Nothing()
check = Acme('acme', {}, [{'openmetrics_endpoint': sys.argv[1], 'metrics': ['.+'], 'tags': ['env_name:bench']}])
check.check_id = 'acme:1'
check.run_check_initializations()
check.check(None)
submitted, best = Nothing.submitted, float('inf')
for _ in range(3):
    gc.collect()
    before = time.process_time()
    check.check(None)
    best = min(best, time.process_time() - before)
print(json.dumps({'submitted': submitted, 'cpu_ms': round(best * 1000, 1), 'samples_per_cpu_second': int(submitted / best), 'peak_mib': round(peak(), 1)}))
