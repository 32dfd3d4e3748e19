use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    #[config(flatten)]
    http: String,
}

fn main() {}
