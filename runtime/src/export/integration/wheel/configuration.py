"""A configuration as text for the library: one line for each option, so that a report can name the place.

The library's own command line writes this file: `export integration --library`.
"""

import math
import re

PLAIN = re.compile("[A-Za-z_][A-Za-z0-9_.-]*")
NOT_PLAIN = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def text_of(configured):
    """YAML with a line for each option, and every text in quotes, so that it stays one."""
    return "".join(f"{line}\n" for line in lines(configured)) if configured else ""


def lines(value, indent=""):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from entry(f"{indent}{key_of(key)}:", item, indent + "  ")
    else:
        for item in value:
            yield from entry(f"{indent}-", item, indent + "  ")


def entry(head, item, indent):
    if isinstance(item, (dict, list, tuple)) and item:
        yield head
        yield from lines(item, indent)
    else:
        yield f"{head} {scalar(item)}"


def key_of(key):
    is_plain = isinstance(key, str) and PLAIN.fullmatch(key) and key.lower() not in NOT_PLAIN
    return key if is_plain else scalar(key)


def scalar(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (dict, list, tuple)):
        return "{}" if isinstance(value, dict) else "[]"
    return '"%s"' % "".join(map(escaped, str(value)))


def escaped(character):
    if character in ESCAPES:
        return ESCAPES[character]
    return character if character.isprintable() else f"\\U{ord(character):08x}"
