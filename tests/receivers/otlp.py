"""A receiver of OTLP over HTTP and gRPC, made of OpenTelemetry's own package of messages and services.

Prints its ports as one object, then one object for each request: how it came and what was decoded. Each line of standard input is an object
that says how the next request is answered, and is acknowledged by a line; without one, or with an empty one, it is accepted.
"""

import argparse
import gzip
import http.server
import json
import queue
import ssl
import sys
import threading
from concurrent import futures

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.json_format import MessageToDict
from google.rpc import error_details_pb2, status_pb2
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2, logs_service_pb2_grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc

ANSWERS = queue.SimpleQueue()
OUT = threading.Lock()

SIGNALS = {
    "metrics": (
        metrics_service_pb2.ExportMetricsServiceRequest,
        metrics_service_pb2.ExportMetricsServiceResponse,
        "rejected_data_points",
    ),
    "logs": (
        logs_service_pb2.ExportLogsServiceRequest,
        logs_service_pb2.ExportLogsServiceResponse,
        "rejected_log_records",
    ),
}


def tell(line):
    with OUT:
        print(json.dumps(line), flush=True)


def seen(signal, request, **how):
    message = MessageToDict(request, preserving_proto_field_name=True, use_integers_for_enums=True)
    tell({"signal": signal, "bytes": request.ByteSize(), "message": message, **how})


def next_answer():
    try:
        return ANSWERS.get_nowait()
    except queue.Empty:
        return {}


def response(signal, answer):
    _, kind, rejected = SIGNALS[signal]
    made = kind()
    if "rejected" in answer:
        setattr(made.partial_success, rejected, answer["rejected"])
        made.partial_success.error_message = answer["message"]
    return made


class Http(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        signal = self.path.rstrip("/").rsplit("/", 1)[-1]
        request = SIGNALS[signal][0].FromString(body)
        headers = {key.lower(): value for key, value in self.headers.items()}
        answer = next_answer()
        seen(signal, request, protocol="http", path=self.path, headers=headers)
        status = answer.get("status", 200)
        if status == 200:
            body = response(signal, answer).SerializeToString()
        else:
            body = status_pb2.Status(message=answer.get("message", "")).SerializeToString()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Service:
    def __init__(self, signal):
        self.signal = signal

    def Export(self, request, context):
        answer = next_answer()
        headers = {key: value for key, value in context.invocation_metadata() if isinstance(value, str)}
        seen(self.signal, request, protocol="grpc", headers=headers)
        if "code" in answer:
            details = []
            if "retry_seconds" in answer:
                info = error_details_pb2.RetryInfo()
                info.retry_delay.FromMilliseconds(int(answer["retry_seconds"] * 1000))
                details.append(Any())
                details[0].Pack(info)
            code = grpc.StatusCode[answer["code"]]
            status = status_pb2.Status(code=code.value[0], message=answer["message"], details=details)
            context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])
            context.abort(code, answer["message"])
        return response(self.signal, answer)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--certificate")
    arguments.add_argument("--key")
    arguments.add_argument("--authority")
    arguments = arguments.parse_args()

    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Http)
    calls = grpc.server(futures.ThreadPoolExecutor(4))
    metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(Service("metrics"), calls)
    logs_service_pb2_grpc.add_LogsServiceServicer_to_server(Service("logs"), calls)
    if arguments.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=arguments.authority)
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_cert_chain(arguments.certificate, arguments.key)
        web.socket = context.wrap_socket(web.socket, server_side=True)
        read = lambda path: open(path, "rb").read()
        pair = (read(arguments.key), read(arguments.certificate))
        credentials = grpc.ssl_server_credentials([pair], read(arguments.authority), True)
        port = calls.add_secure_port("127.0.0.1:0", credentials)
    else:
        port = calls.add_insecure_port("127.0.0.1:0")
    calls.start()
    threading.Thread(target=web.serve_forever, daemon=True).start()
    tell({"http": web.server_port, "grpc": port})
    for line in sys.stdin:
        answer = json.loads(line)
        if answer:
            ANSWERS.put(answer)
        tell({"acknowledged": True})
    calls.stop(None)
    web.shutdown()


main()
