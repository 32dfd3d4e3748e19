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
#[check(display_name = " queue")]
async fn queue(options: &Options) -> Result<Queue> {
    Ok(Queue { depth: options.name.len().into() })
}

fn main() {}
