"""Makes checks and runs them as the Agent does, under the SDK's own stubs: a request a line, an answer a line."""

import csv
import importlib
import json
import math
import sys
import time
from pathlib import Path

from datadog_checks.base import AgentCheck
from datadog_checks.base.stubs import aggregator, datadog_agent


def class_of(check):
    """The Agent's rule: the subclass of AgentCheck that the module has."""
    importlib.invalidate_caches()
    things = vars(importlib.import_module(f"datadog_checks.{check}")).values()
    (found,) = (thing for thing in things if isinstance(thing, type) and issubclass(thing, AgentCheck))
    return found


def as_json(bucket):
    """JSON knows no infinity."""
    return {name: str(value) if value == math.inf else value for name, value in bucket._asdict().items()}


def strict(log):
    """The Agent's functions take texts of C, which the stubs do not mind."""

    def checked(self, message, *rest, **more):
        if "\0" in message:
            raise ValueError("embedded null character")
        return log(self, message, *rest, **more)

    return checked


AgentCheck.warning = strict(AgentCheck.warning)
submit_metric = aggregator.submit_metric


class Host:
    def __init__(self):
        self.checks = {}
        self.agent = {}

    def be(self, **agent):
        """What the Agent is like from now on: its settings, where it has configurations from, a metric that it fails at."""
        self.agent = agent
        aggregator.submit_metric = self.submit_metric

    def submit_metric(self, check, check_id, kind, name, *rest):
        if name == self.agent.get("fails_at"):
            raise RuntimeError("the aggregator is gone")
        submit_metric(check, check_id, kind, name, *rest)

    def make(self, check, init_config, instance):
        try:
            made = class_of(check)(name=check, init_config=init_config, instances=[instance])
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"}
        made.check_id = f"{check}:1"
        self.checks[check] = made
        return {}

    def run(self, check):
        aggregator.reset()
        kept = dict(datadog_agent._cache)
        datadog_agent.reset()
        datadog_agent._cache.update(kept)
        datadog_agent._config.update(self.agent.get("config", {}))
        self.checks[check].provider = self.agent.get("provider", "file")
        made, start = self.checks[check], time.monotonic()
        error = made.run()
        return {
            "error": json.loads(error)[0]["message"] if error else None,
            "seconds": time.monotonic() - start,
            "metrics": [stub._asdict() for stubs in aggregator._metrics.values() for stub in stubs],
            "buckets": [as_json(stub) for stubs in aggregator._histogram_buckets.values() for stub in stubs],
            "service_checks": [stub._asdict() for stubs in aggregator._service_checks.values() for stub in stubs],
            "events": aggregator.events,
            "logs": datadog_agent._sent_logs[made.check_id],
            "warnings": made.get_warnings(),
            "metadata": {name: value for (_, name), value in datadog_agent._metadata.items()},
            "diagnoses": json.loads(made.get_diagnoses()),
        }

    def compare(self, folder, symmetric):
        rows = csv.DictReader((Path(folder) / "metadata.csv").read_text().splitlines())
        metadata = {row["metric_name"]: row for row in rows}
        try:
            aggregator.assert_metrics_using_metadata(
                metadata, check_submission_type=True, check_symmetric_inclusion=symmetric
            )
            aggregator.assert_service_checks(json.loads((Path(folder) / "assets/service_checks.json").read_text()))
        except AssertionError as error:
            return str(error)

    def cancel(self, check):
        self.checks.pop(check).cancel()


host = Host()
for line in sys.stdin:
    request = json.loads(line)
    answer = getattr(host, request.pop("do"))(**request)
    print(json.dumps(answer), flush=True)
