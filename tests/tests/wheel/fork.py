"""A process that forks: the child begins anew, the parent goes on, and both end well."""

import json
import os
import sys
import threading

from made import made, run

check, other = made(1), made(2, pause=1)
run(check)
# A run that goes on in another thread while the process forks.
busy = threading.Thread(target=other.run)
busy.start()


def forked(leave):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        values = run(check)
        error = other.run()
        os.write(write, json.dumps({"runs": values["state.runs"], "error": error}).encode())
        os.close(write)
        check.cancel()
        leave(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = json.loads(pipe.read())
    _, status = os.waitpid(child, 0)
    return {**said, "status": status}


children = [forked(os._exit), forked(sys.exit)]
busy.join()
print(json.dumps({"children": children, "runs": run(check)["state.runs"]}))
