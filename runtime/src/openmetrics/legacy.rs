//! Options of the first version of Datadog's check. In the second one they do nothing, and files have them still.

use serde_json::Value;

use crate::config::Config;

/// Options that do nothing.
#[derive(Debug, Clone, Config)]
pub struct Legacy {
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: use `openmetrics_endpoint`")]
    pub prometheus_url: Option<Value>,
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: use `raw_metric_prefix`")]
    pub prometheus_metrics_prefix: Option<Value>,
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: use `enable_health_service_check`")]
    pub health_service_check: Option<Value>,
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: use `hostname_label`")]
    pub label_to_hostname: Option<Value>,
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: use `hostname_format`")]
    pub label_to_hostname_suffix: Option<Value>,
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: use `share_labels`")]
    pub label_joins: Option<Value>,
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: use `rename_labels`")]
    pub labels_mapper: Option<Value>,
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: give entries of `metrics` a `type`")]
    pub type_overrides: Option<Value>,
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: use `collect_histogram_buckets`")]
    pub send_histograms_buckets: Option<Value>,
    /// Does nothing.
    #[config(
        hidden,
        deprecated = "it does nothing here: use `histogram_buckets_as_distributions`"
    )]
    pub send_distribution_buckets: Option<Value>,
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: use `non_cumulative_histogram_buckets`")]
    pub non_cumulative_buckets: Option<Value>,
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: use `exclude_metrics`")]
    pub ignore_metrics: Option<Value>,
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: use `exclude_metrics_by_labels`")]
    pub ignore_metrics_by_labels: Option<Value>,
    /// Does nothing.
    #[config(
        hidden,
        deprecated = "it does nothing here: give an entry of `metrics` the `type` `metadata`"
    )]
    pub metadata_metric_name: Option<Value>,
    /// Does nothing.
    #[config(
        hidden,
        deprecated = "it does nothing here: give an entry of `metrics` the `type` `metadata`"
    )]
    pub metadata_label_map: Option<Value>,
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: give entries of `metrics` a `type`")]
    pub send_monotonic_counter: Option<Value>,
    /// Does nothing.
    #[config(
        hidden,
        deprecated = "it does nothing here: give entries of `metrics` the `type` `counter_gauge`"
    )]
    pub send_monotonic_with_gauge: Option<Value>,
    /// Does nothing.
    #[config(
        hidden,
        deprecated = "it does nothing here: counts and sums always are monotonic counts"
    )]
    pub send_distribution_counts_as_monotonic: Option<Value>,
    /// Does nothing.
    #[config(
        hidden,
        deprecated = "it does nothing here: counts and sums always are monotonic counts"
    )]
    pub send_distribution_sums_as_monotonic: Option<Value>,
    /// Does nothing.
    #[config(hidden, deprecated = "it does nothing here: use `timeout`")]
    pub prometheus_timeout: Option<Value>,
}
