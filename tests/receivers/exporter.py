"""Exposes metrics of every type with Prometheus's own client, in OpenMetrics 1.0 to whoever asks for it: exporter.py PORT."""
import sys
import threading

from prometheus_client import Counter, Enum, Gauge, Histogram, Info, Summary, start_http_server

jobs = Counter('jobs', 'Jobs done, by "queue".', ['queue', 'path'])
jobs.labels('mail', 'C:\\DIR\\a "b"\nc').inc(17, exemplar={'trace_id': 'a}b'})
jobs.labels('née', '').inc(2.5)
Gauge('queue_bytes', 'What waits.', ['queue'], unit='bytes').labels('mail').set(-1.5e300)
Gauge('nothing', 'Not a number.').set(float('nan'))
lag = Histogram('lag_seconds', 'How late.', ['queue'], buckets=(1e-05, 0.1, 1, 10))
for seconds in (0.05, 0.7, 3, 30):
    lag.labels('mail').observe(seconds, exemplar={'id': str(seconds)})
Summary('size', 'How large.').observe(3)
Info('build', 'What runs.').info({'version': '1.2.3'})
Enum('state', 'How it is.', states=['idle', 'busy']).state('busy')

start_http_server(int(sys.argv[1]), addr='127.0.0.1')
threading.Event().wait()
