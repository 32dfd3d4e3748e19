//! Records of the payload of ten thousand samples, as `new acme --openmetrics` writes them of what `openmetrics_payload.py write 10000` does.

// Names and descriptions are those of the payload.
#![allow(clippy::doc_markdown, clippy::struct_field_names)]

use allwell::openmetrics::Number;
use allwell::prelude::*;

/// The metrics `acme.*`.
#[derive(Metrics)]
#[metrics(scraped)]
pub(crate) struct Exposition {
    #[metrics(flatten)]
    pub(crate) gauge_by_code_and_instance: Vec<GaugeByCodeAndInstance>,
    #[metrics(flatten)]
    pub(crate) counter: Vec<Counter>,
    #[metrics(flatten)]
    pub(crate) histogram_by_code_and_instance: Vec<HistogramByCodeAndInstance>,
    #[metrics(flatten)]
    pub(crate) summary_by_code_and_instance: Vec<SummaryByCodeAndInstance>,
    #[metrics(flatten)]
    pub(crate) summary: Vec<Summary>,
}

/// The metrics `acme.gauge.*` by `code`, `instance`, `job`, `method`, `path`.
#[derive(Metrics)]
#[metrics(namespace = "acme.gauge")]
pub(crate) struct GaugeByCodeAndInstance {
    #[tag]
    pub(crate) code: String,
    #[tag]
    pub(crate) instance: String,
    #[tag]
    pub(crate) job: String,
    #[tag]
    pub(crate) method: String,
    #[tag]
    pub(crate) path: String,
    /// Help text for acme_gauge_0.
    #[metric(name = "0", from = "acme_gauge_0")]
    pub(crate) gauge_0: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_1.
    #[metric(name = "1", from = "acme_gauge_1")]
    pub(crate) gauge_1: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_2.
    #[metric(name = "2", from = "acme_gauge_2")]
    pub(crate) gauge_2: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_3.
    #[metric(name = "3", from = "acme_gauge_3")]
    pub(crate) gauge_3: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_4.
    #[metric(name = "4", from = "acme_gauge_4")]
    pub(crate) gauge_4: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_5.
    #[metric(name = "5", from = "acme_gauge_5")]
    pub(crate) gauge_5: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_6.
    #[metric(name = "6", from = "acme_gauge_6")]
    pub(crate) gauge_6: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_7.
    #[metric(name = "7", from = "acme_gauge_7")]
    pub(crate) gauge_7: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_8.
    #[metric(name = "8", from = "acme_gauge_8")]
    pub(crate) gauge_8: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_9.
    #[metric(name = "9", from = "acme_gauge_9")]
    pub(crate) gauge_9: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_10.
    #[metric(name = "10", from = "acme_gauge_10")]
    pub(crate) gauge_10: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_11.
    #[metric(name = "11", from = "acme_gauge_11")]
    pub(crate) gauge_11: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_12.
    #[metric(name = "12", from = "acme_gauge_12")]
    pub(crate) gauge_12: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_13.
    #[metric(name = "13", from = "acme_gauge_13")]
    pub(crate) gauge_13: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_14.
    #[metric(name = "14", from = "acme_gauge_14")]
    pub(crate) gauge_14: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_15.
    #[metric(name = "15", from = "acme_gauge_15")]
    pub(crate) gauge_15: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_16.
    #[metric(name = "16", from = "acme_gauge_16")]
    pub(crate) gauge_16: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_17.
    #[metric(name = "17", from = "acme_gauge_17")]
    pub(crate) gauge_17: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_18.
    #[metric(name = "18", from = "acme_gauge_18")]
    pub(crate) gauge_18: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_19.
    #[metric(name = "19", from = "acme_gauge_19")]
    pub(crate) gauge_19: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_20.
    #[metric(name = "20", from = "acme_gauge_20")]
    pub(crate) gauge_20: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_21.
    #[metric(name = "21", from = "acme_gauge_21")]
    pub(crate) gauge_21: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_22.
    #[metric(name = "22", from = "acme_gauge_22")]
    pub(crate) gauge_22: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_23.
    #[metric(name = "23", from = "acme_gauge_23")]
    pub(crate) gauge_23: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_24.
    #[metric(name = "24", from = "acme_gauge_24")]
    pub(crate) gauge_24: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_25.
    #[metric(name = "25", from = "acme_gauge_25")]
    pub(crate) gauge_25: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_26.
    #[metric(name = "26", from = "acme_gauge_26")]
    pub(crate) gauge_26: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_27.
    #[metric(name = "27", from = "acme_gauge_27")]
    pub(crate) gauge_27: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_28.
    #[metric(name = "28", from = "acme_gauge_28")]
    pub(crate) gauge_28: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_29.
    #[metric(name = "29", from = "acme_gauge_29")]
    pub(crate) gauge_29: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_30.
    #[metric(name = "30", from = "acme_gauge_30")]
    pub(crate) gauge_30: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_31.
    #[metric(name = "31", from = "acme_gauge_31")]
    pub(crate) gauge_31: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_32.
    #[metric(name = "32", from = "acme_gauge_32")]
    pub(crate) gauge_32: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_33.
    #[metric(name = "33", from = "acme_gauge_33")]
    pub(crate) gauge_33: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_34.
    #[metric(name = "34", from = "acme_gauge_34")]
    pub(crate) gauge_34: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_35.
    #[metric(name = "35", from = "acme_gauge_35")]
    pub(crate) gauge_35: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_36.
    #[metric(name = "36", from = "acme_gauge_36")]
    pub(crate) gauge_36: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_37.
    #[metric(name = "37", from = "acme_gauge_37")]
    pub(crate) gauge_37: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_38.
    #[metric(name = "38", from = "acme_gauge_38")]
    pub(crate) gauge_38: Option<Gauge<Unitless>>,
    /// Help text for acme_gauge_39.
    #[metric(name = "39", from = "acme_gauge_39")]
    pub(crate) gauge_39: Option<Gauge<Unitless>>,
}

/// The metrics `acme.counter.*` by `code`, `instance`, `job`, `method`, `path`.
#[derive(Metrics)]
#[metrics(namespace = "acme.counter")]
pub(crate) struct Counter {
    #[tag]
    pub(crate) code: String,
    #[tag]
    pub(crate) instance: String,
    #[tag]
    pub(crate) job: String,
    #[tag]
    pub(crate) method: String,
    #[tag]
    pub(crate) path: String,
    /// Help text for acme_counter_0_total.
    #[metric(name = "0", from = "acme_counter_0_total")]
    pub(crate) counter_0: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_1_total.
    #[metric(name = "1", from = "acme_counter_1_total")]
    pub(crate) counter_1: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_2_total.
    #[metric(name = "2", from = "acme_counter_2_total")]
    pub(crate) counter_2: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_3_total.
    #[metric(name = "3", from = "acme_counter_3_total")]
    pub(crate) counter_3: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_4_total.
    #[metric(name = "4", from = "acme_counter_4_total")]
    pub(crate) counter_4: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_5_total.
    #[metric(name = "5", from = "acme_counter_5_total")]
    pub(crate) counter_5: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_6_total.
    #[metric(name = "6", from = "acme_counter_6_total")]
    pub(crate) counter_6: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_7_total.
    #[metric(name = "7", from = "acme_counter_7_total")]
    pub(crate) counter_7: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_8_total.
    #[metric(name = "8", from = "acme_counter_8_total")]
    pub(crate) counter_8: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_9_total.
    #[metric(name = "9", from = "acme_counter_9_total")]
    pub(crate) counter_9: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_10_total.
    #[metric(name = "10", from = "acme_counter_10_total")]
    pub(crate) counter_10: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_11_total.
    #[metric(name = "11", from = "acme_counter_11_total")]
    pub(crate) counter_11: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_12_total.
    #[metric(name = "12", from = "acme_counter_12_total")]
    pub(crate) counter_12: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_13_total.
    #[metric(name = "13", from = "acme_counter_13_total")]
    pub(crate) counter_13: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_14_total.
    #[metric(name = "14", from = "acme_counter_14_total")]
    pub(crate) counter_14: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_15_total.
    #[metric(name = "15", from = "acme_counter_15_total")]
    pub(crate) counter_15: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_16_total.
    #[metric(name = "16", from = "acme_counter_16_total")]
    pub(crate) counter_16: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_17_total.
    #[metric(name = "17", from = "acme_counter_17_total")]
    pub(crate) counter_17: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_18_total.
    #[metric(name = "18", from = "acme_counter_18_total")]
    pub(crate) counter_18: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_19_total.
    #[metric(name = "19", from = "acme_counter_19_total")]
    pub(crate) counter_19: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_20_total.
    #[metric(name = "20", from = "acme_counter_20_total")]
    pub(crate) counter_20: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_21_total.
    #[metric(name = "21", from = "acme_counter_21_total")]
    pub(crate) counter_21: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_22_total.
    #[metric(name = "22", from = "acme_counter_22_total")]
    pub(crate) counter_22: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_23_total.
    #[metric(name = "23", from = "acme_counter_23_total")]
    pub(crate) counter_23: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_24_total.
    #[metric(name = "24", from = "acme_counter_24_total")]
    pub(crate) counter_24: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_25_total.
    #[metric(name = "25", from = "acme_counter_25_total")]
    pub(crate) counter_25: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_26_total.
    #[metric(name = "26", from = "acme_counter_26_total")]
    pub(crate) counter_26: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_27_total.
    #[metric(name = "27", from = "acme_counter_27_total")]
    pub(crate) counter_27: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_28_total.
    #[metric(name = "28", from = "acme_counter_28_total")]
    pub(crate) counter_28: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_counter_29_total.
    #[metric(name = "29", from = "acme_counter_29_total")]
    pub(crate) counter_29: Option<MonotonicCount<Unitless>>,
}

/// The metrics `acme.histogram.*` by `code`, `instance`, `job`, `method`, `path`.
#[derive(Metrics)]
#[metrics(namespace = "acme.histogram")]
pub(crate) struct HistogramByCodeAndInstance {
    #[tag]
    pub(crate) code: String,
    #[tag]
    pub(crate) instance: String,
    #[tag]
    pub(crate) job: String,
    #[tag]
    pub(crate) method: String,
    #[tag]
    pub(crate) path: String,
    /// Help text for acme_histogram_0_seconds.
    #[metric(name = "0_seconds", from = "acme_histogram_0_seconds_bucket")]
    pub(crate) histogram_0_seconds: Option<Buckets<Second>>,
    /// Help text for acme_histogram_0_seconds.
    #[metric(name = "0_seconds.sum", from = "acme_histogram_0_seconds_sum")]
    pub(crate) histogram_0_seconds_sum: Option<MonotonicCount<Second>>,
    /// Help text for acme_histogram_0_seconds.
    #[metric(name = "0_seconds.count", from = "acme_histogram_0_seconds_count")]
    pub(crate) histogram_0_seconds_count: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_histogram_1_seconds.
    #[metric(name = "1_seconds", from = "acme_histogram_1_seconds_bucket")]
    pub(crate) histogram_1_seconds: Option<Buckets<Second>>,
    /// Help text for acme_histogram_1_seconds.
    #[metric(name = "1_seconds.sum", from = "acme_histogram_1_seconds_sum")]
    pub(crate) histogram_1_seconds_sum: Option<MonotonicCount<Second>>,
    /// Help text for acme_histogram_1_seconds.
    #[metric(name = "1_seconds.count", from = "acme_histogram_1_seconds_count")]
    pub(crate) histogram_1_seconds_count: Option<MonotonicCount<Unitless>>,
    /// Help text for acme_histogram_2_seconds.
    #[metric(name = "2_seconds", from = "acme_histogram_2_seconds_bucket")]
    pub(crate) histogram_2_seconds: Option<Buckets<Second>>,
    /// Help text for acme_histogram_2_seconds.
    #[metric(name = "2_seconds.sum", from = "acme_histogram_2_seconds_sum")]
    pub(crate) histogram_2_seconds_sum: Option<MonotonicCount<Second>>,
    /// Help text for acme_histogram_2_seconds.
    #[metric(name = "2_seconds.count", from = "acme_histogram_2_seconds_count")]
    pub(crate) histogram_2_seconds_count: Option<MonotonicCount<Unitless>>,
}

/// The metrics `acme.summary.*` by `code`, `instance`, `job`, `method`, `path`, `quantile`.
#[derive(Metrics)]
#[metrics(namespace = "acme.summary")]
pub(crate) struct SummaryByCodeAndInstance {
    #[tag]
    pub(crate) code: String,
    #[tag]
    pub(crate) instance: String,
    #[tag]
    pub(crate) job: String,
    #[tag]
    pub(crate) method: String,
    #[tag]
    pub(crate) path: String,
    #[tag]
    pub(crate) quantile: Number,
    /// Help text for acme_summary_0_seconds.
    #[metric(name = "0_seconds.quantile", from = "acme_summary_0_seconds")]
    pub(crate) summary_0_seconds_quantile: Gauge<Second>,
}

/// The metrics `acme.summary.*` by `code`, `instance`, `job`, `method`, `path`.
#[derive(Metrics)]
#[metrics(namespace = "acme.summary")]
pub(crate) struct Summary {
    #[tag]
    pub(crate) code: String,
    #[tag]
    pub(crate) instance: String,
    #[tag]
    pub(crate) job: String,
    #[tag]
    pub(crate) method: String,
    #[tag]
    pub(crate) path: String,
    /// Help text for acme_summary_0_seconds.
    #[metric(name = "0_seconds.sum", from = "acme_summary_0_seconds_sum")]
    pub(crate) summary_0_seconds_sum: MonotonicCount<Second>,
    /// Help text for acme_summary_0_seconds.
    #[metric(name = "0_seconds.count", from = "acme_summary_0_seconds_count")]
    pub(crate) summary_0_seconds_count: MonotonicCount<Unitless>,
}
