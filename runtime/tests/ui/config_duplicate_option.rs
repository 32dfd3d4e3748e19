use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    /// Its port.
    #[config(default = 80, default = 81)]
    port: u16,
}

fn main() {}
