"""A check in a process of its own, as the SDK's option has it."""

import json

import made
from datadog_checks.base.stubs import datadog_agent

datadog_agent._config["log_level"] = "error"
check = made.made(1, process_isolation=True)
print(json.dumps(made.run(check)))
