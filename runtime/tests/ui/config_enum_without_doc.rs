use allwell::prelude::*;

/// How to look.
#[derive(Config)]
enum Mode {
    /// Fast.
    Fast,
    Slow,
}

fn main() {}
