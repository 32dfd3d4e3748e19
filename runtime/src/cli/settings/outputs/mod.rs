//! The outputs that the settings name: one file a kind, with its options and how it is made of them.

mod console;
mod dogstatsd;
mod intake;
mod openmetrics;
mod otlp;
mod receivers;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::{Config, Node, Reader, Section, Span};
use crate::output::{self, Catalogue};

use super::Environment;
use super::seen_from;

pub(super) use console::Console;
#[cfg(test)]
pub(super) use console::ConsoleFormat;
pub(super) use dogstatsd::DogStatsd;
pub(super) use intake::Datadog;
use openmetrics::OpenMetrics;
pub(super) use receivers::Receivers;

/// One output.
#[derive(Debug, Clone, PartialEq, Default, Config)]
#[config(validate = Output::is_one)]
pub(in crate::cli) struct Output {
    /// The standard output.
    pub(super) console: Option<Console>,
    /// The DogStatsD of an Agent, or of whoever else speaks its protocol.
    pub(super) dogstatsd: Option<DogStatsd>,
    /// Datadog's intake, without an Agent in between.
    pub(super) datadog: Option<Datadog>,
    /// A receiver of OpenTelemetry's protocol.
    pub(super) otlp: Option<otlp::Otlp>,
    /// A page of the current values, for Prometheus.
    pub(super) openmetrics: Option<OpenMetrics>,
}

/// What outputs are made with, besides their options.
#[derive(Debug)]
pub(in crate::cli) struct Ground {
    /// The directory in which outputs keep what they could not send, each in one of its own name; none for a process that does
    /// not last, so that it does not get in the way of a daemon.
    pub(in crate::cli) spool: Option<PathBuf>,
    /// The file of settings, if there is one: relative paths are seen from it.
    pub(in crate::cli) file: Option<PathBuf>,
    /// The variables of the process.
    pub(in crate::cli) environment: Environment,
    /// What is declared of all that may be delivered.
    pub(in crate::cli) catalogue: Arc<Catalogue>,
    /// The version of each check: that of the package it is written in.
    pub(in crate::cli) versions: HashMap<&'static str, &'static str>,
    /// Where the outputs that have been made send.
    pub(in crate::cli) receivers: Receivers,
}

/// Who uses outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Use {
    /// A process that lasts.
    Daemon,
    /// A command that sends or tries something and ends.
    Once,
}

/// Why an output cannot be made: an error of the settings that their types do not tell.
#[derive(Debug)]
pub(in crate::cli) struct Unmade {
    /// What is wrong, as a fragment of a sentence.
    pub(in crate::cli) message: String,
    /// What to do about it.
    pub(in crate::cli) hint: String,
}

/// An output that can be used, or why there is none.
pub(in crate::cli) type Made = Result<Arc<dyn output::Output>, Unmade>;

impl Output {
    fn is_one(&self) -> Result<(), &'static str> {
        let kinds = [
            self.console.is_some(),
            self.dogstatsd.is_some(),
            self.datadog.is_some(),
            self.openmetrics.is_some(),
            self.otlp.is_some(),
        ];
        match kinds.iter().filter(|is_named| **is_named).count() {
            1 => Ok(()),
            0 => Err("an output without a kind; write `- console: {}`"),
            _ => Err("an output of several kinds; write an item for each"),
        }
    }

    /// The output where none is named: Datadog's intake if the environment has a key for it, as it has where an Agent runs in a
    /// container, and else the console.
    pub(in crate::cli) fn unnamed(environment: &Environment) -> Self {
        let has_key = environment.get("DD_API_KEY").is_some_and(|key| !key.trim().is_empty());
        let options = Node::empty(Span::default());
        let mut reader = Reader::new();
        let datadog = || Datadog::read(&mut Section::new(&options, None, &mut reader));
        Self { datadog: has_key.then(datadog).flatten(), ..Self::default() }
    }

    /// The output that is meant; the console if nothing is said.
    ///
    /// # Errors
    /// It cannot be made as it is meant.
    pub(in crate::cli) fn make(&self, ground: &Ground) -> Made {
        if let Some(dogstatsd) = &self.dogstatsd {
            return dogstatsd.make(ground);
        }
        if let Some(datadog) = &self.datadog {
            return datadog.make(ground);
        }
        if let Some(openmetrics) = &self.openmetrics {
            return openmetrics.make(ground);
        }
        if let Some(otlp) = &self.otlp {
            return otlp.make(ground);
        }
        Ok(self.console.clone().unwrap_or_default().make())
    }
}

impl Ground {
    /// A path of the settings as it is meant.
    pub(in crate::cli) fn path(&self, path: &Path) -> PathBuf {
        seen_from(self.file.as_deref(), path)
    }
}
