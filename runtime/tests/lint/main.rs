//! `export lint`: what it says of the assets of integrations, and that its verdicts are those of Datadog's own validators.
#![allow(missing_docs)]

mod base;
mod code;
mod corpus;
mod csv;
mod ddev;
mod folder;
mod messages;
mod mutations;
mod paths;
mod python;
mod random;
mod run;
