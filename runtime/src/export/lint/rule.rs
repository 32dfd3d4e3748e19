//! The rules, each with its name.

use crate::config::{Problem, Severity, Span};

/// One rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The name that every finding carries.
    pub name: &'static str,
    /// Error: Datadog refuses it. Warning: Datadog takes it.
    pub severity: Severity,
    /// What breaks it.
    pub meaning: &'static str,
}

impl Rule {
    /// A finding at a place.
    pub(super) fn at(&self, span: Span, message: impl Into<String>) -> Problem {
        Problem { severity: self.severity, rule: self.name, ..Problem::error(span, message) }
    }

    /// A finding in the file as a whole.
    pub(super) fn of_file(&self, message: impl Into<String>) -> Problem {
        Problem { severity: self.severity, rule: self.name, ..Problem::file(message) }
    }
}

macro_rules! rules {
    ($($constant:ident = $severity:ident $name:literal: $meaning:literal;)*) => {
        $(
            pub(super) const $constant: Rule =
                Rule { name: $name, severity: Severity::$severity, meaning: $meaning };
        )*

        /// All rules: those of any file, of `manifest.json`, of `metadata.csv`, of `service_checks.json`.
        pub const RULES: &[Rule] = &[$($constant,)*];
    };
}

rules! {
    UNREADABLE = Error "unreadable": "a file that cannot be read, is larger than 16 MiB or is not UTF-8";
    NO_ASSETS = Error "no-assets": "a directory without an integration";
    NOT_JSON = Error "not-json": "a file that is not JSON";
    DUPLICATE_KEY = Warning "duplicate-key": "a key that stands twice in an object; the last one counts";
    NOT_TOML = Error "not-toml": "a `.ddev/config.toml` that is not TOML, or imports what cannot be read";

    NO_MANIFEST = Error "no-manifest": "a `metadata.csv`, but no `manifest.json` and nothing else that tells the prefix";
    MANIFEST_SHAPE = Error "manifest-shape": "a manifest that is no object, has a value of another type than it should, or an unknown `manifest_version`";
    MISSING_PREFIX = Error "missing-prefix": "a `metadata.csv`, but no `assets.integration.metrics.prefix`";
    MISSING_FILE = Error "missing-file": "an asset that the manifest names and that is not there";
    UNLISTED_FILE = Warning "unlisted-file": "an `assets/service_checks.json` that the manifest does not name";

    EMPTY_FILE = Error "empty-file": "a `metadata.csv` without a single byte";
    BYTE_ORDER_MARK = Error "byte-order-mark": "a byte order mark, which becomes part of the first column's name";
    UNKNOWN_COLUMN = Error "unknown-column": "a column that Datadog does not know";
    MISSING_COLUMN = Error "missing-column": "a column that is not there; only `sample_tags` may be left out";
    DUPLICATE_COLUMN = Warning "duplicate-column": "a column that stands twice; the last one counts";
    ROW_LENGTH = Error "row-length": "a row with more or fewer cells than the header";
    CELL_LENGTH = Error "cell-length": "a cell of more than 131,072 characters";
    UNCLOSED_QUOTE = Warning "unclosed-quote": "a cell whose quote is never closed";
    EMPTY_CELL = Error "empty-cell": "no metric_name, metric_type, orientation or integration";
    DUPLICATE_METRIC = Error "duplicate-metric": "a metric that stands twice";
    METRIC_NAME = Error "metric-name": "a metric_name that Datadog stores as another one";
    METRIC_PREFIX = Error "metric-prefix": "a metric_name that begins neither with the prefix of the integration nor with one that is free to all";
    METRIC_TYPE = Error "metric-type": "a metric_type other than `count`, `gauge` and `rate`";
    UNIT_NAME = Error "unit-name": "a unit that Datadog does not know";
    PER_UNIT_NAME = Error "per-unit-name": "a unit to divide by that Datadog does not know";
    TIME_PER_TIME = Error "time-per-time": "a time divided by a time";
    INTEGRATION = Error "integration": "an integration other than that of the manifest";
    ORIENTATION = Error "orientation": "an orientation other than 0, 1 and -1";
    DESCRIPTION_PIPE = Error "description-pipe": "a description with `|`";
    NON_ASCII = Error "non-ascii": "a character that is not ASCII, in any cell of a row with a description";
    DESCRIPTION_LENGTH = Error "description-length": "a description of more than 400 characters";
    INTERVAL = Error "interval": "an interval that is not a whole number";
    CURATED_METRIC = Error "curated-metric": "a curated_metric other than `cpu`, `memory` or both with `|` between them";
    MISSING_UNIT = Warning "missing-unit": "no unit_name";
    PER_UNIT_ALONE = Warning "per-unit-alone": "a per_unit_name without unit_name";
    MISSING_DESCRIPTION = Warning "missing-description": "no description";
    MISSING_SHORT_NAME = Warning "missing-short-name": "no short_name";
    NOT_SUBMITTED = Warning "not-submitted": "a row of a metric that the check does not submit";
    MISSING_METRIC = Warning "missing-metric": "a metric that the check submits and that has no row";
    TYPE_DIFFERS = Warning "type-differs": "a metric_type other than the one with which the metric arrives";
    UNIT_DIFFERS = Warning "unit-differs": "a unit other than that of the check";

    SERVICE_CHECKS_SHAPE = Error "service-checks-shape": "a `service_checks.json` that is not a list of objects";
    UNKNOWN_ATTRIBUTE = Error "unknown-attribute": "an attribute that Datadog does not know";
    MISSING_ATTRIBUTE = Error "missing-attribute": "an attribute that is not there";
    AGENT_VERSION = Error "agent-version": "an agent_version without three numbers";
    CHECK_NAME = Error "check-name": "a check that is no text, or has a character, a sequence or an end that no name has";
    DUPLICATE_CHECK = Error "duplicate-check": "a check that stands twice";
    DESCRIPTION = Error "description": "a description that is no text, or empty";
    GROUPS = Error "groups": "groups that are no list";
    SERVICE_INTEGRATION = Error "service-integration": "an integration other than `source_type_name` in the manifest";
    NAME = Error "name": "a name that is no text, or empty";
    DUPLICATE_NAME = Error "duplicate-name": "a name that stands twice";
    STATUSES = Error "statuses": "statuses that are no list, or none at all";
    STATUS = Error "status": "a status other than `ok`, `warning`, `critical` and `unknown`";
    DUPLICATE_STATUS = Warning "duplicate-status": "a status that stands twice";
    UNDECLARED_SERVICE_CHECK = Warning "undeclared-service-check": "a service check that the check does not submit";
    UNDECLARED_STATUS = Warning "undeclared-status": "a status that the description in the code does not name";
    MISSING_SERVICE_CHECK = Warning "missing-service-check": "a service check that the check submits and that is not listed";
}
