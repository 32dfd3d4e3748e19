"""Renders specifications with Datadog's own code and validates configurations with a JSON Schema validator of others.

One request a line on standard input, one answer a line on standard output, both JSON:
  {"do": "render", "spec": TEXT, "source": NAME}    -> {"errors": [...], "files": {NAME: TEXT}}
  {"do": "models", "spec": TEXT, "source": NAME}    -> {"errors": [...], "files": {NAME: TEXT}}
  {"do": "yaml", "value": VALUE, "unicode": BOOL}   -> {"text": TEXT}
  {"do": "load", "text": TEXT}                      -> {"value": VALUE}
  {"do": "validate", "schema": SCHEMA, "texts": []} -> {"errors": [[MESSAGE, ...] a text]}
"""

import datetime
import json
import sys

import yaml


def load_spec(request):
    from datadog_checks.dev.tooling.configuration import ConfigSpec

    spec = ConfigSpec(request["spec"], source=request["source"], version="1.0.0")
    spec.load()
    return spec


def render(request):
    from datadog_checks.dev.tooling.configuration.consumers import ExampleConsumer

    spec = load_spec(request)
    errors = [str(error) for error in spec.errors]
    files = {}
    if not errors:
        for name, (text, problems) in ExampleConsumer(spec.data).render().items():
            files[name] = text
            errors += problems
    return {"errors": errors, "files": files}


def models(request):
    from datadog_checks.dev.tooling.configuration.consumers import ModelConsumer

    spec = load_spec(request)
    errors = [str(error) for error in spec.errors]
    files = {}
    if not errors:
        for of_file in ModelConsumer(spec.data).render().values():
            for name, (text, problems) in of_file.items():
                files[name] = text
                errors += problems
    return {"errors": errors, "files": files}


def dump(request):
    return {"text": yaml.safe_dump(request["value"], sort_keys=False, default_flow_style=False)}


def load(request):
    return {"value": plain(yaml.safe_load(request["text"]))}


def plain(value):
    """The value as JSON has it: dates as text, keys as text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return value


def validate(request):
    import jsonschema

    kind = jsonschema.Draft202012Validator
    kind.check_schema(request["schema"])
    validator = kind(request["schema"], format_checker=kind.FORMAT_CHECKER)
    answers = []
    for text in request["texts"]:
        problems = validator.iter_errors(plain(yaml.safe_load(text)))
        answers.append([f"{problem.json_path}: {problem.message}" for problem in problems])
    return {"errors": answers}


ACTIONS = {"render": render, "models": models, "yaml": dump, "load": load, "validate": validate}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(ACTIONS[request["do"]](request)), flush=True)


main()
