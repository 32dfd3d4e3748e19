//! The options of an endpoint whose metrics the check declares itself.

use crate::config::{Common, Config, Section, Spec};
use crate::http::HttpOptions;

use super::options::{DEFAULT_LIMIT, endpoint_tag};
use super::pattern::Search;

/// How to scrape an endpoint that fills records: flattened into the options of a check. Names and meanings are those of
/// [`Options`](super::Options).
#[derive(Debug, Clone)]
pub struct ScrapeOptions {
    /// The address that exposes the metrics.
    pub openmetrics_endpoint: String,
    /// Whether the address becomes the tag `endpoint`.
    pub tag_by_endpoint: bool,
    /// Tags of the instance that are left out, by regular expressions.
    pub ignore_tags: Vec<Search>,
    /// Lines that are passed over, by regular expressions.
    pub raw_line_filters: Vec<Search>,
    /// Whether the first value of a counter counts, too, if the server has started after this process.
    pub use_process_start_time: bool,
    /// Whether to ask for the OpenMetrics format and to read the answer as such whatever it says of itself.
    pub use_latest_spec: bool,
    /// How to reach it.
    pub http: HttpOptions,
}

/// The same, as they stand in a file.
#[derive(Config)]
struct Written {
    /// The address that exposes the metrics.
    #[config(non_empty, example = "http://localhost:9090/metrics")]
    openmetrics_endpoint: String,
    /// Whether the address becomes the tag `endpoint`.
    #[config(default = true)]
    tag_by_endpoint: bool,
    /// Tags of the instance that are left out, by regular expressions.
    #[config(default)]
    ignore_tags: Vec<Search>,
    /// Lines that are passed over, by regular expressions.
    #[config(default)]
    raw_line_filters: Vec<Search>,
    /// Whether the first value of a counter counts, too, if the server has started after this process.
    #[config(default = false)]
    use_process_start_time: bool,
    /// Whether to ask for the OpenMetrics format and to read the answer as such whatever it says of itself.
    #[config(default = false)]
    use_latest_spec: bool,
    #[config(flatten)]
    http: HttpOptions,
}

impl Config for ScrapeOptions {
    const SPEC: Spec = Written::SPEC;

    fn read(section: &mut Section<'_, '_>) -> Option<Self> {
        let Written {
            openmetrics_endpoint,
            tag_by_endpoint,
            ignore_tags,
            raw_line_filters,
            use_process_start_time,
            use_latest_spec,
            http,
        } = Written::read(section)?;
        Some(Self {
            openmetrics_endpoint,
            tag_by_endpoint,
            ignore_tags,
            raw_line_filters,
            use_process_start_time,
            use_latest_spec,
            http,
        })
    }

    fn tags(&self, out: &mut Vec<String>) {
        if self.tag_by_endpoint {
            out.push(endpoint_tag(&self.openmetrics_endpoint));
        }
    }

    fn adjust(&self, common: &mut Common) {
        let ignored = |tag: &str| self.ignore_tags.iter().any(|search| search.matches(tag));
        common.tags.retain(|tag| !ignored(&tag.0));
        common.max_returned_metrics.get_or_insert(DEFAULT_LIMIT);
    }
}
