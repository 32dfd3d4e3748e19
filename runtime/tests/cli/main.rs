//! The command line, from its arguments to what it prints and its exit code, without a process.
#![allow(missing_docs)]

mod checks;
mod run;

use run::{Ran, allwell};
