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
async fn queue(options: &Options) -> Result<Queue> {
    let shared = std::rc::Rc::new(options.name.len());
    std::future::ready(()).await;
    Ok(Queue { depth: (*shared).into() })
}

fn main() {}
