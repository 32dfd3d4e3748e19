//! A process of Datadog's own code, which renders and validates what we send it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock};

use serde_json::{Value, json};

/// The process. It ends when its input does.
pub(crate) struct Ddev {
    _process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// What rendering gave.
#[derive(Debug)]
pub(crate) struct Rendered {
    pub(crate) errors: Vec<String>,
    pub(crate) files: Value,
}

/// The process, if Datadog's validator is installed: `tests/run` installs it and names its directory in `ALLWELL_DDEV`.
#[expect(clippy::print_stderr, reason = "a test that does not run says so")]
pub(crate) fn ddev() -> Option<MutexGuard<'static, Ddev>> {
    static DDEV: OnceLock<Option<Mutex<Ddev>>> = OnceLock::new();
    let ddev = DDEV.get_or_init(|| {
        let Some(venv) = std::env::var_os("ALLWELL_DDEV") else {
            assert!(std::env::var_os("CI").is_none(), "`ALLWELL_DDEV` is not set: run `tests/run`");
            eprintln!("SKIPPED: Datadog's validator is not installed; `tests/run` installs it");
            return None;
        };
        Some(Mutex::new(Ddev::start(Path::new(&venv))))
    });
    // A test that failed while it held the process has not broken it.
    ddev.as_ref().map(|ddev| ddev.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

impl Ddev {
    fn start(venv: &Path) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec/render.py");
        let mut process = Command::new(venv.join("bin/python"))
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let input = process.stdin.take().expect("a pipe");
        let output = BufReader::new(process.stdout.take().expect("a pipe"));
        Self { _process: process, input, output }
    }

    /// Asks, and waits for the answer.
    pub(crate) fn ask(&mut self, request: &Value) -> Value {
        writeln!(self.input, "{request}").expect("the process reads");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the process answers");
        serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("{error} in the answer {line:?} to {request}"))
    }

    pub(crate) fn render(&mut self, source: &str, spec: &str) -> Rendered {
        self.rendered(&json!({ "do": "render", "spec": spec, "source": source }))
    }

    pub(crate) fn models(&mut self, source: &str, spec: &str) -> Rendered {
        self.rendered(&json!({ "do": "models", "spec": spec, "source": source }))
    }

    fn rendered(&mut self, request: &Value) -> Rendered {
        let answer = self.ask(request);
        let errors = serde_json::from_value(answer["errors"].clone()).expect("a list of texts");
        Rendered { errors, files: answer["files"].clone() }
    }

    /// What the schema says of each file.
    pub(crate) fn validate(&mut self, schema: &Value, texts: &[String]) -> Vec<Vec<String>> {
        let answer = self.ask(&json!({ "do": "validate", "schema": schema, "texts": texts }));
        serde_json::from_value(answer["errors"].clone()).expect("lists of texts")
    }
}
