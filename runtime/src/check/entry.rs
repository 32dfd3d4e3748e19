//! A registered check without its types: what the registry lists and the runtime runs.

use std::fmt;
use std::sync::Arc;

use crate::config::{Common, Config, Section, Spec};
use crate::metric::{Declaration, Metrics};

use super::context::{Context, Core};
use super::definition::{Definition, Meta};
use super::mark::Mark;
use super::outcome::Outcome;
use super::{BoxFuture, Result};

/// A registered check.
pub struct Entry {
    /// What the attribute and the doc comment say.
    pub meta: Meta,
    /// The options of an instance, beside those that every check has.
    pub options: Spec,
    declared: [Declaration; 2],
    #[expect(dead_code, reason = "it is read where it lies in a file")]
    mark: Mark,
    configure: fn(&mut Section<'_, '_>) -> Option<Box<dyn Prepared>>,
}

inventory::collect!(Entry);

impl Entry {
    /// The entry of a definition.
    pub const fn new<D: Definition>() -> Self {
        Self {
            meta: D::META,
            options: D::Config::SPEC,
            declared: [<D::Outcome as Outcome>::Metrics::DECLARATION, D::Stream::DECLARATION],
            mark: Mark::of(D::META.name),
            configure: |section| {
                let config = D::Config::read(section)?;
                Some(Box::new(Configured::<D> { config }))
            },
        }
    }

    /// The entry of what declares metrics and is no check that could be configured.
    pub(crate) const fn declaring<M: Metrics>(meta: Meta) -> Self {
        Self {
            meta,
            options: <() as Config>::SPEC,
            declared: [M::DECLARATION, Declaration::NOTHING],
            mark: Mark::NONE,
            configure: |_| None,
        }
    }

    /// The entry of a definition, for good.
    pub const fn of<D: Definition>() -> &'static Self {
        const { &Self::new::<D>() }
    }

    /// The check's name.
    pub const fn name(&self) -> &'static str {
        self.meta.name
    }

    /// Everything that the check can submit, in its records.
    pub const fn declaration(&'static self) -> Declaration {
        Declaration::All(&self.declared)
    }

    /// Reads an instance's options.
    pub fn configure(&self, section: &mut Section<'_, '_>) -> Option<Box<dyn Prepared>> {
        (self.configure)(section)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("meta", &self.meta).finish_non_exhaustive()
    }
}

/// An instance whose configuration has been read.
pub trait Prepared: Send + Sync {
    /// The tags of the options marked `#[config(tag)]`.
    fn tags(&self) -> Vec<String>;

    /// Changes the options that every check has.
    fn adjust(&self, common: &mut Common);
    /// Makes the instance ready to run.
    #[doc(hidden)]
    fn start(self: Box<Self>, place: Place) -> BoxFuture<'static, Result<Box<dyn Running>>>;
}

/// Where an instance is started.
#[doc(hidden)]
#[derive(Debug)]
pub struct Place {
    pub(crate) core: Arc<Core>,
}

/// An instance that runs.
pub trait Running: Send {
    /// Looks once; what it finds is in the instance's batch.
    fn run(&mut self) -> BoxFuture<'_, Result<()>>;

    /// Ends the instance.
    fn stop(self: Box<Self>) -> BoxFuture<'static, ()>;
}

struct Configured<D: Definition> {
    config: D::Config,
}

impl<D: Definition> Prepared for Configured<D> {
    fn tags(&self) -> Vec<String> {
        let mut tags = Vec::new();
        self.config.tags(&mut tags);
        tags
    }

    fn adjust(&self, common: &mut Common) {
        self.config.adjust(common);
    }

    fn start(self: Box<Self>, place: Place) -> BoxFuture<'static, Result<Box<dyn Running>>> {
        Box::pin(async move {
            let cx = Context::new(place.core);
            let state = D::start(self.config, &cx).await?;
            Ok(Box::new(Started::<D> { state, cx }) as Box<dyn Running>)
        })
    }
}

struct Started<D: Definition> {
    state: D::State,
    cx: Context<D::Stream>,
}

impl<D: Definition> Running for Started<D> {
    fn run(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(D::run(&mut self.state, &self.cx))
    }

    fn stop(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(D::stop(self.state))
    }
}
