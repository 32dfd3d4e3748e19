"""What a run of the same check costs from its wheel."""
import sys

from datadog_checks.bench import BenchCheck
from runs import measure

measure(BenchCheck, int(sys.argv[1]))
