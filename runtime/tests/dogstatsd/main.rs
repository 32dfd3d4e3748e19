//! The output to DogStatsD: its lines as an independent parser reads them, and its sockets as an Agent has them.
#![forbid(unsafe_code)]

mod agent;
mod lines;
mod parser;
mod samples;
