use allwell::prelude::*;

struct Path;

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("/")
    }
}

#[derive(Metrics)]
#[metrics(namespace = "gate")]
struct Gate {
    #[tag(display)]
    path: Path,
    /// Connections.
    #[metric(from = "gate_connections")]
    connections: Gauge<Connection>,
}

fn main() {}
