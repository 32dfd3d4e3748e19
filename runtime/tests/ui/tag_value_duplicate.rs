use allwell::prelude::*;

#[derive(TagValue)]
enum Role {
    Primary,
    #[tag(name = "primary")]
    Main,
}

fn main() {}
