//! The host of before: its table has five callbacks, and its log cannot be found by name.

fn main() -> std::io::Result<()> {
    allwell_host::serve()
}
