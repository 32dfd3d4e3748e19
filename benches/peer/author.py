"""Writes a crate of 200 checks, each in a file with a configuration and a record of its own: author.py DIRECTORY RUNTIME."""
import pathlib
import sys

CHECK = '''//! Check number {i}.

use allwell::prelude::*;

/// Looks at queue number {i}.
#[check(name = "queue_{i}")]
async fn look(config: &Options, cx: &Context) -> Result<Vec<Queue>> {{
    ensure!(!cx.hostname().is_empty() && config.port > 0 && !config.oldest, "no host");
    Ok(vec![Queue {{
        name: config.name.clone(),
        depth: 3.into(),
        age: Duration::from_secs(2).into(),
        served: 5.into(),
    }}])
}}

/// Which queue.
#[derive(Config)]
struct Options {{
    /// The name of the queue.
    #[config(tag = "queue", example = "mail")]
    name: String,
    /// The port of the server.
    #[config(default = 5672, range = 1..=65535)]
    port: u16,
    /// Whether to look at the oldest message.
    #[config(default = false)]
    oldest: bool,
}}

#[derive(Metrics)]
#[metrics(namespace = "queue_{i}")]
struct Queue {{
    #[tag]
    name: String,
    /// Messages that wait.
    depth: Gauge<Message>,
    /// Age of the oldest message.
    age: Gauge<Second>,
    /// Messages that were served.
    served: MonotonicCount<Message>,
}}
'''

directory, runtime = pathlib.Path(sys.argv[1]), sys.argv[2]
(directory / 'src').mkdir(parents=True)
(directory / 'Cargo.toml').write_text(f'''[package]
name = "checks"
version = "0.1.0"
edition = "2024"

[dependencies]
allwell = {{ path = "{runtime}", default-features = false }}

[workspace]
''')
for i in range(200):
    (directory / 'src' / f'check_{i}.rs').write_text(CHECK.format(i=i))
(directory / 'src' / 'lib.rs').write_text(''.join(f'mod check_{i};\n' for i in range(200)))
