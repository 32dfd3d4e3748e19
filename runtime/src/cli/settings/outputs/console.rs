//! The options of the console.

use std::sync::Arc;

use crate::config::Config;
use crate::output::{self, Style};

/// The standard output.
#[derive(Debug, Clone, PartialEq, Eq, Config)]
pub(in crate::cli::settings) struct Console {
    /// How it is written.
    #[config(default = "text")]
    pub(in crate::cli::settings) format: ConsoleFormat,
}

/// How the console is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
pub(in crate::cli::settings) enum ConsoleFormat {
    /// For people.
    Text,
    /// An object a line.
    Json,
}

impl Default for Console {
    fn default() -> Self {
        Self { format: ConsoleFormat::Text }
    }
}

impl Console {
    /// The output.
    pub(super) fn make(&self) -> Arc<dyn output::Output> {
        Arc::new(output::Console::standard(match self.format {
            ConsoleFormat::Text => Style::Text,
            ConsoleFormat::Json => Style::Json,
        }))
    }
}
