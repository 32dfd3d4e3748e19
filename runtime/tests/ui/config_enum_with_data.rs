use allwell::prelude::*;

/// How to look.
#[derive(Config)]
enum Mode {
    /// Fast.
    Fast,
    /// Slow, by so many seconds.
    Slow(u64),
}

fn main() {}
