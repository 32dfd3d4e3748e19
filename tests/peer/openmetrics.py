"""Datadog's own check, beside ours: a line of JSON with an instance begins anew, and for every `null` what a scrape submits goes out."""
import json
import logging
import math
import os
import sys
import time

from datadog_checks.base import OpenMetricsBaseCheckV2
from datadog_checks.base.stubs import aggregator, datadog_agent

logging.disable(logging.CRITICAL)
# Tags that it advises against are fine.
os.environ['DDEV_SKIP_GENERIC_TAGS_CHECK'] = 'true'

BEGAN = time.time()


class Check(OpenMetricsBaseCheckV2):
    def multiple_histogram_buckets_unsupported_reason(self):
        return None


def finite(number):
    if math.isinf(number):
        return 'inf' if number > 0 else '-inf'
    return number


# Values are text, since readers of JSON may be off by the last digit.
def rows():
    metrics = [
        [m.name, m.type, repr(float(m.value)), sorted(m.tags), m.hostname or '', m.flush_first_value]
        for stubs in aggregator._metrics.values()
        for m in stubs
    ]
    buckets = [
        [b.name, b.value, finite(b.lower_bound), finite(b.upper_bound), b.monotonic, b.hostname or '', sorted(b.tags), b.flush_first_value]
        for stubs in aggregator._histogram_buckets.values()
        for b in stubs
    ]
    checks = [
        [c.name, c.status, sorted(c.tags), c.hostname or '', c.message]
        for stubs in aggregator._service_checks.values()
        for c in stubs
    ]
    return {'metrics': metrics, 'buckets': buckets, 'service_checks': checks}


def begun(request):
    datadog_agent.reset()
    datadog_agent.set_process_start_time(BEGAN)
    check = Check('openmetrics', {}, [request])
    check.check_id = 'openmetrics:1'
    return check


def run(check):
    aggregator.reset()
    error = check.run()
    metadata = {name: value for (_, name), value in datadog_agent._metadata.items()}
    return {**rows(), 'metadata': metadata, 'error': error}


check = None
for line in sys.stdin:
    request = json.loads(line)
    if request is not None:
        check = begun(request)
        continue
    print(json.dumps(run(check)), flush=True)
