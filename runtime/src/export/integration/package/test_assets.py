"""The files of this folder belong together, and are those that the check's code exports."""

import csv
import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).resolve().parent.parent


def read(path):
    return (FOLDER / path).read_text(encoding="utf-8")


def metrics():
    return [row["metric_name"] for row in csv.DictReader(read("metadata.csv").splitlines())]


def test_every_metric_has_one_row():
    assert len(metrics()) == len(set(metrics()))


def test_the_manifest_names_a_metric_that_there_is():
    named = json.loads(read("manifest.json"))["assets"]["integration"]["metrics"]["check"]
    assert set([named] if isinstance(named, str) else named) <= set(metrics())


def test_service_checks_have_names_of_their_own():
    checks = json.loads(read("assets/service_checks.json"))
    assert len({check["name"] for check in checks}) == len({check["check"] for check in checks}) == len(checks)


def test_the_example_configures_an_instance():
    example = yaml.safe_load(read("datadog_checks/{check}/data/conf.yaml.example"))
    assert len(example["instances"]) == 1


@pytest.mark.skipif("ALLWELL_BINARY" not in os.environ, reason="ALLWELL_BINARY does not name the binary that holds the check")
def test_the_code_exports_these_files():
    binary = os.environ["ALLWELL_BINARY"]
    command = [binary, "export", "integration", "{check}", "--check", "--out", str(FOLDER.parent)]
    exported = subprocess.run(command, capture_output=True, text=True)
    assert exported.returncode == 0, exported.stdout + exported.stderr
