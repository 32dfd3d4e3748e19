//! Connections of HikariCP pools, as its exporter for Prometheus or as Micrometer tells of them.

use allwell::openmetrics::Number;
use allwell::prelude::*;

/// Connections of HikariCP pools.
#[check(display_name = "HikariCP", can_connect = "hikaricp.openmetrics.health")]
pub async fn hikaricp(config: &ScrapeOptions, cx: &Context) -> Result<Pools> {
    Ok(cx.scrape(config).await?)
}

/// The pools, of which one exporter or the other tells.
pub type Pools = (Vec<Pool>, Vec<Exported>, Vec<Quantiles>, Vec<Measured>);

/// What both exporters call the same.
#[derive(Metrics)]
#[metrics(namespace = "hikaricp")]
pub struct Pool {
    #[tag]
    pool: String,
    /// Connections.
    #[metric(from = "hikaricp_connections")]
    connections: Gauge<Connection>,
}

/// A pool, as the exporter for Prometheus tells of it.
#[derive(Metrics)]
#[metrics(namespace = "hikaricp.connections")]
pub struct Exported {
    #[tag]
    pool: String,
    /// Connections in use.
    #[metric(from = "hikaricp_active_connections")]
    active: Gauge<Connection>,
    /// Connections that wait to be used.
    #[metric(from = "hikaricp_idle_connections")]
    idle: Gauge<Connection>,
    /// Connections there may be at most.
    #[metric(from = "hikaricp_max_connections")]
    max: Gauge<Connection>,
    /// Connections there are at least.
    #[metric(from = "hikaricp_min_connections")]
    min: Gauge<Connection>,
    /// Threads that wait for a connection.
    #[metric(full_name = "hikaricp.threads.pending", from = "hikaricp_pending_threads")]
    threads: Gauge<Thread>,
    /// How often a thread has waited for a connection in vain.
    #[metric(name = "timeout.count", from = "hikaricp_connection_timeout_total")]
    timeouts: MonotonicCount<Timeout>,
    /// How often a thread was given a connection.
    #[metric(name = "acquired.nanos.count", from = "hikaricp_connection_acquired_nanos_count")]
    acquired: MonotonicCount<Unitless>,
    /// Time that threads have waited for a connection.
    #[metric(name = "acquired.nanos.sum", from = "hikaricp_connection_acquired_nanos_sum")]
    acquire_time: MonotonicCount<Nanosecond>,
    /// How often a connection was made.
    #[metric(name = "creation.millis.count", from = "hikaricp_connection_creation_millis_count")]
    created: MonotonicCount<Unitless>,
    /// Time that connections took to be made.
    #[metric(name = "creation.millis.sum", from = "hikaricp_connection_creation_millis_sum")]
    creation_time: MonotonicCount<Millisecond>,
    /// How often a connection was used.
    #[metric(name = "usage.millis.count", from = "hikaricp_connection_usage_millis_count")]
    used: MonotonicCount<Unitless>,
    /// Time that connections were in use.
    #[metric(name = "usage.millis.sum", from = "hikaricp_connection_usage_millis_sum")]
    usage_time: MonotonicCount<Millisecond>,
}

/// Quantiles of a pool's times, as the exporter for Prometheus tells of them.
#[derive(Metrics)]
#[metrics(namespace = "hikaricp.connections")]
pub struct Quantiles {
    #[tag]
    pool: String,
    #[tag]
    quantile: Number,
    /// Time that a thread waits for a connection.
    #[metric(name = "acquired.nanos.quantile", from = "hikaricp_connection_acquired_nanos")]
    acquired: Gauge<Nanosecond>,
    /// Time that a connection takes to be made.
    #[metric(name = "creation.millis.quantile", from = "hikaricp_connection_creation_millis")]
    creation: Gauge<Millisecond>,
    /// Time that a connection is in use.
    #[metric(name = "usage.millis.quantile", from = "hikaricp_connection_usage_millis")]
    usage: Gauge<Millisecond>,
}

/// A pool, as Micrometer tells of it.
#[derive(Metrics)]
#[metrics(namespace = "hikaricp.connections")]
pub struct Measured {
    #[tag]
    pool: String,
    /// Connections in use.
    #[metric(from = "hikaricp_connections_active")]
    active: Gauge<Connection>,
    /// Connections that wait to be used.
    #[metric(from = "hikaricp_connections_idle")]
    idle: Gauge<Connection>,
    /// Connections there may be at most.
    #[metric(from = "hikaricp_connections_max")]
    max: Gauge<Connection>,
    /// Connections there are at least.
    #[metric(from = "hikaricp_connections_min")]
    min: Gauge<Connection>,
    /// Threads that wait for a connection.
    #[metric(from = "hikaricp_connections_pending")]
    pending: Gauge<Thread>,
    /// How often a thread has waited for a connection in vain.
    #[metric(name = "timeout.count", from = "hikaricp_connections_timeout_total")]
    timeouts: MonotonicCount<Timeout>,
    /// How often a thread was given a connection.
    #[metric(name = "acquire.seconds.count", from = "hikaricp_connections_acquire_seconds_count")]
    acquired: MonotonicCount<Unitless>,
    /// Time that threads have waited for a connection.
    #[metric(name = "acquire.seconds.sum", from = "hikaricp_connections_acquire_seconds_sum")]
    acquire_time: MonotonicCount<Second>,
    /// The longest that a thread has waited for a connection lately.
    #[metric(name = "acquire.seconds.max", from = "hikaricp_connections_acquire_seconds_max")]
    longest_acquire: Gauge<Second>,
    /// How often a connection was made.
    #[metric(
        name = "creation.seconds.count",
        from = "hikaricp_connections_creation_seconds_count"
    )]
    created: MonotonicCount<Unitless>,
    /// Time that connections took to be made.
    #[metric(name = "creation.seconds.sum", from = "hikaricp_connections_creation_seconds_sum")]
    creation_time: MonotonicCount<Second>,
    /// The longest that a connection took to be made lately.
    #[metric(name = "creation.seconds.max", from = "hikaricp_connections_creation_seconds_max")]
    longest_creation: Gauge<Second>,
    /// How often a connection was used.
    #[metric(name = "usage.seconds.count", from = "hikaricp_connections_usage_seconds_count")]
    used: MonotonicCount<Unitless>,
    /// Time that connections were in use.
    #[metric(name = "usage.seconds.sum", from = "hikaricp_connections_usage_seconds_sum")]
    usage_time: MonotonicCount<Second>,
    /// The longest that a connection was in use lately.
    #[metric(name = "usage.seconds.max", from = "hikaricp_connections_usage_seconds_max")]
    longest_usage: Gauge<Second>,
}
