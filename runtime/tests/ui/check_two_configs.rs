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


/// Which server.
#[derive(Config)]
struct Server {
    /// Its name.
    #[config(example = "mail")]
    name: String,
}

/// Looks at a queue.
#[check]
async fn queue(options: &Options, server: &Server) -> Result<Queue> {
    Ok(Queue { depth: (options.name.len() + server.name.len()).into() })
}

fn main() {}
