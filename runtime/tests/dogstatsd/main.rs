//! The output to DogStatsD: its lines as an independent parser reads them, and its sockets as an Agent has them.
#![forbid(unsafe_code)]

mod addresses;
mod agent;
mod diagnose;
mod hostile;
mod hub;
mod limits;
mod lines;
mod parser;
mod samples;
mod sketches;
mod stream;
mod udp;
mod unix;
