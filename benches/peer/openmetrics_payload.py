"""A payload in the text format, the same for the same size: openmetrics_payload.py write SAMPLES FILE; openmetrics_payload.py serve FILE, which prints an address.

Of a hundred samples about forty are gauges, thirty counters, twenty-five of histograms (ten buckets, sum and count a series) and
five of summaries; each has five labels.
"""
import random
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SERIES_A_FAMILY = 100
BOUNDS = ('0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '5', '+Inf')
METHODS, CODES = ('GET', 'POST', 'PUT'), (200, 201, 404, 500)


def labels(series):
    return (
        f'instance="10.0.{series % 255}.{series % 251}:9100",job="web-{series % 17}",method="{METHODS[series % 3]}",'
        f'path="/api/v{series % 4}/items/{series % 97}",code="{CODES[series % 4]}"'
    )


def gauge(name, series, rng):
    yield f'{name}{{{labels(series)}}} {rng.random() * 1000:.4f}'


def counter(name, series, rng):
    yield f'{name}{{{labels(series)}}} {rng.randrange(1 << 40)}'


def histogram(name, series, rng):
    total = 0
    for bound in BOUNDS:
        total += rng.randrange(50)
        yield f'{name}_bucket{{{labels(series)},le="{bound}"}} {total}'
    yield f'{name}_sum{{{labels(series)}}} {total * .123:.4f}'
    yield f'{name}_count{{{labels(series)}}} {total}'


def summary(name, series, rng):
    for quantile in ('0.5', '0.9', '0.99'):
        yield f'{name}{{{labels(series)},quantile="{quantile}"}} {rng.random():.5f}'
    yield f'{name}_sum{{{labels(series)}}} {rng.random() * 99:.4f}'
    yield f'{name}_count{{{labels(series)}}} {rng.randrange(9999)}'


KINDS = ((gauge, .40, ''), (counter, .30, '_total'), (histogram, .25, '_seconds'), (summary, .05, '_seconds'))


def lines(samples):
    rng = random.Random(1)
    for write, share, ending in KINDS:
        kind, left, family = write.__name__, int(samples * share), 0
        while left > 0:
            name = f'acme_{kind}_{family}{ending}'
            yield f'# HELP {name} Help text for {name}.'
            yield f'# TYPE {name} {kind}'
            for series in range(SERIES_A_FAMILY):
                if left <= 0:
                    break
                for line in write(name, series + family * 7, rng):
                    left -= 1
                    yield line
            family += 1


def serve(path):
    with open(path, 'rb') as file:
        body = file.read()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'

        def do_GET(self):
            self.send_response(200)
            self.send_header('Content-Type', 'text/plain; version=0.0.4')
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    print(f'http://127.0.0.1:{server.server_address[1]}/metrics', flush=True)
    server.serve_forever()


if sys.argv[1] == 'write':
    with open(sys.argv[3], 'w') as file:
        file.writelines(line + '\n' for line in lines(int(sys.argv[2])))
else:
    serve(sys.argv[2])
