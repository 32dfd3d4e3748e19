//! Memory, traffic, keys and replication of a Redis server, from its command `INFO`.

mod config;
mod database;
mod server;
mod slowlog;

use std::time::Instant;

use allwell::prelude::*;
use allwell::reply::key_values;
use redis::aio::MultiplexedConnection;
use redis::cmd;

pub use config::RedisConfig;
pub use database::Database;
pub use server::{Role, Server};
use slowlog::SlowLog;
pub use slowlog::SlowQuery;

/// Memory, traffic, keys and replication of a Redis server.
#[check(name = "redis", can_connect = "redis.can_connect")]
impl Check for Redis {
    type Config = RedisConfig;
    type Metrics = Server;

    async fn start(config: RedisConfig, _cx: &Context) -> Result<Self> {
        Ok(Self { config, connection: None, slow_log: SlowLog::default() })
    }

    async fn run(&mut self, cx: &Context) -> Result<Server> {
        // It is put back when the run has gone well: one that failed is made anew.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.config.connect().await?,
        };
        let asked = Instant::now();
        let info: String = cmd("INFO").query_async(&mut connection).await?;
        let latency = asked.elapsed();
        let keyspace: String = cmd("INFO").arg("keyspace").query_async(&mut connection).await?;
        let slow_queries = self.slow_log.read(&mut connection, cx).await?;
        self.connection = Some(connection);
        cx.version(&key_values::<About>(&info, ':')?.redis_version);
        Ok(Server::read(&info, &keyspace, latency, slow_queries)?)
    }
}

/// A server, and the connection to it.
pub struct Redis {
    config: RedisConfig,
    connection: Option<MultiplexedConnection>,
    slow_log: SlowLog,
}

/// What the server says of itself that is no metric.
#[derive(serde::Deserialize)]
struct About {
    redis_version: String,
}
