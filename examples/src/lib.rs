//! The checks that show how it is done, one file or folder each.

pub mod awesome;
pub mod cpu;
pub mod disk;
pub mod io;
pub mod load;
pub mod memory;
pub mod network;
pub mod openmetrics;
pub mod pattern;
pub mod process;
pub mod uptime;
