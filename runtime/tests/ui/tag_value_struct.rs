use allwell::prelude::*;

#[derive(TagValue)]
struct Role {
    name: String,
}

fn main() {}
