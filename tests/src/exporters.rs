//! Servers that expose metrics: `node_exporter`, and one of Prometheus's own Python client.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::otlp::python;
use crate::process::Server;

/// An exporter that runs.
#[derive(Debug)]
pub struct Exporter(Server);

impl Exporter {
    /// Starts `node_exporter`, without what depends on the machine's services.
    ///
    /// # Panics
    /// It is not installed, or does not start.
    pub fn node() -> Self {
        Self(Server::start("prometheus-node-exporter", |_, port| {
            let mut command = Command::new("prometheus-node-exporter");
            command.args([
                format!("--web.listen-address=127.0.0.1:{port}"),
                String::from("--log.level=error"),
            ]);
            command
        }))
    }

    /// Starts a server of the Python client; none if its package is not there, which is said.
    ///
    /// # Panics
    /// It is not there on a machine that runs all tests, or does not start.
    pub fn python() -> Option<Self> {
        let python = python()?;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/receivers/exporter.py");
        Some(Self(Server::start("python3", |_, port| {
            let mut command = Command::new(&python);
            command.arg(script).arg(port.to_string());
            command
        })))
    }

    /// Its port.
    pub const fn port(&self) -> u16 {
        self.0.port
    }
}

/// What the Python client's parser reads in answers of a server, in the rows of Datadog's check, as if every answer were the first:
/// each family by its type, and those without one as gauges if that is said. None if the package is not there, which is said.
///
/// # Panics
/// It is not there on a machine that runs all tests, or cannot read an answer.
pub fn read_by_python(answers: &[Vec<u8>], untyped_as_gauges: bool) -> Option<Vec<Value>> {
    let mut reader = Command::new(python()?)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/receivers/read_exposition.py"))
        .arg(if untyped_as_gauges { "gauges" } else { "nothing" })
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the reader can be started");
    let mut input = reader.stdin.take().expect("a pipe");
    let mut output = BufReader::new(reader.stdout.take().expect("a pipe"));
    let read = answers.iter().map(|answer| {
        writeln!(input, "{}", answer.len()).expect("it reads");
        input.write_all(answer).expect("it reads");
        input.flush().expect("it reads");
        let mut line = String::new();
        output.read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).expect("it answers in JSON")
    });
    let read = read.collect();
    drop(input);
    reader.wait().expect("it ends");
    Some(read)
}
