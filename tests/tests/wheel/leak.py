"""Ten thousand runs, and instances that come and go; how much memory the process has in between, in KiB."""

import gc
import json
import re
from pathlib import Path

from datadog_checks.base.stubs import datadog_agent
from datadog_checks.kinds import KindsCheck
from made import made, run


def resident():
    gc.collect()
    return int(re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[1])


def runs(count):
    for _ in range(count):
        for check in checks:
            run(check)
            check.get_warnings()
        datadog_agent.reset()


def instances(count):
    for number in range(count):
        check = made(number, name=str(number))
        run(check)
        if number % 2:
            check.cancel()


checks = [made(1), made(2, cls=KindsCheck, tags=["env:test"])]
runs(2500)
after_runs = [resident()]
runs(2500)
after_runs.append(resident())
instances(500)
after_instances = [resident()]
instances(500)
after_instances.append(resident())
print(json.dumps({"runs": after_runs, "instances": after_instances}))
