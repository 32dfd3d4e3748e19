//! What `INFO` says, straight into a record: the fields are named as the server names them.

use std::collections::BTreeMap;

use allwell::prelude::*;
use allwell::reply::{ReplyError, key_values};
use serde::{Deserialize, Deserializer};

use super::database::Database;
use super::slowlog::SlowQuery;

/// A Redis server. What is optional is not said by every version, or only in some situations.
#[derive(Deserialize, Metrics)]
#[metrics(namespace = "redis")]
pub struct Server {
    /// What the server is to others.
    #[tag(name = "redis_role")]
    role: Role,

    /// Time that the command `INFO` took.
    #[serde(skip)]
    #[metric(name = "info.latency_ms", orientation = lower_is_better)]
    latency: Gauge<Millisecond>,
    #[serde(skip)]
    #[metrics(each = "redis_db")]
    databases: BTreeMap<String, Database>,
    #[serde(skip)]
    #[metrics(flatten)]
    slow_queries: Vec<SlowQuery>,

    /// Clients that are connected, without replicas.
    #[metric(name = "net.clients")]
    connected_clients: Gauge<Connection>,
    /// Clients that may be connected at a time.
    #[metric(name = "net.maxclients")]
    maxclients: Option<Gauge<Connection>>,
    /// Replicas that are connected.
    #[metric(name = "net.slaves")]
    connected_slaves: Gauge<Connection>,
    /// Connections that were refused because there were too many, since the server's start.
    #[metric(name = "net.rejected", orientation = lower_is_better)]
    rejected_connections: Gauge<Connection>,
    /// Commands.
    #[metric(name = "net.commands")]
    total_commands_processed: Rate<Command>,
    /// Commands at the moment, as the server measures it.
    #[metric(name = "net.instantaneous_ops_per_sec")]
    instantaneous_ops_per_sec: Gauge<Per<Command, Second>>,
    /// Clients that wait for a blocking command.
    #[metric(name = "clients.blocked", orientation = lower_is_better)]
    blocked_clients: Gauge<Connection>,
    /// The largest input buffer of a client.
    #[metric(name = "clients.biggest_input_buf")]
    client_biggest_input_buf: Option<Gauge<Byte>>,
    /// The longest list of answers that wait for a client.
    #[metric(name = "clients.longest_output_list")]
    client_longest_output_list: Option<Gauge<Item>>,

    /// Memory allocated.
    #[metric(name = "mem.used", orientation = lower_is_better)]
    used_memory: Gauge<Byte>,
    /// Memory as the operating system sees it.
    #[metric(name = "mem.rss", orientation = lower_is_better)]
    used_memory_rss: Gauge<Byte>,
    /// The most memory that was ever allocated.
    #[metric(name = "mem.peak", orientation = lower_is_better)]
    used_memory_peak: Gauge<Byte>,
    /// Memory allocated for the server's own purposes.
    #[metric(name = "mem.overhead", orientation = lower_is_better)]
    used_memory_overhead: Option<Gauge<Byte>>,
    /// Memory allocated at the start.
    #[metric(name = "mem.startup")]
    used_memory_startup: Option<Gauge<Byte>>,
    /// Memory of the Lua engine.
    #[metric(name = "mem.lua", orientation = lower_is_better)]
    used_memory_lua: Gauge<Byte>,
    /// Memory that may be allocated, 0 for any.
    #[metric(name = "mem.maxmemory")]
    maxmemory: Option<Gauge<Byte>>,
    /// Memory that the operating system sees for each byte that is allocated.
    #[metric(name = "mem.fragmentation_ratio", orientation = lower_is_better)]
    mem_fragmentation_ratio: Option<Gauge<Fraction>>,

    /// Keys removed because the memory was full, since the server's start.
    #[metric(name = "keys.evicted", orientation = lower_is_better)]
    evicted_keys: Gauge<Key>,
    /// Keys that expired, since the server's start.
    #[metric(name = "keys.expired")]
    expired_keys: Gauge<Key>,
    /// Keys that were looked for and found.
    #[metric(name = "stats.keyspace_hits", orientation = higher_is_better)]
    keyspace_hits: Rate<Key>,
    /// Keys that were looked for and not found.
    #[metric(name = "stats.keyspace_misses", orientation = lower_is_better)]
    keyspace_misses: Rate<Key>,
    /// Channels that somebody has subscribed to.
    #[metric(name = "pubsub.channels")]
    pubsub_channels: Gauge<Item>,
    /// Patterns of channels that somebody has subscribed to.
    #[metric(name = "pubsub.patterns")]
    pubsub_patterns: Gauge<Item>,
    /// Time that the last fork took.
    #[metric(name = "perf.latest_fork_usec", orientation = lower_is_better)]
    latest_fork_usec: Gauge<Microsecond>,

    /// Time of processors in the kernel, in seconds for each second.
    #[metric(name = "cpu.sys", orientation = lower_is_better)]
    used_cpu_sys: Rate<Second>,
    /// Time of processors in the server, in seconds for each second.
    #[metric(name = "cpu.user", orientation = lower_is_better)]
    used_cpu_user: Rate<Second>,
    /// Time of processors in the kernel for background processes, in seconds for each second.
    #[metric(name = "cpu.sys_children", orientation = lower_is_better)]
    used_cpu_sys_children: Rate<Second>,
    /// Time of processors in background processes, in seconds for each second.
    #[metric(name = "cpu.user_children", orientation = lower_is_better)]
    used_cpu_user_children: Rate<Second>,

    /// Whether a snapshot is being written: 1 if so.
    #[metric(name = "rdb.bgsave")]
    rdb_bgsave_in_progress: Gauge<Unitless>,
    /// Changes since the last snapshot.
    #[metric(name = "rdb.changes_since_last", orientation = lower_is_better)]
    rdb_changes_since_last_save: Gauge<Update>,
    /// Time that the last snapshot took, -1 if there was none.
    #[metric(name = "rdb.last_bgsave_time", orientation = lower_is_better)]
    rdb_last_bgsave_time_sec: Gauge<Second>,
    /// Whether the append-only file is being rewritten: 1 if so.
    #[metric(name = "aof.rewrite")]
    aof_rewrite_in_progress: Gauge<Unitless>,
    /// Time that the last rewriting of the append-only file took, -1 if there was none.
    #[metric(name = "aof.last_rewrite_time", orientation = lower_is_better)]
    aof_last_rewrite_time_sec: Gauge<Second>,
    /// Size of the append-only file, if there is one.
    #[metric(name = "aof.size")]
    aof_current_size: Option<Gauge<Byte>>,
    /// Data that waits to be appended to the file, if there is one.
    #[metric(name = "aof.buffer_length", orientation = lower_is_better)]
    aof_buffer_length: Option<Gauge<Byte>>,
    /// Size of what is being loaded, at the server's start.
    #[metric(name = "aof.loading_total_bytes")]
    loading_total_bytes: Option<Gauge<Byte>>,
    /// Data that has been loaded, at the server's start.
    #[metric(name = "aof.loading_loaded_bytes")]
    loading_loaded_bytes: Option<Gauge<Byte>>,
    /// Share of what has been loaded, at the server's start.
    #[metric(name = "aof.loading_loaded_perc")]
    loading_loaded_perc: Option<Gauge<Percent>>,
    /// Time that loading will still take, at the server's start.
    #[metric(name = "aof.loading_eta_seconds")]
    loading_eta_seconds: Option<Gauge<Second>>,

    /// Whether memory is being defragmented: 1 if so.
    #[metric(name = "active_defrag.running")]
    active_defrag_running: Option<Gauge<Unitless>>,
    /// Values that defragmentation has moved.
    #[metric(name = "active_defrag.hits")]
    active_defrag_hits: Option<Gauge<Operation>>,
    /// Values that defragmentation has begun to move, in vain.
    #[metric(name = "active_defrag.misses")]
    active_defrag_misses: Option<Gauge<Operation>>,
    /// Keys that defragmentation has moved.
    #[metric(name = "active_defrag.key_hits")]
    active_defrag_key_hits: Option<Gauge<Key>>,
    /// Keys that defragmentation has passed over.
    #[metric(name = "active_defrag.key_misses")]
    active_defrag_key_misses: Option<Gauge<Key>>,

    /// How far the server's own stream of changes has come.
    #[metric(name = "replication.master_repl_offset")]
    master_repl_offset: Gauge<Offset>,
    /// Changes that are kept for replicas that come back.
    #[metric(name = "replication.backlog_histlen")]
    repl_backlog_histlen: Gauge<Byte>,
    /// How far a replica has followed its master.
    #[metric(name = "replication.slave_repl_offset")]
    slave_repl_offset: Option<Gauge<Offset>>,
    /// Time since a replica last heard of its master, -1 if it does not.
    #[metric(name = "replication.last_io_seconds_ago", orientation = lower_is_better)]
    master_last_io_seconds_ago: Option<Gauge<Second>>,
    /// Whether a replica is copying all of its master: 1 if so.
    #[metric(name = "replication.sync")]
    master_sync_in_progress: Option<Gauge<Unitless>>,
    /// Data that a replica still has to copy.
    #[metric(name = "replication.sync_left_bytes", orientation = lower_is_better)]
    master_sync_left_bytes: Option<Gauge<Byte>>,
    /// Time since a replica lost its master.
    #[metric(name = "replication.master_link_down_since_seconds", orientation = lower_is_better)]
    master_link_down_since_seconds: Option<Gauge<Second>>,
    /// OK if a replica is connected to its master, CRITICAL if it is not.
    #[serde(default, deserialize_with = "master_link")]
    #[metric(name = "replication.master_link_status")]
    master_link_status: Option<ServiceCheck>,
}

impl Server {
    /// Reads the replies to `INFO` and `INFO keyspace`.
    pub(super) fn read(
        info: &str,
        keyspace: &str,
        latency: Duration,
        slow_queries: Vec<SlowQuery>,
    ) -> Result<Self, ReplyError> {
        let databases = key_values(keyspace, ':')?;
        Ok(Self { latency: latency.into(), databases, slow_queries, ..key_values(info, ':')? })
    }
}

/// What a server is to others.
#[derive(Deserialize, TagValue)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The one that is written to.
    Master,
    /// One that follows another.
    Slave,
}

fn master_link<'de, D>(deserializer: D) -> Result<Option<ServiceCheck>, D::Error>
where
    D: Deserializer<'de>,
{
    let status = match <&str>::deserialize(deserializer)? {
        "up" => Status::Ok,
        state => Status::critical(format!("the link to the master is {state}")),
    };
    Ok(Some(status.into()))
}
