//! The options of an `OpenMetrics` endpoint, by the names that Datadog users know.

use std::collections::BTreeMap;

use crate::config::{Common, Config, Section, Spec};
use crate::http::HttpOptions;

use super::entry::{LabelValues, MetricEntry, Share};
use super::legacy::Legacy;
use super::pattern::{Names, Search};

/// How many metrics a run submits unless the instance says otherwise.
pub(super) const DEFAULT_LIMIT: usize = 2000;

/// What an endpoint is asked for, and what is made of its answer.
#[derive(Debug, Clone, Config)]
#[config(validate = Options::whole)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own, described for users"
)]
pub struct Options {
    /// The address that exposes the metrics.
    #[config(non_empty, example = "http://localhost:9090/metrics")]
    pub openmetrics_endpoint: String,
    /// What the names of all metrics begin with.
    #[config(default, example = "service")]
    pub namespace: String,
    /// A beginning of the names in the exposition that is taken off before anything else looks at them.
    #[config(default)]
    pub raw_metric_prefix: String,
    /// The metrics to submit: a name, a regular expression for names, a name with the one to submit it under, or a name with a `type`
    /// and other settings.
    #[config(default, example = ["<METRIC_1>", "<REGEX>.+"])]
    pub metrics: Vec<MetricEntry>,
    /// More metrics; an entry here replaces that of the same name in `metrics`.
    #[config(default)]
    pub extra_metrics: Vec<MetricEntry>,
    /// Metrics that are left out, by name or regular expression.
    #[config(default, example = ["<METRIC_1>", "<REGEX>.+"])]
    pub exclude_metrics: Vec<Names>,
    /// Samples that are left out, by a label: whatever its value with `true`, or where a regular expression of a list matches it.
    #[config(default)]
    pub exclude_metrics_by_labels: BTreeMap<String, LabelValues>,
    /// Labels that do not become tags.
    #[config(default)]
    pub exclude_labels: Vec<String>,
    /// The only labels that become tags; all if there are none. What `exclude_labels` names is left out all the same.
    #[config(default)]
    pub include_labels: Vec<String>,
    /// Tags of other names than those of their labels.
    #[config(default)]
    pub rename_labels: BTreeMap<String, String>,
    /// Whether the address becomes the tag `endpoint`.
    #[config(default = true)]
    pub tag_by_endpoint: bool,
    /// Tags of the instance that are left out, by regular expressions.
    #[config(default)]
    pub ignore_tags: Vec<Search>,
    /// Whether to submit the service check `openmetrics.health`, below the namespace.
    #[config(default = true)]
    pub enable_health_service_check: bool,
    /// Whether an endpoint that cannot be reached is no error.
    #[config(default = false)]
    pub ignore_connection_errors: bool,
    /// The label whose value is the host of a sample.
    #[config(default)]
    pub hostname_label: String,
    /// What the host's name is made of; `<HOSTNAME>` stands for the value of `hostname_label`.
    #[config(default)]
    pub hostname_format: String,
    /// Whether the buckets of histograms are submitted, and not only their sums and counts.
    #[config(default = true)]
    pub collect_histogram_buckets: bool,
    /// Whether buckets count what lies between their bounds, which are tags then, and not everything below.
    #[config(default = false)]
    pub non_cumulative_histogram_buckets: bool,
    /// Whether histograms are submitted as distributions.
    #[config(default = false)]
    pub histogram_buckets_as_distributions: bool,
    /// Whether histograms are submitted as distributions and as sums and counts, too.
    #[config(default = false)]
    pub collect_counters_with_distributions: bool,
    /// Whether histograms are submitted as distributions without tags for the bounds of their buckets.
    #[config(default = false)]
    pub collect_histograms_as_distributions: bool,
    /// Whether the first value of a counter counts, too, if the server has started after this process.
    #[config(default = false)]
    pub use_process_start_time: bool,
    /// Labels of some metrics that are put on all others, or on those with the same values of labels to `match`.
    #[config(default)]
    pub share_labels: BTreeMap<String, Share>,
    /// Whether the labels of `target_info` are put on all metrics.
    #[config(default = false)]
    pub target_info: bool,
    /// Whether shared labels are looked for once, and not in every answer.
    #[config(default = true)]
    pub cache_shared_labels: bool,
    /// Lines that are passed over, by regular expressions.
    #[config(default)]
    pub raw_line_filters: Vec<Search>,
    /// Whether it is remembered which regular expression of `metrics` a name matches.
    #[config(default = true)]
    pub cache_metric_wildcards: bool,
    /// Whether to ask for the OpenMetrics format and to read the answer as such whatever it says of itself.
    #[config(default = false)]
    pub use_latest_spec: bool,
    /// Whether to ask for Prometheus's protobuf format, in which native histograms come. What is submitted as distributions is made of
    /// them then. Datadog's own check does not have this option.
    #[config(default = false)]
    pub native_histograms: bool,
    /// Whether to submit how many samples came and what became of them.
    #[config(default = false)]
    pub telemetry: bool,
    /// Whether to do what Datadog's own check does where this one does better: see the guide.
    #[config(default = false)]
    pub strict_compat: bool,
    /// What files have from older days.
    #[config(flatten)]
    pub legacy: Legacy,
    /// How to reach it.
    #[config(flatten)]
    pub http: HttpOptions,
}

impl Options {
    fn whole(&self) -> Result<(), String> {
        if !self.hostname_label.is_empty()
            && !self.hostname_format.is_empty()
            && !self.hostname_format.contains("<HOSTNAME>")
        {
            return Err(String::from(
                "`hostname_format` must hold `<HOSTNAME>`, which stands for the value of `hostname_label`",
            ));
        }
        if self.native_histograms && self.strict_compat {
            return Err(String::from(
                "`native_histograms` and `strict_compat` exclude each other, since Datadog's check reads no native histograms; hint: leave out one of them",
            ));
        }
        Ok(())
    }
}

/// The address as a tag: as it is written, unless a user and password stand in it.
pub(super) fn endpoint_tag(written: &str) -> String {
    match url::Url::parse(written) {
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            crate::metric::tag("endpoint", &url).unwrap_or_default()
        }
        _ => format!("endpoint:{written}"),
    }
}

/// The configuration of a check that is nothing but an endpoint.
#[derive(Debug, Clone)]
pub struct Endpoint(pub Options);

impl Config for Endpoint {
    const SPEC: Spec = Options::SPEC;

    fn read(section: &mut Section<'_, '_>) -> Option<Self> {
        Options::read(section).map(Self)
    }

    fn tags(&self, out: &mut Vec<String>) {
        if self.0.tag_by_endpoint {
            out.push(endpoint_tag(&self.0.openmetrics_endpoint));
        }
    }

    fn adjust(&self, common: &mut Common) {
        let ignored = |tag: &str| self.0.ignore_tags.iter().any(|search| search.matches(tag));
        common.tags.retain(|tag| !ignored(&tag.0));
        common.max_returned_metrics.get_or_insert(DEFAULT_LIMIT);
    }
}
