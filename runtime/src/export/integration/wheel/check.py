"""The check, as the Agent knows it; what it does is in the library beside this file.

The library's own command line writes this file: `export integration --library`.
"""

from datadog_checks.base import AgentCheck, ConfigurationError
from datadog_checks.base.checks import base
from datadog_checks.base.errors import CheckException

from .library import Instance, Refused

# What the base class reads of a configuration itself, and the library does not know.
OF_THE_BASE_CLASS = {
    "__memory_profiling_tags",
    "debug_metrics",
    "disable_generic_tags",
    "enable_legacy_tags_normalization",
    "process_isolation",
    "process_isolation_timeout",
    "set_breakpoint",
    "use_agent_proxy",
}


class {class}(AgentCheck):
    def __init__(self, name, init_config, instances):
        # What is left empty in the file is None, which the base class stumbles over in a run.
        init_config, instance = init_config or {}, (instances and instances[0]) or {}
        configured = map(without_options_of_the_base_class, (init_config, instance))
        try:
            self._native = Instance("{check}", *configured, hostname=base.datadog_agent.get_hostname())
        except Refused as refused:
            raise ConfigurationError(str(refused)) from None
        super().__init__(name, init_config, [instance])
        self.check_initializations.append(self._refuse_files_of_untrusted_providers)
        self.check_initializations.append(self._remember)
        self._metadata = {}
        for warning in self._native.warnings:
            self.warning(warning)

    def check(self, _):
        reply = self._native.run(self._tags_as_configured)
        try:
            reply.submit(self, getattr(self, "_discovery_aggregator", None) or base.aggregator)
            self._count_contexts(reply)
        finally:
            # Whatever the Agent says to a sample, how the run went is told.
            self._submit_what_is_said(reply.said)
            error = reply.said["error"]
            self._diagnose(error)
        if error is not None:
            raise CheckException(error)

    def cancel(self):
        self._native.close()

    def _refuse_files_of_untrusted_providers(self):
        # An older base class does not tell providers apart.
        for field in getattr(base, "GLOBAL_SECURE_FIELDS", ()):
            for configured in (self.init_config, self.instance):
                if configured.get(field) is None:
                    continue
                try:
                    base.validation.security.check_field_trusted_provider(
                        field, configured[field], self.security_config
                    )
                except ValueError as refused:
                    raise ConfigurationError(str(refused)) from None

    def _remember(self):
        cache = self.read_persistent_cache("cache")
        if cache:
            self._native.remember(cache)

    def _count_contexts(self, reply):
        if self.metric_limiter:
            beyond = reply.said["beyond_limit"]
            self.metric_limiter.count = reply.contexts.count + beyond
            self.metric_limiter.reached_limit = beyond > 0

    def _tags_as_configured(self, tags):
        return [self.degeneralise_tag(tag) for tag in tags] if self.disable_generic_tags else tags

    def _submit_what_is_said(self, said):
        for name, status, tags, hostname, message in said["service_checks"]:
            self.service_check(name, status, tags=tags, hostname=hostname, message=message, raw=True)
        for event in said["events"]:
            self.event(event)
        for log in said["logs"]:
            self._submit_log(log)
        for warning in said["warnings"]:
            self.warning(warning)
        if said["cache"] is not None:
            self.write_persistent_cache("cache", said["cache"])
        if said["metadata"] != self._metadata and self.is_metadata_collection_enabled():
            for name, value in said["metadata"].items():
                self.set_metadata(name, value)
            self._metadata = said["metadata"]

    def _submit_log(self, log):
        log["ddtags"] = ",".join(self._tags_as_configured(log.pop("tags")))
        milliseconds = log.pop("timestamp_ms")
        if milliseconds is not None:
            # `send_log` makes whole milliseconds of seconds, and must not lose one.
            log["timestamp"] = (milliseconds + 0.5) / 1000
        self.send_log({name: value for name, value in log.items() if value is not None})

    def _diagnose(self, error):
        if error is None:
            self.diagnosis.success("{check}", "The last run was good.", category="{check}")
            return
        message, _, hint = error.partition("\nhint: ")
        self.diagnosis.fail("{check}", message, category="{check}", remediation=hint or None)


def without_options_of_the_base_class(configured):
    return {name: value for name, value in configured.items() if not is_of_the_base_class(str(name))}


def is_of_the_base_class(name):
    # `agent check -m` has an option for each of its arguments: `profile_memory_frames` and so on.
    return name in OF_THE_BASE_CLASS or name.startswith("profile_memory")
