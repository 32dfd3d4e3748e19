/// How to look.
#[derive(Config)]
enum Mode {
    /// At everything.
    FullScan,
    /// At what changed.
    #[config(name = "quick")]
    Changes,
}
