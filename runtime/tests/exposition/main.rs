//! The OpenMetrics endpoint: what is exposed, under which names, and what a scraper gets.
#![forbid(unsafe_code)]

mod support;
mod values;
