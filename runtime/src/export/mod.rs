//! What can be said about a check without running it, in the formats of others.

mod block_yaml;
mod config_example;
mod json_schema;
mod options;

pub use config_example::config_example;
pub use json_schema::config_schema;
