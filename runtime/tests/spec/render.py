"""Renders specifications with Datadog's own code and validates configurations with a JSON Schema validator of others.

One request a line on standard input, one answer a line on standard output, both JSON:
  {"do": "render", "spec": TEXT, "source": NAME}    -> {"errors": [...], "files": {NAME: TEXT}}
  {"do": "resolve", "spec": TEXT, "source": NAME}   -> the same, and {"data": what the templates made of it}
  {"do": "models", "spec": TEXT, "source": NAME}    -> {"errors": [...], "files": {NAME: TEXT}}
  {"do": "validate", "schema": SCHEMA, "texts": []} -> {"errors": [[MESSAGE, ...] a text]}
"""

import datetime
import json
import sys

import yaml


# Each template is read once, not once a specification.
TEMPLATES = {}


def load_spec(request):
    from datadog_checks.dev.tooling.configuration import ConfigSpec

    spec = ConfigSpec(request["spec"], source=request["source"], version="1.0.0")
    spec.templates.templates = TEMPLATES
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


def resolve(request):
    from datadog_checks.dev.tooling.configuration.consumers import ExampleConsumer

    spec = load_spec(request)
    for file in spec.data["files"]:
        # A section that is text and example alone, as `logs`, is none of ours.
        file["options"] = [option for option in file["options"] if "options" in option]
        for section in file["options"]:
            for option in section["options"]:
                without_listed_default(option.get("value", {}))
    files = {name: text for name, (text, _) in ExampleConsumer(spec.data).render().items()}
    return {"errors": [str(error) for error in spec.errors], "files": files, "data": spec.data}


def without_listed_default(value):
    """Nor are lists and mappings as the default that is told."""
    for key in ("default", "display_default"):
        if isinstance(value.get(key), (list, dict)):
            del value[key]


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


def plain(value):
    """The value as JSON has it: dates as text, keys as text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return value


# Only where its own reading is not what is compared: the same, and faster.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def validate(request):
    import jsonschema

    kind = jsonschema.Draft202012Validator
    kind.check_schema(request["schema"])
    validator = kind(request["schema"], format_checker=kind.FORMAT_CHECKER)
    answers = []
    for text in request["texts"]:
        try:
            value = plain(yaml.load(text, Loader=LOADER))
        except (ValueError, yaml.YAMLError) as error:
            answers.append([str(error)])
            continue
        problems = validator.iter_errors(value)
        answers.append([f"{problem.json_path}: {problem.message}" for problem in problems])
    return {"errors": answers}


ACTIONS = {"render": render, "resolve": resolve, "models": models, "validate": validate}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(ACTIONS[request["do"]](request)), flush=True)


main()
