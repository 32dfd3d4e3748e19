"""Puts the library into the wheel, and says for which platform the wheel is.

The library's own command line writes this file: `export integration --library`.
"""

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Platform(BuildHookInterface):
    def initialize(self, version, build_data):
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-{platform}"
        build_data["artifacts"].append("/datadog_checks/{check}/{file}")
