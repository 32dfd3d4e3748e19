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


struct Looker<T>(T);

/// Looks at a queue.
#[check]
impl<T: Send + 'static> Check for Looker<T> {
    type Config = ();
    type Metrics = ();

    async fn start(_config: (), _cx: &Context) -> Result<Self> {
        bail!("no")
    }

    async fn run(&mut self, _cx: &Context) -> Result<()> {
        Ok(())
    }
}

fn main() {}
