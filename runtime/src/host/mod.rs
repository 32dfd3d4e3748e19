//! Checks within the Datadog Agent: what its loader of shared libraries calls, and what it is given.
//!
//! [`agent_library!`](crate::agent_library) exports the two functions that the loader looks for, `Run` and `Version`. A `Run` goes through
//! these files: [`abi`] takes the host's pointers, `library` finds the check by the id, `instances` the instance that lives between
//! runs (or `configure` makes it), `instance` lends its worker to a thread of our own, and `submit` hands what it yielded to the host's
//! callbacks, while the host waits.
//!
//! A wheel's class of Python's goes the same way from `python` on, with functions of its own; its receiver gathers all that a run yields into
//! one reply.
//!
//! All `unsafe` code is in `abi`. What a run yields goes to a `receiver`, so another interface is another receiver.

pub mod abi;
mod caches;
mod configure;
mod growth;
mod instance;
mod instances;
mod library;
mod opened;
mod panics;
mod python;
mod receiver;
mod run;
mod submit;
mod text;

pub use python::PYTHON_INTERFACE;
