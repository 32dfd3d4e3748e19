"""What a run of the Python SDK with many samples costs: five tags each, an aggregator that does nothing."""
import sys

from datadog_checks.base import AgentCheck
from runs import measure


class Bench(AgentCheck):
    def check(self, instance):
        gauge, tags_of_instance = self.gauge, instance['tags']
        for device in range(instance['samples'] // 4):
            tags = tags_of_instance + [f'device:{device}', 'mount_point:/var/lib/data', 'fstype:ext4']
            gauge('bench.disk.total', device + 1000, tags=tags)
            gauge('bench.disk.used', device, tags=tags)
            gauge('bench.disk.free', 1000, tags=tags)
            gauge('bench.disk.in_use', 0.5, tags=tags)


measure(Bench, int(sys.argv[1]))
