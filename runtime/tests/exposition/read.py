"""Reads texts with the parsers of Prometheus's own Python client: a JSON request a line, a JSON answer a line."""

import json
import sys

from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics

PARSERS = {"text": parser.text_string_to_metric_families, "openmetrics": openmetrics.text_string_to_metric_families}

for line in sys.stdin:
    request = json.loads(line)
    try:
        families = [
            {
                "name": family.name,
                "type": family.type,
                "unit": family.unit,
                "help": family.documentation,
                "samples": [[sample.name, sample.labels, repr(float(sample.value))] for sample in family.samples],
            }
            for family in PARSERS[request["format"]](request["text"])
        ]
        answer = {"families": families}
    except Exception as error:
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
