"""Runs Datadog's validators on integrations of the repository in the current directory, all in one process.

The arguments are the integrations' names. Each line of output is a JSON object: `check`, `validator`, `passed`, `said`.
Beside the commands of `ddev validate`, the rules for manifests are applied, which ddev has no command for any more.
"""

import contextlib
import io
import json
import os
import sys

from datadog_checks.dev.tooling import constants
from datadog_checks.dev.tooling.datastructures import JSONDict
from datadog_checks.dev.tooling.manifest_validator.v2.validator import get_v2_validators
from ddev.cli import ddev

OF_ONE = (
    "metadata config models service-checks package readmes imports integration-style"
    " legacy-signature dashboards saved-views eula openmetrics http"
).split()
OF_ALL = ["codeowners"]


def command(arguments):
    """Runs `ddev validate …`; whether it passed, and what it said."""
    said = io.StringIO()
    constants.set_root("")  # or the choice of the repository is not read again
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            ddev(["-e", "--no-interactive", "--no-color", "validate", *arguments], prog_name="ddev")
    except SystemExit as end:
        return end.code in (None, 0), said.getvalue()
    except Exception as crash:
        return False, f"{said.getvalue()}{type(crash).__name__}: {crash}"
    return True, said.getvalue()


def manifest(check):
    """Applies every rule for manifests but that of the schema, which Datadog alone has."""
    root = os.getcwd()
    constants.set_root(root)
    with open(os.path.join(root, check, "manifest.json"), encoding="utf-8") as file:
        content = JSONDict(json.load(file))
    said = []
    for rule in get_v2_validators(None, is_extras=True, is_marketplace=False, ignore_schema=True):
        rule.validate(check, content, False)
        if rule.result.failed:
            said.append(f"{type(rule).__name__}: {rule.result.messages['failure']}")
    return not said, "\n".join(said)


def verdicts(check):
    for validator in OF_ONE:
        yield validator, *command([validator, check])
    for validator in OF_ALL:
        yield validator, *command([validator])
    yield "manifest", *manifest(check)


for name in sys.argv[1:]:
    for validator, passed, said in verdicts(name):
        line = {"check": name, "validator": validator, "passed": passed, "said": said}
        print(json.dumps(line), flush=True)
