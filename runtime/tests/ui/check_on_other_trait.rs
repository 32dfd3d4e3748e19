use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "queue")]
struct Queue {
    /// Messages that wait.
    depth: Gauge<Message>,
}

/// Which queue.
#[derive(Config)]
struct Options {
    /// Its name.
    #[config(example = "mail")]
    name: String,
}


struct Looker;

/// Looks at a queue.
#[check]
impl Clone for Looker {
    fn clone(&self) -> Self {
        Looker
    }
}

fn main() {}
