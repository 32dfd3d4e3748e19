//! One binary with all checks of this crate: `cargo run -- list` shows them.

mod {{check}};

allwell::main!();
