use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server(String);

fn main() {}
