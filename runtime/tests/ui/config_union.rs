use allwell::prelude::*;

/// One server.
#[derive(Config)]
union Server {
    port: u16,
}

fn main() {}
