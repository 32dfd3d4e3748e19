use allwell::prelude::*;

#[derive(TagValue)]
struct Role {
    name: String,
    rank: u32,
}

fn main() {}
