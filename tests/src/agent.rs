//! A host of shared-library checks in a process of its own, as the Agent is one, and the libraries that it opens.

use std::env::current_exe;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use serde_json::{Value, json};

/// The library of all example checks.
pub fn examples() -> PathBuf {
    library("allwell_agent")
}

/// The library of the one check that the Agent's own crate has as its example.
pub fn hello() -> PathBuf {
    library("allwell_hello")
}

/// The library of checks that do what checks should not.
pub fn faulty() -> PathBuf {
    library("allwell_faulty")
}

/// Cargo puts the libraries that a test depends on beside the test.
fn library(name: &str) -> PathBuf {
    let test = current_exe().expect("a path");
    let path = test.parent().expect("a directory").join(format!("lib{name}.so"));
    assert!(path.is_file(), "{} is not there", path.display());
    path
}

/// A process that opens libraries and runs their checks.
#[derive(Debug)]
pub struct Agent {
    child: Child,
    requests: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The error, if there was one.
    pub error: Option<String>,
    /// What the callbacks were called with.
    pub calls: Vec<Value>,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// A library that the process has opened.
#[derive(Debug, Clone, Copy)]
pub struct Opened(u64);

/// A run that has begun.
#[derive(Debug)]
pub struct Begun(u64);

/// What is to be run.
#[derive(Debug, Clone)]
pub struct Call(Value);

impl Call {
    /// A run of an instance without configuration.
    pub fn new(id: &str) -> Self {
        Self(json!({ "id": id }))
    }

    /// With this text as its configuration.
    #[must_use]
    pub fn instance(self, text: impl Into<Value>) -> Self {
        self.with("instance", text)
    }

    /// With this text as what all instances share.
    #[must_use]
    pub fn init_config(self, text: impl Into<Value>) -> Self {
        self.with("init_config", text)
    }

    /// With other callbacks: `poisoned`, `empty`, `none`.
    #[must_use]
    pub fn table(self, table: &str) -> Self {
        self.with("table", table)
    }

    /// With another member of the request.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0[name] = value.into();
        self
    }
}

impl Agent {
    /// Starts a host that has all six callbacks.
    pub fn new(program: &str) -> Self {
        Self::of(&mut Command::new(program))
    }

    /// Starts a host by a command.
    pub fn of(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the host can be started");
        let requests = child.stdin.take().expect("a pipe");
        let answers = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Self { child, requests, answers }
    }

    fn ask(&mut self, request: &Value) -> Value {
        writeln!(self.requests, "{request}").expect("the host listens");
        match self.answers.next() {
            Some(Ok(answer)) => serde_json::from_str(&answer).expect("JSON"),
            _ => panic!("the host has ended: {:?}", self.child.wait()),
        }
    }

    /// Opens a library.
    ///
    /// # Errors
    /// The loader's error.
    pub fn open(&mut self, path: &Path) -> Result<Opened, String> {
        let answer = self.ask(&json!({ "do": "open", "path": path }));
        match answer["library"].as_u64() {
            Some(number) => Ok(Opened(number)),
            None => Err(answer["error"].as_str().expect("an error").to_owned()),
        }
    }

    /// The version of a library.
    pub fn version(&mut self, library: Opened) -> Option<String> {
        self.ask(&json!({ "do": "version", "library": library.0 })).as_str().map(str::to_owned)
    }

    /// Runs an instance.
    pub fn run(&mut self, library: Opened, call: &Call) -> Ran {
        Ran::of(&self.ask(&of_library("run", library, call)))
    }

    /// Begins a run on another thread.
    pub fn begin(&mut self, library: Opened, call: &Call) -> Begun {
        let answer = self.ask(&of_library("begin", library, call));
        Begun(answer["run"].as_u64().expect("a number"))
    }

    /// Waits for the end of a run.
    #[expect(clippy::needless_pass_by_value, reason = "a run ends once")]
    pub fn join(&mut self, run: Begun) -> Ran {
        Ran::of(&self.ask(&json!({ "do": "join", "run": run.0 })))
    }

    /// Closes a library, whatever goes on in it.
    pub fn close(&mut self, library: Opened) {
        self.ask(&json!({ "do": "close", "library": library.0 }));
    }

    /// Runs instances very often, from many threads.
    pub fn many(&mut self, library: Opened, call: &Call) -> Value {
        self.ask(&of_library("many", library, call))
    }

    /// Opens, runs and closes an instance as the class of a wheel does.
    pub fn as_wheel(&mut self, library: Opened, request: &str, runs: u32) -> Value {
        self.ask(
            &json!({ "do": "as_wheel", "library": library.0, "request": request, "runs": runs }),
        )
    }

    /// Lets the process end, and tells how it did.
    pub fn end(mut self) -> ExitStatus {
        drop(self.requests);
        self.child.wait().expect("its status")
    }
}

fn of_library(what: &str, library: Opened, Call(call): &Call) -> Value {
    let mut request = call.clone();
    request["do"] = what.into();
    request["library"] = library.0.into();
    request
}

impl Ran {
    fn of(answer: &Value) -> Self {
        Self {
            error: answer["error"].as_str().map(str::to_owned),
            calls: answer["calls"].as_array().expect("calls").clone(),
            seconds: answer["seconds"].as_f64().expect("a time"),
        }
    }

    /// The calls that have a member of this name.
    pub fn of_kind(&self, kind: &str) -> Vec<&Value> {
        self.calls.iter().filter(|call| !call[kind].is_null()).collect()
    }

    /// The value of a metric that was submitted once.
    pub fn value(&self, name: &str) -> f64 {
        let found = self.of_kind("metric").into_iter().filter(|call| call["metric"] == name);
        let [value] = found.map(|call| call["value"].as_f64()).collect::<Vec<_>>()[..] else {
            panic!("`{name}` is not there once: {self:?}")
        };
        value.expect("a number")
    }

    /// The error, which there must be.
    pub fn error(&self) -> &str {
        self.error.as_deref().expect("an error")
    }

    /// There was no error.
    pub fn assert_ok(&self) -> &Self {
        assert_eq!(self.error, None);
        self
    }
}
