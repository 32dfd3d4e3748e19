"""Reads payloads of Datadog's intake with implementations of others: `zstandard`, Google's protobuf, Datadog's own client.

Called with the file of messages and a folder of payloads, each `N-ROUTE.ENCODING`, whose slashes are `_`. Prints what is in them as JSON, by
route. Series and log lines are read into the models of `datadog_api_client`, which refuse what the public API would.
"""
import json
import pathlib
import re
import sys
import zlib

import zstandard
from datadog_api_client import Configuration
from datadog_api_client.model_utils import validate_and_convert_types
from datadog_api_client.v1.model.service_checks import ServiceChecks
from datadog_api_client.v2.model.http_log import HTTPLog
from datadog_api_client.v2.model.metric_payload import MetricPayload
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

KINDS = {'double': 1, 'int64': 3, 'string': 9, 'message': 11, 'uint32': 13, 'enum': 14, 'sint32': 17}
OPTIONAL, REPEATED = 1, 3


def messages(text):
    """The classes of the messages that a file in the language of protobuf declares."""
    text = re.sub(r'//.*', '', text)
    package = re.search(r'package ([\w.]+);', text).group(1)
    file = descriptor_pb2.FileDescriptorProto(name='intake.proto', package=package, syntax='proto3')
    enums = re.findall(r'enum (\w+) \{(.*?)\}', text, re.S)
    for name, body in enums:
        enum = file.enum_type.add(name=name)
        for value, number in re.findall(r'(\w+) = (\d+);', body):
            enum.value.add(name=value, number=int(number))
    for name, body in re.findall(r'message (\w+) \{(.*?)\}', text, re.S):
        message = file.message_type.add(name=name)
        for repeated, kind, field, number in re.findall(r'(repeated )?(\w+) (\w+) = (\d+);', body):
            known = kind if kind in KINDS else 'enum' if kind in dict(enums) else 'message'
            added = message.field.add(name=field, number=int(number), type=KINDS[known])
            added.label = REPEATED if repeated else OPTIONAL
            if known != kind:
                added.type_name = f'.{package}.{kind}'
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f'{package}.{name}'))
        for name in [message.name for message in file.message_type]
    }


def body(path):
    data = path.read_bytes()
    if path.suffix == '.zstd':
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    return zlib.decompress(data) if path.suffix == '.deflate' else data


def protobuf(message, data):
    decoded = message.FromString(data)
    value = json_format.MessageToDict(decoded, preserving_proto_field_name=True, use_integers_for_enums=True)
    # A field that is not declared is not in the value, so what is made of it would be shorter.
    assert json_format.ParseDict(value, message()).SerializeToString(deterministic=True) == data
    return value


def accepted(value, model):
    """The value, if Datadog's client takes it for what the model says, unknown fields included."""
    read = validate_and_convert_types(value, (model,), ['received'], True, True, Configuration())
    assert not getattr(read, '_unparsed', False), read
    return value


def numbers(series):
    """64-bit numbers are texts in the JSON of protobuf, and numbers in that of the API."""
    for point in series['points']:
        point['timestamp'] = int(point['timestamp'])
    return series


def main():
    classes = messages(pathlib.Path(sys.argv[1]).read_text())
    seen = {}
    for path in sorted(pathlib.Path(sys.argv[2]).iterdir()):
        route = path.stem.split('-', 1)[1].replace('_', '/')
        data = body(path)
        if route == '/api/v2/series':
            decoded = protobuf(classes['MetricPayload'], data)['series']
            decoded = accepted({'series': [numbers(series) for series in decoded]}, MetricPayload)['series']
        elif route == '/api/beta/sketches':
            decoded = protobuf(classes['SketchPayload'], data)['sketches']
        elif route == '/api/v2/logs':
            decoded = accepted(json.loads(data), HTTPLog)
        elif route == '/api/v1/check/run':
            decoded = accepted(json.loads(data), ServiceChecks)
        else:
            decoded = [json.loads(data)]
        seen.setdefault(route, []).extend(decoded)
    print(json.dumps(seen))


main()
