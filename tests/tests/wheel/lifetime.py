"""An instance lives as long as its check: until it is cancelled, or nobody has it any more."""

import gc
import json
import time

from made import made, run

watching = made(0)


def stops():
    """How many have been stopped; they say goodbye on threads of their own."""
    time.sleep(0.2)
    return run(watching)["state.stops"]


seen = {}
dropped, cancelled, reconfigured = made(1), made(2), made(3)
for check in (dropped, cancelled, reconfigured):
    run(check)
    run(check)
seen["runs"] = run(cancelled)["state.runs"]
seen["before"] = stops()
del dropped, check
gc.collect()
seen["dropped"] = stops()
cancelled.cancel()
cancelled.cancel()
seen["cancelled"] = stops()
seen["after"] = json.loads(cancelled.run())[0]["message"]
del cancelled
gc.collect()
reconfigured = made(3, name="another")
gc.collect()
seen["reconfigured"] = stops()
seen["anew"] = run(reconfigured)["state.runs"]
print(json.dumps(seen))
