use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    /// Its port.
    #[config(default = PORT, range = 1..=1024)]
    port: u16,
}

const PORT: u16 = 8080;

fn main() {}
