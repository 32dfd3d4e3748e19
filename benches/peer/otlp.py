"""The same points as `bench-otlp` has, encoded by OpenTelemetry's own exporter of Python."""

import json
import time

from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    Metric,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

RECORDS = 10_000
NOW = 1_700_000_000_000_000_000


def points(start):
    for number in range(RECORDS):
        attributes = {
            "env": "bench",
            "team": "allwell",
            "device": str(number),
            "mount_point": str(number % 100),
            "filesystem": "ext4",
        }
        yield NumberDataPoint(attributes, start, NOW, float(number))


def metric(name):
    if name in "abcde":
        data = Gauge(list(points(None)))
    else:
        data = Sum(list(points(NOW)), AggregationTemporality.CUMULATIVE, True)
    return Metric("bench." + name, "A value.", "By", data)


metrics = [metric(name) for name in "abcdefghij"]
scope = ScopeMetrics(InstrumentationScope("bench", "1"), metrics, "")
data = MetricsData([ResourceMetrics(Resource({"host.name": "host"}), [scope], "")])
start = time.perf_counter()
length = len(encode_metrics(data).SerializeToString())
seconds = time.perf_counter() - start
count = RECORDS * len(metrics)
print(json.dumps({"points": count, "bytes_per_point": length // count, "points_per_second": round(count / seconds)}))
