//! What the endpoint exposes, as it did when this was written. A field that it may lack is an `Option`.

// Names and descriptions are the server's own.
#![allow(clippy::doc_markdown, clippy::struct_field_names)]

use allwell::openmetrics::Number;
use allwell::prelude::*;

/// The metrics `shop.*`.
#[derive(Metrics)]
#[metrics(scraped)]
pub struct Exposition {
    #[metrics(flatten)]
    pub shop_by_self_and_type: Vec<ShopBySelfAndType>,
    #[metrics(flatten)]
    pub shop_by_kind_and_till: Vec<ShopByKindAndTill>,
    #[metrics(flatten)]
    pub sale: Vec<Sale>,
    #[metrics(flatten)]
    pub wait_by_quantile: Vec<WaitByQuantile>,
    #[metrics(flatten)]
    pub shop_wait: Option<ShopWait>,
    #[metrics(flatten)]
    pub cache: Option<Cache>,
    #[metrics(flatten)]
    pub shop: Option<Shop>,
    #[metrics(flatten)]
    pub shop_by_room_name_and_room_name: Vec<ShopByRoomNameAndRoomName>,
    #[metrics(flatten)]
    pub shop_number: Option<ShopNumber>,
    #[metrics(flatten)]
    pub shop_extend: Option<ShopExtend>,
}

/// The metrics `shop.*` by `self`, `type`, `version`.
#[derive(Metrics)]
#[metrics(namespace = "shop")]
pub struct ShopBySelfAndType {
    #[tag(name = "self", from = "self")]
    pub self_: String,
    #[tag]
    pub r#type: String,
    #[tag]
    pub version: String,
    /// What was built; see https://example.com/shop.
    #[allow(rustdoc::bare_urls)]
    #[metric(from = "shop_build_info")]
    pub build_info: Gauge<Unitless>,
}

/// The metrics `shop.*` by `kind`, `till`.
#[derive(Metrics)]
#[metrics(namespace = "shop")]
pub struct ShopByKindAndTill {
    #[tag]
    pub kind: String,
    #[tag]
    pub till: String,
    /// Sales, by "kind" / till.
    #[metric(from = "shop_sales_total")]
    pub sales: MonotonicCount<Unitless>,
    /// Shop refunds.
    #[metric(from = "shop_refunds_total")]
    pub refunds: Option<MonotonicCount<Unitless>>,
}

/// The metrics `shop.sale.*` by `till`.
#[derive(Metrics)]
#[metrics(namespace = "shop.sale")]
pub struct Sale {
    #[tag]
    pub till: String,
    /// Shop sale duration seconds.
    #[metric(from = "shop_sale_duration_seconds_bucket")]
    pub duration_seconds: Buckets<Second>,
    /// Shop sale duration seconds sum.
    #[metric(name = "duration_seconds.sum", from = "shop_sale_duration_seconds_sum")]
    pub duration_seconds_sum: MonotonicCount<Second>,
    /// Shop sale duration seconds count.
    #[metric(
        name = "duration_seconds.count",
        from = "shop_sale_duration_seconds_count"
    )]
    pub duration_seconds_count: MonotonicCount<Unitless>,
}

/// The metrics `shop.wait.*` by `quantile`.
#[derive(Metrics)]
#[metrics(namespace = "shop.wait")]
pub struct WaitByQuantile {
    #[tag]
    pub quantile: Number,
    /// Time in the queue.
    #[metric(name = "seconds.quantile", from = "shop_wait_seconds")]
    pub seconds_quantile: Gauge<Second>,
}

/// The metrics `shop.wait.*`.
#[derive(Metrics)]
#[metrics(namespace = "shop.wait")]
pub struct ShopWait {
    /// Time in the queue.
    #[metric(name = "seconds.sum", from = "shop_wait_seconds_sum")]
    pub seconds_sum: MonotonicCount<Second>,
    /// Time in the queue.
    #[metric(name = "seconds.count", from = "shop_wait_seconds_count")]
    pub seconds_count: MonotonicCount<Unitless>,
}

/// The metrics `shop.cache.*`.
#[derive(Metrics)]
#[metrics(namespace = "shop.cache")]
pub struct Cache {
    /// Memory of the cache_table. Of all of it, \[most\] is \<used> by `it`.
    #[metric(from = "shop_cache_bytes")]
    pub bytes: Gauge<Byte>,
    /// Shop cache hits.
    #[metric(from = "shop_cache_hits_total")]
    pub hits: MonotonicCount<Hit>,
    /// Shop cache hits 2.
    #[metric(from = "shop_cache_hits")]
    pub hits_2: Gauge<Hit>,
    /// Shop cache full ratio.
    #[metric(from = "shop_cache_full_ratio")]
    pub full_ratio: Gauge<Fraction>,
}

/// The metrics `shop.*`.
#[derive(Metrics)]
#[metrics(namespace = "shop")]
pub struct Shop {
    /// Shop type.
    #[metric(from = "shop_type")]
    pub r#type: Gauge<Unitless>,
    /// Shop self.
    #[metric(name = "self", from = "shop_self")]
    pub self_: Gauge<Unitless>,
    /// Shop shop.
    #[metric(from = "shop_")]
    pub shop: Gauge<Unitless>,
    /// Shop it s.
    #[metric(from = "{'shop.it\\'s'}")]
    pub it_s: Gauge<Unitless>,
    /// Shop unnamed.
    #[metric(from = "{'シ'}")]
    pub unnamed: Gauge<Unitless>,
    /// Shop odd.
    #[metric(from = ":odd:")]
    pub odd: Gauge<Unitless>,
    /// Shop process start time seconds.
    #[metric(from = "process_start_time_seconds")]
    pub process_start_time_seconds: Gauge<UnixSecond>,
    /// Shop twice.
    #[metric(from = "shop_twice")]
    pub twice: Gauge<Unitless>,
}

/// The metrics `shop.*` by `room-name`, `room.name`.
#[derive(Metrics)]
#[metrics(namespace = "shop")]
pub struct ShopByRoomNameAndRoomName {
    #[tag(from = "room-name")]
    pub room_name: String,
    #[tag(from = "room.name")]
    pub room_name_2: String,
    /// Shop temperature.
    #[metric(from = "{'shop.temperature'}")]
    pub temperature: Gauge<Unitless>,
}

/// The metrics `shop.number.*`.
#[derive(Metrics)]
#[metrics(namespace = "shop.number")]
pub struct ShopNumber {
    /// Shop number of doors.
    #[metric(from = "shop_number_of_doors")]
    pub of_doors: Gauge<Unitless>,
    /// Shop number of windows.
    #[metric(from = "shop_number_of_windows")]
    pub of_windows: Gauge<Unitless>,
    /// Shop number of shelves.
    #[metric(from = "shop_number_of_shelves")]
    pub of_shelves: Gauge<Unitless>,
}

/// The metrics `shop.extend.*`.
#[derive(Metrics)]
#[metrics(namespace = "shop.extend")]
pub struct ShopExtend {
    /// Shop extend left.
    #[metric(from = "shop_extend_left")]
    pub left: Gauge<Unitless>,
    /// Shop extend right.
    #[metric(from = "shop_extend_right")]
    pub right: Gauge<Unitless>,
    /// Shop extend up.
    #[metric(from = "shop_extend_up")]
    pub up: Gauge<Unitless>,
}
