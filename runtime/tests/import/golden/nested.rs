//! Metrics, imported from `metadata.csv`.

use allwell::prelude::*;

/// The metrics `nest.*`.
#[derive(Metrics)]
#[metrics(namespace = "nest")]
pub struct Nest {
    /// Pools.
    pub pool: Gauge<Unitless>,
    /// Whether it is up.
    #[metric(orientation = higher_is_better)]
    pub up: Gauge<Unitless>,
    #[metrics(flatten)]
    pub pool_metrics: Pool,
    #[metrics(flatten)]
    pub super_metrics: Super,
    #[metrics(flatten)]
    pub r#type: Type,
}

/// The metrics `nest.pool.*`.
#[derive(Metrics)]
#[metrics(namespace = "nest.pool")]
pub struct Pool {
    /// The a of it.
    pub a: Gauge<Unitless>,
    /// The b of it.
    pub b: Gauge<Unitless>,
    /// The c of it.
    pub c: Gauge<Unitless>,
    /// The d of it.
    pub d: Gauge<Unitless>,
}

/// The metrics `nest.super.*`.
#[derive(Metrics)]
#[metrics(namespace = "nest.super")]
pub struct Super {
    /// The a of it.
    pub a: Gauge<Unitless>,
    /// The b of it.
    pub b: Gauge<Unitless>,
    /// The c of it.
    pub c: Gauge<Unitless>,
    /// The d of it.
    pub d: Gauge<Unitless>,
}

/// The metrics `nest.type.*`.
#[derive(Metrics)]
#[metrics(namespace = "nest.type")]
pub struct Type {
    /// The a of it.
    pub a: Gauge<Unitless>,
    /// The b of it.
    pub b: Gauge<Unitless>,
    /// The c of it.
    pub c: Gauge<Unitless>,
    /// The d of it.
    pub d: Gauge<Unitless>,
}

/// The metrics `system.nest.*`.
#[derive(Metrics)]
#[metrics(namespace = "system.nest")]
pub struct SystemNest {
    /// Of another namespace.
    pub load: Gauge<Unitless>,
}
