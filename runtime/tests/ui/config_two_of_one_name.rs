use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    /// Its port.
    #[config(default = 80)]
    port: u16,
    /// Another.
    #[config(name = "port", default = 81)]
    other: u16,
}

fn main() {}
