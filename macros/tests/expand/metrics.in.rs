/// A filesystem.
#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem<'a, U: Unit> {
    /// The device file.
    #[tag]
    device: &'a str,
    #[tag(name = "kind", display)]
    r#type: Kind,
    #[hostname]
    host: Option<String>,
    /// Size of the filesystem.
    total: Gauge<U>,
    /// Bytes read since the device was attached.
    #[metric(name = "read", orientation = higher_is_better, short_name = "r", curated = [cpu, memory], flush_first_value)]
    bytes: MonotonicCount<Byte>,
    #[metric(interval = 60, in_app = rate, short_name = "", undocumented)]
    written: Rate<Byte>,
}
