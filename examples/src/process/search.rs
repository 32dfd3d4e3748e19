//! Which processes the process check looks at.

use allwell::prelude::*;
use procfs::process::{Process, Stat, all_processes};

use super::look::Look;
use crate::pattern::Pattern;

/// The processes to look at.
#[derive(Config)]
#[config(validate = Search::validate)]
pub struct Search {
    /// What the metrics' tag calls the processes.
    #[config(example = "ssh")]
    pub(super) name: String,
    /// Names of the programs. With `exact_match: false`, patterns of their command lines.
    #[config(non_empty, example = ["sshd"])]
    search_string: Vec<String>,
    /// Compares the whole name of a program; otherwise a pattern may match anywhere in its command line.
    #[config(default = true)]
    exact_match: bool,
}

impl Search {
    fn validate(&self) -> Result<()> {
        self.criterion().map(drop)
    }

    /// What the options say.
    pub(super) fn criterion(&self) -> Result<Criterion> {
        let texts = self.search_string.iter();
        if self.exact_match {
            return Ok(Criterion::Names(texts.cloned().collect()));
        }
        let pattern = |text: &String| {
            Pattern::new(text).with_context(|| format!("`{text}` is not a regular expression"))
        };
        Ok(Criterion::Commands(texts.map(pattern).collect::<Result<_>>()?))
    }
}

/// What tells the processes from others.
pub(super) enum Criterion {
    /// Their program has one of these names.
    Names(Vec<String>),
    /// Their command line matches one of these patterns.
    Commands(Vec<Pattern>),
}

impl Criterion {
    /// The processes that there are now.
    pub(super) fn find(&self) -> Result<Vec<Look>> {
        let processes = all_processes()?.filter_map(Result::ok);
        // A process that ends while it is looked at was not there.
        Ok(processes.filter(|process| self.covers(process)).filter_map(|p| Look::at(&p)).collect())
    }

    fn covers(&self, process: &Process) -> bool {
        let command = process.cmdline().unwrap_or_default();
        match self {
            Self::Names(names) => {
                process.stat().is_ok_and(|stat| names.contains(&program(stat, &command)))
            }
            Self::Commands(patterns) => Pattern::any(patterns, &command.join(" ")),
        }
    }
}

/// The name of the program. The kernel cuts it after 15 bytes, where the command line has the rest.
fn program(stat: Stat, command: &[String]) -> String {
    let file = command.first().and_then(|path| path.rsplit('/').next());
    match file {
        Some(file) if stat.comm.len() == 15 && file.starts_with(&stat.comm) => file.to_owned(),
        _ => stat.comm,
    }
}
