"""An instance lives as long as its check: until it is cancelled, or nobody has it any more."""

import gc
import json
import time

from made import made, run

watching = made(0)


def stops(expected):
    """How many have been stopped; they say goodbye on threads of their own, so it is waited for them."""
    limit = time.monotonic() + 10
    while (stopped := run(watching)["state.stops"]) < expected and time.monotonic() < limit:
        time.sleep(0.01)
    return stopped


seen = {}
dropped, cancelled, reconfigured = made(1), made(2), made(3)
for check in (dropped, cancelled, reconfigured):
    run(check)
    run(check)
seen["runs"] = run(cancelled)["state.runs"]
seen["before"] = stops(0)
del dropped, check
gc.collect()
seen["dropped"] = stops(1)
cancelled.cancel()
cancelled.cancel()
seen["cancelled"] = stops(2)
seen["after"] = json.loads(cancelled.run())[0]["message"]
del cancelled
gc.collect()
reconfigured = made(3, name="another")
gc.collect()
seen["reconfigured"] = stops(3)
seen["anew"] = run(reconfigured)["state.runs"]
print(json.dumps(seen))
