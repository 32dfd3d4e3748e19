//! The host of today: six callbacks, the last under its own name, too.

fn main() -> std::io::Result<()> {
    allwell_host::serve()
}
