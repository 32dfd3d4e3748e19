"""Measures a command: measure.py milliseconds|seconds|peak COMMAND…: the least of 20 runs, one run, or the peak memory in MiB."""
import subprocess
import sys
import time

what, command = sys.argv[1], sys.argv[2:]


def once():
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


if what == 'milliseconds':
    print(f'{min(once() for _ in range(20)) * 1000:.1f}')
elif what == 'seconds':
    print(f'{once():.2f}')
else:
    # The kernel's own figure for a child starts at the parent's size, so it is read from the child itself, which waits
    # because nobody reads what it prints: this is for commands that print more than a pipe holds.
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    time.sleep(0.5)
    with open(f'/proc/{child.pid}/status') as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith('VmHWM:'))
    child.communicate()
    print(f'{peak / 1024:.1f}')
