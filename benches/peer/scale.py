"""What one run of a check that does next to nothing costs in the Python SDK: `run()` of many instances, one after the other."""
import json
import sys
import time

import datadog_checks.base.checks.base as base
from datadog_checks.base import AgentCheck
from datadog_checks.base.stubs import aggregator as stub


class Nothing:
    GAUGE, RATE, COUNT, MONOTONIC_COUNT = stub.GAUGE, stub.RATE, stub.COUNT, stub.MONOTONIC_COUNT
    COUNTER, HISTOGRAM, HISTORATE = stub.COUNTER, stub.HISTOGRAM, stub.HISTORATE

    def submit_metric(self, *_):
        pass


class Trivial(AgentCheck):
    __NAMESPACE__ = 'trivial'

    def check(self, instance):
        self.gauge('number', instance['number'])


def resident():
    with open('/proc/self/status') as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith('VmRSS:'))


def main():
    base.aggregator = Nothing()
    count = int(sys.argv[1])
    before = resident()
    checks = [Trivial('trivial', {}, [{'number': number}]) for number in range(count)]
    for check in checks:
        check.run()
    bytes_per_instance = (resident() - before) / count
    start = time.process_time()
    for check in checks:
        check.run()
    us = (time.process_time() - start) * 1e6 / count
    print(json.dumps({'us_per_run': round(us, 2), 'bytes_per_instance': round(bytes_per_instance)}))


main()
