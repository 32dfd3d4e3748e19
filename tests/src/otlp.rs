//! A receiver of OTLP that prints what it decodes, made of OpenTelemetry's own Python package.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::authority::Authority;

/// How long a request may take to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// The variable that names the directory of receivers in Python.
const RECEIVERS: &str = "ALLWELL_RECEIVERS";

/// A running receiver.
#[derive(Debug)]
pub struct OtlpReceiver {
    child: Child,
    answers: ChildStdin,
    lines: Receiver<Value>,
    http: u64,
    grpc: u64,
}

impl OtlpReceiver {
    /// Starts a receiver; none if Python's packages are not there, which is said.
    ///
    /// # Panics
    /// They are not there on a machine that runs all tests, or the receiver does not start.
    pub fn start() -> Option<Self> {
        Some(Self::with(&python()?, &[]))
    }

    /// Starts a receiver that speaks TLS, with the certificate of an authority, and lets in who shows one of the same authority.
    ///
    /// # Panics
    /// As for [`start`](Self::start).
    pub fn start_tls(authority: &Authority, directory: &Path) -> Option<Self> {
        let python = python()?;
        let (certificate, key) = authority.issue(directory);
        let authority = authority.certificate().display().to_string();
        let arguments = ["--certificate", &certificate, "--key", &key, "--authority", &authority];
        Some(Self::with(&python, &arguments))
    }

    fn with(python: &Path, arguments: &[&str]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/receivers/otlp.py");
        let mut child = Command::new(python)
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the receiver can be started");
        let answers = child.stdin.take().expect("a pipe");
        let lines = lines(child.stdout.take().expect("a pipe"));
        let ports = lines.recv_timeout(PATIENCE).expect("the receiver tells its ports");
        let port = |protocol: &str| ports[protocol].as_u64().expect("a port");
        Self { http: port("http"), grpc: port("grpc"), child, answers, lines }
    }

    /// The port of HTTP.
    pub const fn http(&self) -> u64 {
        self.http
    }

    /// The port of gRPC.
    pub const fn grpc(&self) -> u64 {
        self.grpc
    }

    /// Says how the next request is answered.
    pub fn answer(&mut self, answer: &Value) {
        writeln!(self.answers, "{answer}").expect("the receiver listens");
        assert_eq!(self.request()["acknowledged"], true);
    }

    /// Waits for the next request.
    pub fn request(&mut self) -> Value {
        self.lines.recv_timeout(PATIENCE).expect("a request comes")
    }

    /// All requests that have come and were not waited for.
    pub fn requests(&mut self) -> Vec<Value> {
        writeln!(self.answers, "{{}}").expect("the receiver listens");
        let lines = std::iter::from_fn(|| Some(self.lines.recv_timeout(PATIENCE).expect("a line")));
        lines.take_while(|line| line.get("acknowledged").is_none()).collect()
    }
}

impl Drop for OtlpReceiver {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(clippy::print_stderr, reason = "says what is not tested")]
pub(crate) fn python() -> Option<PathBuf> {
    let Some(directory) = std::env::var_os(RECEIVERS) else {
        assert!(
            std::env::var_os("CI").is_none(),
            "`{RECEIVERS}` is not set\nhint: run `tests/run`"
        );
        eprintln!("skipped: `{RECEIVERS}` names no directory with OpenTelemetry's Python package");
        return None;
    };
    Some(PathBuf::from(directory).join("bin/python"))
}

fn lines(out: ChildStdout) -> Receiver<Value> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let line =
                serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
