use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    /// Its mode.
    #[config(one_of = [], example = "fast")]
    mode: String,
}

fn main() {}
