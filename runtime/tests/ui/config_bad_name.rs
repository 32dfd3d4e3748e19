use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    /// Its port.
    #[config(name = "the port", default = 80)]
    port: u16,
}

fn main() {}
