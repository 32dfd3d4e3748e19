//! The command line, from its arguments to what it prints and its exit code, without a process.
#![allow(missing_docs)]

mod check;
mod check_json;
mod checks;
mod config;
mod data;
mod export;
mod openmetrics;
mod outputs;
mod run;
mod screen;
#[cfg(unix)]
mod settings;
mod usage;
