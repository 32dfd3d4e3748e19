//! Processes by their name: how many there are, and what they take.

mod look;
mod search;
mod usage;

use std::time::Instant;

use allwell::prelude::*;

use search::Criterion;
pub use search::Search;
pub use usage::Usage;

/// Processes by their name: how many there are, and what they take.
#[check(name = "process")]
impl Check for Processes {
    type Config = Search;
    type Metrics = (Group, Up);

    async fn start(search: Search, _cx: &Context) -> Result<Self> {
        Ok(Self { criterion: search.criterion()?, name: search.name, last: None })
    }

    async fn run(&mut self, _cx: &Context) -> Result<Self::Metrics> {
        let found = self.criterion.find()?;
        let now = Instant::now();
        let times = found.iter().map(|look| (look.id(), look.time())).collect();
        let last = self.last.replace((now, times));
        let usage = Usage::of(&found, last.map(|(then, times)| (now - then, times)))?;
        let status = match found.len() {
            0 => Status::critical(format!("there is no process `{}`", self.name)),
            _ => Status::Ok,
        };
        let number = found.len().into();
        let group = Group { process_name: self.name.clone(), number, usage };
        Ok((group, Up { process: self.name.clone(), up: status.into() }))
    }
}

/// The processes that are looked for, and when they were last looked at.
pub struct Processes {
    name: String,
    criterion: Criterion,
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
