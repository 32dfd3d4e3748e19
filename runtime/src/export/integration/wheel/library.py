"""The library beside this file: how it is called, and what it replies.

The library's own command line writes this file: `export integration --library`.
"""

import ctypes
import json
import os
import struct
import weakref
from collections import deque
from itertools import pairwise, repeat
from pathlib import Path

from .configuration import text_of

FILE = Path(__file__).with_name("{file}")
INTERFACE = 2
HEAD = struct.Struct("=6Q")
# The flag of kinds that come in buckets, whose counts only grow.
MONOTONIC = 1


class Bytes(ctypes.Structure):
    _fields_ = [("start", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class Refused(Exception):
    """The configuration, or the Agent, is not good for the check; the text says all that is wrong with it."""


def load():
    library = ctypes.CDLL(str(FILE))
    functions = {
        "allwell_interface": ([], ctypes.c_uint32),
        "allwell_open": ([ctypes.c_char_p, ctypes.c_size_t], Bytes),
        "allwell_remember": ([ctypes.c_uint64, ctypes.c_char_p, ctypes.c_size_t], None),
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
        self._contexts = Contexts.of_nothing()
        self._cache = b""
        self.warnings = self._open()

    def _open(self):
        answer = json.loads(taken(LIBRARY.allwell_open(self._request, len(self._request))))
        if answer["error"] is not None:
            raise Refused(answer["error"])
        self._number, self._process = answer["instance"], os.getpid()
        self.close = weakref.finalize(self, LIBRARY.allwell_close, self._number)
        LIBRARY.allwell_remember(self._number, self._cache, len(self._cache))
        return answer["warnings"]

    def remember(self, cache):
        """What the check had in its cache before; it has not run yet."""
        self._cache = cache.encode()
        LIBRARY.allwell_remember(self._number, self._cache, len(self._cache))

    def run(self, tags_as_configured):
        """Runs it once; other threads go on meanwhile."""
        if self._process != os.getpid() and self.close.detach():
            # The library has nothing of the process that this one was forked from.
            self._open()
        reply = Reply(taken(LIBRARY.allwell_run(self._number)), self._contexts, tags_as_configured)
        self._contexts = reply.contexts
        if reply.said["cache"] is not None:
            self._cache = reply.said["cache"].encode()
        return reply


class Reply:
    """What came of a run: numbers, what each is of, and what else was said."""

    def __init__(self, data, known, tags_as_configured):
        *lengths, said = HEAD.unpack_from(data)
        samples, buckets = lengths[:2]
        column = columns(data, HEAD.size)
        self.values = column("d", samples)
        self.bounds = column("d", buckets), column("d", buckets)
        self.counts = column("q", buckets)
        start, end = HEAD.size + 8 * samples + 24 * buckets, len(data) - said
        self.said = json.loads(data[end:])
        block = data[start:end]
        # Most runs submit what the last one did, with other values.
        is_known = known.block == block and known.lengths == lengths
        self.contexts = known if is_known else Contexts(block, lengths, known, tags_as_configured)

    def submit(self, check, aggregator):
        """Hands samples and buckets to the Agent's aggregator, as the methods of the base class do."""
        kinds, names, tags, hostnames, first = self.contexts.samples
        own = repeat(check), repeat(check.check_id)
        each(map(aggregator.submit_metric, *own, kinds, names, self.values, tags, hostnames, first))
        for kind, name, tags, hostname, first, count, lower, upper in zip(
            *self.contexts.buckets, self.counts, *self.bounds
        ):
            monotonic = bool(kind & MONOTONIC)
            aggregator.submit_histogram_bucket(
                check, check.check_id, name, count, lower, upper, monotonic, hostname, tags, first
            )


class Contexts:
    """What numbers are of: for each its kind, name, tags, host name, and whether a first value counts."""

    def __init__(self, block, lengths, known, tags_as_configured):
        samples, buckets, scopes, texts, metrics = lengths
        self.block, self.lengths = block, lengths
        column = columns(block, 0)
        of_samples = column("I", samples), column("I", samples)
        of_buckets = column("I", buckets), column("I", buckets)
        ends = column("I", scopes)
        end = len(block) - metrics
        rows = json.loads(block[end:])
        # A text that the last run had is not taken apart again; one that it did not have is forgotten.
        self.scopes = {}
        ordered = []
        for text in cut(block[end - texts : end], ends):
            scope = known.scopes.get(text)
            if scope is None:
                *tags, hostname = text.decode().split("\0")
                scope = tags_as_configured(tags), hostname
            self.scopes[text] = scope
            ordered.append(scope)
        self.samples = spread(of_samples, rows, ordered)
        self.buckets = spread(of_buckets, rows, ordered)
        self.count = len(set(zip(*of_samples)) | set(zip(*of_buckets)))

    @classmethod
    def of_nothing(cls):
        nothing = cls.__new__(cls)
        nothing.block, nothing.lengths, nothing.scopes = None, None, {}
        return nothing


def spread(places, rows, scopes):
    of_metrics = [rows[place] for place in places[0]]
    of_scopes = [scopes[place] for place in places[1]]
    kinds, names, first = zip(*of_metrics) if of_metrics else ((), (), ())
    tags, hostnames = zip(*of_scopes) if of_scopes else ((), ())
    return kinds, names, tags, hostnames, first


def columns(data, place):
    view = memoryview(data)

    def column(code, count):
        nonlocal place
        begin, place = place, place + count * struct.calcsize(code)
        return view[begin:place].cast(code).tolist()

    return column


def cut(texts, ends):
    return (texts[begin:end] for begin, end in pairwise([0, *ends]))


def each(calls):
    """Makes all calls, whose results are of no use."""
    deque(calls, maxlen=0)
