"""What series cost with Datadog's own client: its models of version 2, its JSON and deflate. What it would send goes nowhere.

The points are those that `bench-intake --points FILE` wrote. Making the models is counted: without them nothing can be sent.
"""
import gc
import json
import sys
import time
import zlib

import urllib3
from datadog_api_client import ApiClient, Configuration
from datadog_api_client.v2.api.metrics_api import MetricsApi
from datadog_api_client.v2.model.metric_content_encoding import MetricContentEncoding
from datadog_api_client.v2.model.metric_intake_type import MetricIntakeType
from datadog_api_client.v2.model.metric_payload import MetricPayload
from datadog_api_client.v2.model.metric_point import MetricPoint
from datadog_api_client.v2.model.metric_resource import MetricResource
from datadog_api_client.v2.model.metric_series import MetricSeries

AT_ONCE = 10_000
HOST = 'storage-17.example.com'
TYPES = {'count': MetricIntakeType.COUNT, 'rate': MetricIntakeType.RATE, 'gauge': MetricIntakeType.GAUGE}


def series(point):
    return MetricSeries(
        metric=point['metric'],
        type=TYPES[point['type']],
        points=[MetricPoint(timestamp=point['time'], value=point['value'])],
        tags=point['tags'],
        unit=point['unit'],
        source_type_name='System',
        interval=0,
        resources=[MetricResource(name=HOST, type='host')],
    )


def main():
    with open(sys.argv[1]) as lines:
        points = [json.loads(line) for line in lines][:AT_ONCE]
    client = ApiClient(Configuration(api_key={'apiKeyAuth': 'none'}))
    sent = []

    def request(*_, body=None, **__):
        sent.append(body)
        return urllib3.HTTPResponse(body=b'{"errors": []}', status=202, headers={'Content-Type': 'application/json'})

    client.rest_client.pool_manager.request = request
    api = MetricsApi(client)

    def run():
        payload = MetricPayload(series=[series(point) for point in points])
        api.submit_metrics(payload, content_encoding=MetricContentEncoding.DEFLATE)

    best = float('inf')
    for _ in range(5):
        gc.collect()
        gc.disable()
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
        gc.enable()
    assert len(json.loads(zlib.decompress(sent[-1]))['series']) == len(points)
    print(json.dumps({
        'million_points_per_second': round(len(points) / best / 1e6, 4),
        'bytes_per_point': round(len(sent[-1]) / len(points), 1),
    }))


main()
