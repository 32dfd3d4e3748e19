"""The library beside this file: how it is called, and what it replies.

The library's own command line writes this file: `export integration --library`.
"""

import ctypes
import json
import os
import struct
import weakref
from itertools import pairwise
from pathlib import Path

from .configuration import text_of

FILE = Path(__file__).with_name("{file}")
INTERFACE = 1
HEAD = struct.Struct("=5Q")
BUCKET, MONOTONIC_BUCKET = 7, 8


class Bytes(ctypes.Structure):
    _fields_ = [("start", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class Refused(Exception):
    """The configuration is not good; the text says all that is wrong with it."""


def load():
    library = ctypes.CDLL(str(FILE))
    functions = {
        "allwell_interface": ([], ctypes.c_uint32),
        "allwell_open": ([ctypes.c_char_p, ctypes.c_size_t], Bytes),
        "allwell_run": ([ctypes.c_uint64], Bytes),
        "allwell_close": ([ctypes.c_uint64], None),
        "allwell_free": ([Bytes], None),
    }
    for name, (arguments, result) in functions.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, result
    if library.allwell_interface() != INTERFACE:
        raise ImportError(f"{FILE} is of another version than {__file__}; export both anew")
    return library


# The interpreter's lock is free while a function of it runs.
LIBRARY = load()


def taken(answer):
    try:
        return ctypes.string_at(answer.start, answer.length)
    finally:
        LIBRARY.allwell_free(answer)


class Instance:
    """An instance of the check: it lives in the library until it is closed, or this object goes."""

    def __init__(self, check, init_config, instance, hostname):
        texts = {"init_config": text_of(init_config), "instance": text_of(instance)}
        self._request = json.dumps({"check": check, "hostname": hostname, **texts}).encode()
        self._scopes = {}
        self.warnings = self._open()

    def _open(self):
        answer = json.loads(taken(LIBRARY.allwell_open(self._request, len(self._request))))
        if answer["error"] is not None:
            raise Refused(answer["error"])
        self._number, self._process = answer["instance"], os.getpid()
        self.close = weakref.finalize(self, LIBRARY.allwell_close, self._number)
        return answer["warnings"]

    def run(self, tags_as_configured):
        """Runs it once; other threads go on meanwhile."""
        if self._process != os.getpid() and self.close.detach():
            # The library has nothing of the process that this one was forked from.
            self._open()
        reply = Reply(taken(LIBRARY.allwell_run(self._number)), self._scopes, tags_as_configured)
        self._scopes = reply.known
        return reply


class Reply:
    """What came of a run: columns of numbers, the texts that they belong to, and what else was said."""

    def __init__(self, data, known, tags_as_configured):
        samples, buckets, scopes, texts, said = HEAD.unpack_from(data)
        column = columns(data)
        self.values = column("d", samples)
        self.bounds = column("d", buckets), column("d", buckets)
        self.counts = column("q", buckets)
        self.of_samples = column("I", samples), column("I", samples)
        self.of_buckets = column("I", buckets), column("I", buckets)
        ends = column("I", scopes)
        start = len(data) - said - texts
        self.said = json.loads(data[start + texts :])
        # Texts of the last run are not taken apart again; those that it did not have are forgotten.
        self.known, self.scopes = {}, []
        for begin, end in pairwise([0, *ends]):
            text = data[start + begin : start + end]
            scope = known.get(text)
            if scope is None:
                *tags, hostname = text.decode().split("\0")
                scope = tags_as_configured(tags), hostname
            self.known[text] = scope
            self.scopes.append(scope)

    def submit(self, check, aggregator):
        """Hands samples and buckets to the Agent's aggregator, as the methods of the base class do."""
        metrics, check_id = self.said["metrics"], check.check_id
        submit = aggregator.submit_metric
        for value, metric, scope in zip(self.values, *places(self.of_samples, metrics, self.scopes)):
            kind, name, flush_first = metric
            tags, hostname = scope
            submit(check, check_id, kind, name, value, tags, hostname, flush_first)
        buckets = zip(self.counts, *self.bounds, *places(self.of_buckets, metrics, self.scopes))
        for count, lower, upper, (kind, name, flush_first), (tags, hostname) in buckets:
            monotonic = kind == MONOTONIC_BUCKET
            aggregator.submit_histogram_bucket(
                check, check_id, name, count, lower, upper, monotonic, hostname, tags, flush_first
            )


def columns(data):
    view, place = memoryview(data), HEAD.size

    def column(code, count):
        nonlocal place
        begin, place = place, place + count * struct.calcsize(code)
        return view[begin:place].cast(code).tolist()

    return column


def places(indices, *lists):
    return [map(these.__getitem__, those) for those, these in zip(indices, lists)]
