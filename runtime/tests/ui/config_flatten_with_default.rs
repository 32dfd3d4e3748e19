use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    #[config(flatten, default = 1)]
    http: HttpOptions,
}

fn main() {}
