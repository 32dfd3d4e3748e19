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


/// Looks at a queue.
#[check]
async fn queue(address: &String) -> Result<Queue> {
    Ok(Queue { depth: address.len().into() })
}

fn main() {}
