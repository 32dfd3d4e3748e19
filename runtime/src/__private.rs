//! What generated code may name, and nobody else.

pub use std::clone::Clone;
pub use std::convert::From;
pub use std::default::Default;
pub use std::fmt::Display;
pub use std::option::Option::{self, None, Some};
pub use std::result::Result::{self, Err, Ok};
pub use std::string::String;
pub use std::sync::Arc;
pub use std::time::Duration;
pub use std::vec::Vec;
pub use std::{assert, column, concat, env, file, line, module_path, stringify};

use std::pin::Pin;
use std::task;

use crate::check::{Thread, panics::guard};

#[cfg(all(feature = "agent", unix))]
pub mod agent {
    //! What `agent_library!` names.

    pub use std::ffi::c_char;

    pub use crate::host::PYTHON_INTERFACE;
    pub use crate::host::abi::{
        Aggregator, Bytes, close_for_python, free_for_python, open_for_python, pin,
        remember_for_python, run_for_python, run_of_host,
    };
}

pub use inventory;
pub use serde_json::{Value, json};

pub use crate::check::Result as CheckResult;
pub use crate::check::{
    Check, Context, Definition, Entry, Linked, Location, Meta, Outcome, Package,
};
pub use crate::config::{
    Common, Config, Constraints, Item, Node, OptionSpec, OptionValue, Reader, Section, Shape, Spec,
    derived::*, push_tag, read_choice,
};
pub use crate::metric::{
    Declaration, Descriptor, Displayed, Emitter, Field, InAppType, Keyed, LabelValue, Metrics,
    Nested, OneSeries, Orientation, Record, TagKey, TagText, TagValue, derived::*,
};
#[cfg(feature = "openmetrics")]
pub use crate::openmetrics::record::{
    FromSample, FromScrape, FromState, LabelCondition, Row as ScrapedRow, ScrapedRecord,
    Shape as Shaped, Source as ScrapeSource, StateLevel, Table as ScrapedTable,
    derived::{
        records_needed, sample_field, scrape_label, state_field, take_label, take_records,
        take_sample, take_state,
    },
};

/// Runs a blocking check on the blocking pool.
///
/// The run is boxed, so that the pool's machinery is compiled once and not once a check.
///
/// # Errors
/// The error of the check. Its panic goes on here.
pub async fn blocking(run: impl FnOnce() -> CheckResult<()> + Send + 'static) -> CheckResult<()> {
    on_the_pool(Box::new(run)).await
}

async fn on_the_pool(run: Box<dyn FnOnce() -> CheckResult<()> + Send>) -> CheckResult<()> {
    let thread = Thread::of_this_run();
    let job = move || {
        let result = guard(run);
        drop(thread);
        result
    };
    match Job(tokio::task::spawn_blocking(job)).await {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => std::panic::resume_unwind(Box::new(panic)),
        // The pool is shut down: the run can only be abandoned, as its caller is about to be.
        Err(_) => std::future::pending().await,
    }
}

/// A run on the pool. One that is given up before a thread was free for it never begins.
struct Job<T>(tokio::task::JoinHandle<T>);

impl<T> Future for Job<T> {
    type Output = Result<T, tokio::task::JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut task::Context<'_>) -> task::Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A check's future travels between threads.
pub const fn future_must_be_send<F: Future + Send>(future: F) -> F {
    future
}

/// The crate's name in a module path.
pub const fn crate_of(module_path: &'static str) -> &'static str {
    let bytes = module_path.as_bytes();
    let mut end = 0;
    while end < bytes.len() && bytes[end] != b':' {
        end += 1;
    }
    module_path.split_at(end).0
}
