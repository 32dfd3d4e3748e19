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


#[derive(Metrics)]
#[metrics(namespace = "queue")]
struct Local {
    #[tag]
    name: std::rc::Rc<str>,
    /// Messages that wait.
    length: Gauge<Message>,
}

/// Looks at a queue.
#[check]
fn queue(options: &Options) -> Result<Local> {
    Ok(Local { name: options.name.as_str().into(), length: 1.into() })
}

fn main() {}
