//! The contract between an author's check and everything that runs, lists or exports it.

mod cache;
mod cancel;
mod clock;
mod context;
mod definition;
mod entry;
mod host;
mod id;
mod identity;
mod instance;
mod load;
mod location;
mod mark;
mod outcome;
pub(crate) mod panics;
mod recipe;
mod registry;
#[cfg(feature = "openmetrics")]
mod scrapes;
mod stateful;
#[cfg(feature = "openmetrics")]
mod sums;
mod thread;

pub use cache::Cache;
pub use cancel::Cancellation;
pub use clock::Clock;
pub(crate) use context::Core;
pub use context::{At, Context, Includes, Only};
pub use definition::{Definition, Meta, Package};
pub use entry::{Entry, Place, Prepared, Running};
pub use host::Host;
pub(crate) use identity::Identity;
pub use instance::InstanceSpec;
pub use load::{Loaded, load, load_default, load_with};
pub use location::Location;
#[cfg(feature = "cli")]
pub(crate) use mark::Mark;
pub use outcome::Outcome;
pub(crate) use recipe::Recipe;
pub use registry::{Linked, Registry, RegistryProblem};
#[cfg(feature = "openmetrics")]
pub(crate) use scrapes::Found;
pub use stateful::Check;
#[cfg(feature = "openmetrics")]
pub(crate) use sums::Sums;
pub(crate) use thread::Thread;

/// An error of a check, with its causes.
pub type Error = anyhow::Error;

/// What fallible functions of a check return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A boxed future, as the object-safe side of the contract needs it.
pub(crate) type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
