//! What an author's file begins with: `use allwell::prelude::*;`.
//!
//! All units are in here. Where a name is both a unit and something of the contract, the contract wins: `Check` is the
//! trait, the unit is `units::Check`. `Event` is both at once.

pub use std::time::Duration;

pub use anyhow::{Context as _, anyhow, bail, ensure};

pub use allwell_macros::{Metrics, TagValue, check};

pub use crate::check::{Check, Context, Result};
pub use crate::config::{Config, Secret};
pub use crate::metric::units::{self, *};
pub use crate::metric::{
    Buckets, Count, Distribution, Event, Gauge, Histogram, Log, Metrics, MonotonicCount, Per, Rate,
    ServiceCheck, Status, TagValue, Unitless,
};

#[cfg(feature = "url")]
pub use crate::Url;
#[cfg(feature = "http")]
pub use crate::http::HttpOptions;
#[cfg(feature = "openmetrics")]
pub use crate::openmetrics::ScrapeOptions;
#[cfg(feature = "tls")]
pub use crate::tls::TlsOptions;
