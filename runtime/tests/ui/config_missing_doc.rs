use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    #[config(default = 80)]
    port: u16,
}

fn main() {}
