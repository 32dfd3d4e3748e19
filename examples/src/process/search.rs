//! Which processes the process check looks at.

use allwell::prelude::*;
use procfs::process::{Process, Stat, all_processes};

use super::look::Look;
use crate::pattern::Pattern;

/// The processes to look at.
#[derive(Config)]
pub struct Search {
    /// What the metrics' tag calls the processes.
    #[config(example = "ssh")]
    name: String,
    /// Names of the programs. With `exact_match: false`, patterns of their command lines.
    #[config(non_empty, example = ["sshd"])]
    search_string: Vec<Pattern>,
    /// Compares the whole name of a program; otherwise a pattern may match anywhere in its command line.
    #[config(default = true)]
    exact_match: bool,
}

impl Search {
    pub(super) fn name(&self) -> String {
        self.name.clone()
    }

    /// The processes that there are now.
    pub(super) fn find(&self) -> Result<Vec<Look>> {
        let processes = all_processes()?.filter_map(Result::ok);
        // A process that ends while it is looked at was not there.
        Ok(processes.filter(|process| self.covers(process)).filter_map(|p| Look::at(&p)).collect())
    }

    fn covers(&self, process: &Process) -> bool {
        let command = process.cmdline().unwrap_or_default();
        if !self.exact_match {
            return Pattern::any(&self.search_string, &command.join(" "));
        }
        let name = process.stat().map(|stat| program(stat, &command)).unwrap_or_default();
        self.search_string.iter().any(|pattern| pattern.as_str() == name)
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
