//! What a running check is given: where to submit, and what it may know about itself.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::metric::{Batch, Dynamic, DynamicEmitter, Event, Log, Metrics};

use super::cache::Cache;
use super::cancel::{Cancellation, Flag};
use super::identity::Identity;

/// What a check is given beside its configuration.
///
/// `Context<M>` also submits records of `M` (or of one of its members, if `M` is a tuple) while the run goes on; a plain
/// `Context` does not, so a check's signature tells everything it can report.
pub struct Context<M = ()> {
    core: Arc<Core>,
    stream: PhantomData<fn(M)>,
}

/// The part of a context that does not depend on what it submits.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) identity: Identity,
    pub(crate) output: Mutex<Output>,
    pub(super) cancelled: Flag,
    pub(crate) cache: Cache,
    #[cfg(feature = "http")]
    http: crate::http::Clients,
    #[cfg(feature = "openmetrics")]
    pub(crate) scrapes: super::scrapes::Scrapes,
}

/// What a run has yielded so far.
#[derive(Debug, Default)]
pub(crate) struct Output {
    /// Nothing between runs: what is submitted then, from a task that a check left behind, belongs to no run.
    pub(crate) batch: Option<Box<Batch>>,
    /// Most checks say nothing.
    said: Option<Box<Said>>,
}

/// What a check has said beside what it has submitted.
#[derive(Debug, Default)]
struct Said {
    warnings: Vec<String>,
    metadata: BTreeMap<String, String>,
}

impl Output {
    /// The warnings of the run.
    pub(crate) fn warnings(&self) -> &[String] {
        self.said.as_ref().map_or(&[], |said| &said.warnings)
    }

    /// What the check has said of what it watches.
    pub(crate) fn metadata(&self) -> &BTreeMap<String, String> {
        static NONE: BTreeMap<String, String> = BTreeMap::new();
        self.said.as_ref().map_or(&NONE, |said| &said.metadata)
    }

    /// Forgets the warnings of the last run.
    pub(crate) fn begin(&mut self) {
        if let Some(said) = &mut self.said {
            said.warnings.clear();
        }
    }

    fn said(&mut self) -> &mut Said {
        self.said.get_or_insert_default()
    }
}

impl Core {
    pub(crate) fn new(identity: Identity, cache: Cache) -> Self {
        Self {
            identity,
            output: Mutex::default(),
            cancelled: Flag::default(),
            cache,
            #[cfg(feature = "http")]
            http: crate::http::Clients::default(),
            #[cfg(feature = "openmetrics")]
            scrapes: super::scrapes::Scrapes::default(),
        }
    }

    /// The same for the runs after one that was given up.
    pub(crate) fn renewed(&self) -> Self {
        Self {
            #[cfg(feature = "openmetrics")]
            scrapes: self.scrapes.renewed(),
            ..Self::new(self.identity.clone(), self.cache.clone())
        }
    }

    /// A run that panicked while it submitted leaves whole samples behind, so its output is still good.
    pub(crate) fn output(&self) -> MutexGuard<'_, Output> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the check to come to an end.
    pub(crate) fn cancel(&self) {
        self.cancelled.set();
    }

    /// Adds to what the run has yielded.
    pub(super) fn submit(&self, add: impl FnOnce(&mut Batch)) {
        if let Some(batch) = &mut self.output().batch {
            add(batch);
        }
    }
}

impl<M> Context<M> {
    pub(crate) const fn new(core: Arc<Core>) -> Self {
        Self { core, stream: PhantomData }
    }

    /// Submits a record at once; it is kept even if the run fails later.
    ///
    /// Only records that the context's type names are accepted: `Context<Row>` takes a `Row`, `Context<(Row, Total)>`
    /// takes either.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a record is handed over: what was submitted is not looked at again"
    )]
    pub fn submit<R, Place>(&self, record: R)
    where
        R: Metrics,
        M: Includes<R, Place>,
    {
        self.core.submit(|batch| record.emit(&mut batch.emitter()));
    }

    /// Submits metrics whose names are known only at run time; they are kept even if the run fails later.
    ///
    /// Only a context that names [`Dynamic`] does: `Context<Dynamic>`.
    pub fn dynamic<Place>(&self, submit: impl FnOnce(&mut DynamicEmitter<'_>))
    where
        M: Includes<Dynamic, Place>,
    {
        self.core.submit(|batch| submit(&mut batch.dynamic()));
    }

    pub(super) fn core(&self) -> &Core {
        &self.core
    }

    /// Sends an event.
    pub fn event(&self, event: Event) {
        self.core.submit(|batch| batch.event(event));
    }

    /// Sends a log line.
    pub fn log(&self, log: Log) {
        self.core.submit(|batch| batch.log(log));
    }

    /// Shows a warning with the run's statistics; the run still counts as good.
    pub fn warn(&self, message: impl fmt::Display) {
        self.core.output().said().warnings.push(format!("{message:#}"));
    }

    /// Sets a fact about the instance that is shown beside its metrics, such as a setting of the server.
    pub fn metadata(&self, name: impl Into<String>, value: impl Into<String>) {
        self.core.output().said().metadata.insert(name.into(), value.into());
    }

    /// Sets the version of what is watched: the whole text, and its parts where it reads as a semantic version.
    pub fn version(&self, version: &str) {
        let mut output = self.core.output();
        // Parts of the last version are not those of this one.
        let metadata = &mut output.said().metadata;
        metadata.retain(|name, _| !name.starts_with("version."));
        for (part, value) in super::identity::version_parts(version) {
            metadata.insert(format!("version.{part}"), value);
        }
    }

    /// The check's name.
    pub fn check_name(&self) -> &'static str {
        self.core.identity.check
    }

    /// The instance's id, the same for the same configuration.
    pub fn instance_id(&self) -> &str {
        &self.core.identity.id
    }

    /// The name of this host.
    pub fn hostname(&self) -> &str {
        &self.core.identity.host.hostname
    }

    /// The time of day.
    pub fn now(&self) -> SystemTime {
        self.core.identity.host.clock.now()
    }

    /// Tells when the run should come to an end. An async check need not ask: it is dropped where it waits.
    pub fn cancellation(&self) -> Cancellation {
        Cancellation::of(&self.core)
    }

    /// The HTTP client of these options, made at the first call and kept between runs.
    #[cfg(feature = "http")]
    pub fn http(
        &self,
        options: &crate::http::HttpOptions,
    ) -> Result<crate::http::Http, crate::http::HttpError> {
        self.core.http.get(options)
    }

    /// The endpoints that were scraped so far.
    #[cfg(feature = "openmetrics")]
    pub(crate) fn scrapes(&self) -> &super::scrapes::Scrapes {
        &self.core.scrapes
    }

    /// An endpoint was scraped in this run, where totals that are new count from zero or do not, by the names of their samples.
    #[cfg(feature = "openmetrics")]
    pub(crate) fn scraped(&self, totals: Vec<(&'static str, bool)>) {
        self.core.submit(|batch| batch.scraped(totals));
    }

    /// Text that the instance keeps from run to run.
    pub fn cache(&self) -> &Cache {
        &self.core.cache
    }
}

impl<M> Clone for Context<M> {
    fn clone(&self) -> Self {
        Self { core: Arc::clone(&self.core), stream: PhantomData }
    }
}

impl<M> fmt::Debug for Context<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("instance", &self.instance_id()).finish_non_exhaustive()
    }
}

/// A context's type includes the record type `R`.
#[diagnostic::on_unimplemented(
    message = "this context does not submit `{R}`",
    label = "`{R}` is not declared in the context's type",
    note = "hint: name it in the check's signature: `cx: &Context<{R}>`, or `&Context<(…, {R})>` beside others"
)]
pub trait Includes<R, Place> {}

/// The place of a record type that is the whole of a context's type.
#[derive(Debug)]
pub struct Only;

/// The place of a record type in a tuple.
#[derive(Debug)]
pub struct At<const PLACE: usize>;

impl<R: Metrics> Includes<R, Only> for R {}

/// Nothing that can be submitted.
#[doc(hidden)]
#[derive(Debug)]
pub enum Nothing {}

// Were there one impl, the compiler would take a record of another type for a mistyped argument and not say this trait's message.
impl<M> Includes<Nothing, Nothing> for M {}

macro_rules! members {
    ($($place:literal $own:ident: $($member:ident),+;)*) => {$(
        impl<$($member: Metrics),+> Includes<$own, At<$place>> for ($($member,)+) {}
    )*};
}

members! {
    0 A: A;
    0 A: A, B;
    1 B: A, B;
    0 A: A, B, C;
    1 B: A, B, C;
    2 C: A, B, C;
    0 A: A, B, C, D;
    1 B: A, B, C, D;
    2 C: A, B, C, D;
    3 D: A, B, C, D;
    0 A: A, B, C, D, E;
    1 B: A, B, C, D, E;
    2 C: A, B, C, D, E;
    3 D: A, B, C, D, E;
    4 E: A, B, C, D, E;
    0 A: A, B, C, D, E, F;
    1 B: A, B, C, D, E, F;
    2 C: A, B, C, D, E, F;
    3 D: A, B, C, D, E, F;
    4 E: A, B, C, D, E, F;
    5 F: A, B, C, D, E, F;
}
