use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    /// Its port.
    #[config(default = 80, range = 100..=1)]
    port: u16,
}

fn main() {}
