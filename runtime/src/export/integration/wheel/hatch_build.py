"""Puts the library into the package, and says for which platform a wheel is.

The library's own command line writes this file: `export integration --library`.
"""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LIBRARY = "datadog_checks/{check}/{file}"


class Platform(BuildHookInterface):
    def initialize(self, version, build_data):
        # Repositories mostly ignore libraries, so that it is not there in a fresh clone.
        if not Path(self.root, LIBRARY).is_file():
            raise FileNotFoundError(f"{LIBRARY} is not there: `export integration {check} --library FILE` puts it there")
        build_data["artifacts"].append(f"/{LIBRARY}")
        if self.target_name == "wheel":
            build_data["pure_python"] = False
            build_data["tag"] = "py3-none-{platform}"
