use allwell::prelude::*;

#[derive(TagValue)]
enum Role {
    Primary,
    Replica(u32),
}

fn main() {}
