//! Queries that took long, from the server's slow log.

use allwell::prelude::*;
use redis::aio::MultiplexedConnection;
use redis::{RedisResult, Value, cmd};

/// A query that took long.
#[derive(Metrics)]
#[metrics(namespace = "redis.slowlog")]
pub struct SlowQuery {
    /// The command, as `KEYS`.
    #[tag]
    command: String,
    /// Time that the query took.
    #[metric(orientation = lower_is_better)]
    micros: Histogram<Microsecond>,
}

/// What has been read of the slow log.
#[derive(Default)]
pub(super) struct SlowLog {
    next: u64,
}

/// Number, time of day and duration in microseconds, command with its arguments, address and name of the client.
type Entry = (u64, u64, u64, Vec<Vec<u8>>, Value, Value);

/// As many as the server keeps unless it is told otherwise.
const ENTRIES: u32 = 128;

impl SlowLog {
    /// The queries that were not there before. Where the server refuses to show them, there is a warning.
    pub(super) async fn read(
        &mut self,
        connection: &mut MultiplexedConnection,
        cx: &Context,
    ) -> Result<Vec<SlowQuery>> {
        let asked: RedisResult<Vec<Entry>> =
            cmd("SLOWLOG").arg("GET").arg(ENTRIES).query_async(connection).await;
        let entries = match asked {
            Err(error) if error.code().is_some() => {
                cx.warn(format!("the slow log cannot be read: {error}"));
                return Ok(Vec::new());
            }
            entries => entries?,
        };
        let next = entries.iter().map(|(number, ..)| number + 1).max().unwrap_or(0);
        // The numbers begin anew when the server does.
        let seen = if next < self.next { 0 } else { self.next };
        self.next = next;
        Ok(entries.into_iter().filter(|(number, ..)| *number >= seen).map(SlowQuery::new).collect())
    }
}

impl SlowQuery {
    fn new((_, _, micros, command, ..): Entry) -> Self {
        let command = command.first().map(|word| String::from_utf8_lossy(word).into_owned());
        Self { command: command.unwrap_or_default(), micros: micros.into() }
    }
}
