"""Reads HTTP answers with the parsers of Prometheus's own client, and tells what a check is to submit of each.

An answer comes as its length in a line, and then its bytes; what is told of it is a line of JSON. The one argument says what becomes of
families without a type: `gauges` or `nothing`.
"""
import gzip
import http.client
import io
import json
import math
import sys

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client import parser as text

GAUGE, MONOTONIC_COUNT = 0, 3


class Socket:
    def __init__(self, data):
        self.data = data

    def makefile(self, *_):
        return io.BytesIO(self.data)


def families(answer):
    response = http.client.HTTPResponse(Socket(answer))
    response.begin()
    body = response.read()
    if response.getheader('Content-Encoding') == 'gzip':
        body = gzip.decompress(body)
    kind = response.getheader('Content-Type', '')
    if kind.startswith('application/openmetrics-text'):
        return openmetrics.text_string_to_metric_families(body.decode())
    # One by one: that parser takes a gauge for a part of the counter after it, if that has the same name with `_total`.
    return (family for part in parts(body.decode()) for family in text.text_string_to_metric_families(part))


def parts(payload):
    name, lines = None, []
    for line in payload.splitlines(keepends=True):
        words = line.split(maxsplit=3)
        if words[:2] in (['#', 'HELP'], ['#', 'TYPE']) and words[2] != name:
            yield ''.join(lines)
            name, lines = words[2], []
        lines.append(line)
    yield ''.join(lines)


def number(label):
    value = float(label)
    return str(value) if value else '0'


def metrics(family, first_kinds, as_gauge):
    # A name keeps the type that it had first, unless its entry says `native_dynamic`.
    name, kind = family.name, first_kinds.setdefault(family.name, family.type)
    if kind in ('unknown', 'untyped') and as_gauge:
        kind = 'gauge'
    for sample in family.samples:
        labels, ending = dict(sample.labels), sample.name[len(name):]
        if kind == 'gauge':
            yield name, GAUGE, labels, sample.value
        elif kind == 'counter' and ending in ('', '_total'):
            yield f'{name}.count', MONOTONIC_COUNT, labels, sample.value
        elif kind == 'summary' and ending == '':
            labels['quantile'] = number(labels['quantile'])
            yield f'{name}.quantile', GAUGE, labels, sample.value
        elif kind == 'histogram' and ending == '_bucket':
            labels['upper_bound'] = number(labels.pop('le'))
            if labels['upper_bound'] != 'inf':
                yield f'{name}.bucket', MONOTONIC_COUNT, labels, sample.value
        elif kind in ('summary', 'histogram') and ending in ('_sum', '_count'):
            yield name + ending.replace('_', '.'), MONOTONIC_COUNT, labels, sample.value


def rows(answer, as_gauge):
    first_kinds = {}
    for family in families(answer):
        for name, kind, labels, value in metrics(family, first_kinds, as_gauge):
            if math.isfinite(value):
                yield [name, kind, repr(float(value)), sorted(f'{key}:{value}' for key, value in labels.items()), '', False]


as_gauge, stdin = sys.argv[1] == 'gauges', sys.stdin.buffer
while length := stdin.readline():
    answer = stdin.read(int(length))
    print(json.dumps({'metrics': list(rows(answer, as_gauge)), 'buckets': [], 'service_checks': []}), flush=True)
