use allwell::prelude::*;

#[derive(TagValue)]
enum Role {
    #[tag(nam = "main")]
    Primary,
}

fn main() {}
