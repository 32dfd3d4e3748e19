use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    /// Its port.
    #[config(default = 0, range = 1..=65535)]
    port: u16,
}

fn main() {}
