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

impl Looker {
    /// Looks at a queue.
    #[check]
    async fn queue(&self) -> Result<Queue> {
        Ok(Queue { depth: 1.into() })
    }
}

fn main() {}
