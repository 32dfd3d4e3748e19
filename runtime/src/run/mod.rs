//! When and how checks run: a worker an instance, with a timeout, and the engine that runs many.

mod agenda;
mod batches;
mod catch;
mod collect;
mod drive;
mod engine;
mod instance;
mod instances;
mod keeper;
mod notice;
mod own;
mod past;
mod permits;
mod process;
mod report;
mod schedule;
mod spread;
mod statistics;
mod status;
mod tasks;
mod turn;
mod unless;
mod worker;

pub use crate::check::Host;
pub use engine::{Change, Engine, Surroundings};
pub use instance::Activity;
pub use keeper::{Keeper, Trouble};
pub use notice::{Notice, Observer, Skip, Skips};
pub use own::{OWN, Own};
pub use permits::Concurrency;
pub use report::{RunOutcome, RunReport};
pub use spread::Spread;
pub use statistics::{Statistics, Told};
pub use status::InstanceStatus;
#[cfg(feature = "cli")]
pub(crate) use unless::unless;
pub use worker::Worker;
