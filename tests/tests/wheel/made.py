"""What the programs of these tests share: making checks, and an aggregator that keeps only the last values."""

import datadog_checks.base.checks.base as base
from datadog_checks.state import StateCheck


class Last:
    """Keeps the last value of each metric."""

    def __init__(self):
        self.values = {}

    def submit_metric(self, check, check_id, kind, name, value, tags, hostname, flush_first_value):
        self.values[name] = value

    def submit_service_check(self, *_):
        pass

    submit_event = submit_histogram_bucket = submit_service_check


aggregator = base.aggregator = Last()


def made(number=1, cls=StateCheck, **instance):
    check = cls("state", {}, [instance])
    check.check_id = f"state:{number}"
    return check


def run(check):
    """The values of a run, which must end well."""
    aggregator.values = {}
    error = check.run()
    assert error == "", error
    return aggregator.values
