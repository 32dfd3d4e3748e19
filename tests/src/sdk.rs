//! Datadog's own `OpenMetrics` check, in a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// The variable that names a virtual environment with datadog-checks-base.
const SDK: &str = "ALLWELL_SDK";

/// A process that runs the check.
#[derive(Debug)]
pub struct Sdk {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Sdk {
    /// Starts it; none if the package is not there, which is said.
    ///
    /// # Panics
    /// It is not there on a machine that runs all tests, or the process does not start.
    #[expect(clippy::print_stderr, reason = "what is skipped is told")]
    pub fn start() -> Option<Self> {
        let Some(environment) = std::env::var_os(SDK) else {
            assert!(std::env::var_os("CI").is_none(), "`{SDK}` names no virtual environment");
            eprintln!("skipped: the environment variable `{SDK}` names no virtual environment");
            return None;
        };
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peer/openmetrics.py");
        let mut process = Command::new(Path::new(&environment).join("bin/python"))
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it can be started");
        let input = process.stdin.take().expect("it has an input");
        let output = BufReader::new(process.stdout.take().expect("it has an output"));
        Some(Self { process, input, output })
    }

    /// Begins anew with an instance.
    ///
    /// # Panics
    /// The process does not read.
    pub fn begin(&mut self, instance: &Value) {
        writeln!(self.input, "{instance}").expect("it reads");
    }

    /// What the next run of the instance submits, and its error, if any.
    ///
    /// # Panics
    /// The process does not answer.
    pub fn run(&mut self) -> Value {
        writeln!(self.input, "null").expect("it reads");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).expect("it answers in JSON")
    }

    /// What two runs of an instance submit, one after the other.
    pub fn runs(&mut self, instance: &Value) -> Value {
        self.begin(instance);
        serde_json::json!([self.run(), self.run()])
    }
}

impl Drop for Sdk {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
