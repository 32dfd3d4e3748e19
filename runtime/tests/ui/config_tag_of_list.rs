use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    /// Its ports.
    #[config(tag, default)]
    ports: Vec<u16>,
}

fn main() {}
