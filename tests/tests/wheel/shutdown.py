"""The interpreter ends while checks are there, and one of them runs."""

import json
import threading
import time

from made import made, run

kept = [made(1), made(2, pause=3)]
run(kept[0])
threading.Thread(target=kept[1].run, daemon=True).start()
time.sleep(0.2)
print(json.dumps({"alive": True}))
