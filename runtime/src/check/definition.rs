//! What `#[check]` makes of a function or impl: everything about a check, as types and constants.

use std::time::Duration;

use crate::config::Config;
use crate::metric::{Descriptor, Metrics};

use super::Result;
use super::context::Context;
use super::location::Location;
use super::outcome::Outcome;

/// A check as types. Implemented by `#[check]`, never by hand.
pub trait Definition: 'static {
    /// What the attribute and the doc comment say.
    const META: Meta;

    /// The options of an instance.
    type Config: Config;
    /// What the context submits while a run goes on.
    type Stream: Metrics + 'static;
    /// What a run returns.
    type Outcome: Outcome;
    /// What is kept between runs.
    type State: Send + 'static;

    /// Makes an instance ready.
    fn start(
        config: Self::Config,
        cx: &Context<Self::Stream>,
    ) -> impl Future<Output = Result<Self::State>> + Send;

    /// Looks once and submits what it finds.
    fn run(
        state: &mut Self::State,
        cx: &Context<Self::Stream>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Ends an instance.
    fn stop(state: Self::State) -> impl Future<Output = ()> + Send {
        drop(state);
        async {}
    }
}

/// What is known about a check without its types.
#[derive(Debug, Clone, Copy)]
pub struct Meta {
    /// The name: `[a-z][a-z0-9_]*`.
    pub name: &'static str,
    /// The name for people, such as `HTTP Check`; `source_type_name` in Datadog's terms.
    pub display_name: &'static str,
    /// The doc comment.
    pub description: &'static str,
    /// How often it runs unless the instance says otherwise.
    pub interval: Duration,
    /// How long a run may take; the interval if not given.
    pub timeout: Option<Duration>,
    /// Runs without any configuration file.
    pub enabled_by_default: bool,
    /// Runs on the blocking pool.
    pub blocking: bool,
    /// The service check that tells whether runs succeed.
    pub can_connect: Option<&'static Descriptor>,
    /// Where it is written.
    pub location: Location,
    /// The package that it is written in.
    pub package: Package,
}

/// What Cargo.toml says of the package that a check is written in; empty where it says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Package {
    /// The crate.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Who wrote it: `name <email>`, several separated by colons.
    pub authors: &'static str,
    /// Its page.
    pub homepage: &'static str,
    /// Where its source is.
    pub repository: &'static str,
    /// Its licence, in SPDX's terms.
    pub licence: &'static str,
}

impl Meta {
    /// How often a check runs unless it or the instance says otherwise: the Agent's 15 seconds.
    pub const DEFAULT_INTERVAL: Duration = Duration::from_secs(15);
}

impl<M> Context<M> {
    /// Submits what a run of `D` returned; generated code calls it.
    #[doc(hidden)]
    pub fn finish<D: Definition>(&self, outcome: D::Outcome) -> Result<()> {
        let metrics = outcome.into_result()?;
        self.core().submit(|batch| metrics.emit(&mut batch.emitter()));
        Ok(())
    }
}
