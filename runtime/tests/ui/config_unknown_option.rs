use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    /// Its port.
    #[config(defualt = 80)]
    port: u16,
}

fn main() {}
