use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    /// Its port.
    #[config(default = "http")]
    port: bool,
}

fn main() {}
