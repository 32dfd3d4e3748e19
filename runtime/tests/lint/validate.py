"""Asks Datadog's own validators about one integration after the other.

usage: python validate.py REPOSITORY     with DDEV_CONFIG naming a configuration whose `extras` is that repository

Each line of the input is the name of a folder in the repository. Each line of the output is a JSON object: for the
validators `metadata` and `service-checks`, whether the folder passes, whether the validator crashed on it, and what it said.
"""

import contextlib
import io
import json
import os
import sys

from datadog_checks.dev.tooling import constants
from ddev.cli import ddev
from ddev.validation.tracker import ValidationTracker

said = []


def record(tracker_method):
    """What a validator says, before it is laid out for a terminal."""

    def recording(self, branch, *, message):
        said.append(message)
        return tracker_method(self, branch, message=message)

    return recording


ValidationTracker.error = record(ValidationTracker.error)


def validate(validator, folder):
    said.clear()
    screen = io.StringIO()
    # A root that is set once is kept, and the choice of repository is then never made.
    constants.set_root('')
    passes, crashed = True, False
    with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        try:
            ddev(['-e', '--no-interactive', '--no-color', 'validate', validator, folder], prog_name='ddev')
        except SystemExit as exit:
            passes = not exit.code
        except BaseException as error:
            passes, crashed = False, True
            said.append(f'{type(error).__name__}: {error}')
    text = '\n'.join(said) if validator == 'metadata' or crashed else screen.getvalue()
    # Half of a surrogate pair is fine for Python, and for nobody else.
    text = text.encode(errors='replace').decode()
    return {'passes': passes, 'crashed': crashed, 'said': text}


def main():
    os.chdir(sys.argv[1])
    for line in sys.stdin:
        folder = line.rstrip('\n')
        answer = {validator: validate(validator, folder) for validator in ('metadata', 'service-checks')}
        print(json.dumps(answer), flush=True)


main()
