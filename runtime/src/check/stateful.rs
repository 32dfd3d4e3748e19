//! Checks that keep state between runs: an ordinary trait, registered by `#[check]` on its impl.

use crate::config::Config;
use crate::metric::Metrics;

use super::Result;
use super::context::Context;

/// A check with state between runs (a connection, say), registered by `#[check]` on the impl.
///
/// A check without state is an ordinary function with `#[check]`. `M` is what the context submits while a run goes on:
/// `impl Check<Row> for Postgres` is given a `&Context<Row>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a check",
    label = "not a check",
    note = "hint: `#[check]` stands on a function or on `impl Check for …`"
)]
pub trait Check<M: Metrics = ()>: Sized + Send + 'static {
    /// The options of an instance.
    type Config: Config;
    /// What a run yields.
    type Metrics: Metrics;

    /// Makes the instance ready: connects, allocates. An error is reported and it is tried again.
    fn start(config: Self::Config, cx: &Context<M>) -> impl Future<Output = Result<Self>> + Send;

    /// Looks once.
    fn run(&mut self, cx: &Context<M>) -> impl Future<Output = Result<Self::Metrics>> + Send;

    /// Says goodbye: called when the instance ends, not when the process is killed.
    fn stop(self) -> impl Future<Output = ()> + Send {
        async {}
    }
}
