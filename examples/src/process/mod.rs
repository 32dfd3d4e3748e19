//! Processes by their name: how many there are, and what they take.

mod look;
mod search;
mod usage;

use std::time::Instant;

use allwell::prelude::*;

pub use search::Search;
pub use usage::Usage;

/// Processes by their name: how many there are, and what they take.
#[check(name = "process")]
impl Check for Processes {
    type Config = Search;
    type Metrics = (Group, Up);

    async fn start(search: Search, _cx: &Context) -> Result<Self> {
        Ok(Self { search, last: None })
    }

    async fn run(&mut self, _cx: &Context) -> Result<Self::Metrics> {
        let found = self.search.find()?;
        let now = Instant::now();
        let last =
            self.last.replace((now, found.iter().map(|look| (look.id(), look.time())).collect()));
        let last = last.map(|(time, times)| (now - time, times));
        let name = self.search.name();
        let status = match found.len() {
            0 => Status::critical(format!("there is no process `{name}`")),
            _ => Status::Ok,
        };
        let usage = Usage::of(&found, last)?;
        Ok((
            Group { process_name: name.clone(), number: found.len().into(), usage },
            Up { process: name, up: status.into() },
        ))
    }
}

/// The processes that are looked for, and when they were last looked at.
pub struct Processes {
    search: Search,
    last: Option<(Instant, look::Times)>,
}

/// All processes that were found.
#[derive(Metrics)]
#[metrics(namespace = "system.processes")]
pub struct Group {
    /// The name that the instance gives them.
    #[tag]
    process_name: String,
    /// Processes that were found.
    number: Gauge<Process>,
    #[metrics(flatten)]
    usage: Option<Usage>,
}

/// Whether there is such a process.
#[derive(Metrics)]
#[metrics(namespace = "process")]
pub struct Up {
    /// The name that the instance gives the processes.
    #[tag]
    process: String,
    /// OK if there is such a process, CRITICAL if there is none.
    up: ServiceCheck,
}
