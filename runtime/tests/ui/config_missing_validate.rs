use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    /// Its port.
    #[config(default = 80, validate = even)]
    port: u16,
}

fn main() {}
