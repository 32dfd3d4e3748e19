//! Asks the program that knows the secrets: `secret_backend_command`, by the Agent's protocol.
//!
//! It is given `{"version":"1.1","secrets":["handle"],"secret_backend_timeout":30}` on stdin and answers
//! `{"handle":{"value":"…"}}` or `{"handle":{"error":"…"}}` on stdout.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::config::secret::Secret;

use super::{Answers, Scrubber, Unknown};

/// How much a backend may answer.
const MAX_ANSWER: u64 = 1024 * 1024;

/// How much of what it says on stderr is kept.
const MAX_LOG: u64 = 16 * 1024;

/// A program that knows secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Backend {
    /// The program.
    pub(crate) command: PathBuf,
    /// What it is called with.
    pub(crate) arguments: Vec<String>,
    /// How long it may take.
    pub(crate) timeout: Duration,
    /// Its group may execute it, too.
    pub(crate) allow_group_exec: bool,
    /// A line break at the end of a secret is no part of it.
    pub(crate) remove_trailing_line_break: bool,
}

/// What asking a backend has brought.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// An answer to each handle.
    pub(crate) answers: Answers,
    /// What it said on stderr, without the secrets that are known or that it answered with. Of an answer that is no JSON nothing is
    /// known.
    pub(crate) log: String,
}

impl Backend {
    /// Asks for all handles at once, some of which may be known. If that fails, each of them has the reason for an answer.
    pub(crate) fn ask(&self, handles: &BTreeSet<&str>, known: &Answers) -> Asked {
        if handles.is_empty() {
            return Asked::default();
        }
        let (mut log, mut scrubber) = (String::new(), Scrubber::default());
        known.values().flatten().for_each(|secret| scrubber.add(secret.expose()));
        let answered = self
            .check_permissions()
            .and_then(|()| self.run(handles, &mut log))
            .and_then(|(status, answer)| self.reply(status, &answer, &mut scrubber));
        let answers: Answers = match answered {
            Ok(reply) => {
                handles.iter().map(|h| ((*h).to_owned(), self.answer(&reply, h))).collect()
            }
            Err(unknown) => {
                handles.iter().map(|h| ((*h).to_owned(), Err(unknown.clone()))).collect()
            }
        };
        answers.values().flatten().for_each(|secret| scrubber.add(secret.expose()));
        Asked { log: scrubber.scrub(&log).into_owned(), answers }
    }

    /// The answer to one handle.
    fn answer(&self, reply: &Value, handle: &str) -> Result<Secret, Unknown> {
        let Some(answer) = reply.get(handle) else {
            return Err(Unknown::new(
                "the backend did not answer for it",
                "does it know the handle?",
            ));
        };
        if let Some(error) = answer["error"].as_str().filter(|error| !error.is_empty()) {
            return Err(Unknown::new(format!("the backend says: {error}"), ""));
        }
        let value = match &answer["value"] {
            Value::String(text) => text.as_str(),
            Value::Null => "",
            _ => return Err(Unknown::new("the backend gave a value for it that is not text", "")),
        };
        let value = match self.remove_trailing_line_break {
            true => value.strip_suffix('\n').map_or(value, |v| v.strip_suffix('\r').unwrap_or(v)),
            false => value,
        };
        if value.is_empty() {
            return Err(Unknown::new("the backend gave an empty value for it", ""));
        }
        Ok(Secret::new(value))
    }

    fn run(
        &self,
        handles: &BTreeSet<&str>,
        log: &mut String,
    ) -> Result<(ExitStatus, Vec<u8>), Unknown> {
        let deadline = Instant::now() + self.timeout;
        let mut child = self.spawn()?;
        let question = json!({
            "version": "1.1",
            "secrets": handles,
            "secret_backend_timeout": self.timeout.as_secs().max(1),
        });
        let stdout = child.stdout.take().map(|pipe| read_in_background(pipe, MAX_ANSWER + 1));
        let stderr = child.stderr.take().map(|pipe| read_in_background(pipe, MAX_LOG));
        if let Some(mut stdin) = child.stdin.take() {
            let question = question.to_string();
            // A program that does not read is known by its answer.
            thread::spawn(move || stdin.write_all(question.as_bytes()));
        }
        let ended = wait(&mut child, stdout, deadline);
        if let Some(said) = stderr.and_then(|said| said.recv_timeout(Duration::from_secs(1)).ok()) {
            *log = String::from_utf8_lossy(&said).into_owned();
        }
        match ended {
            Ok(Ended::Answered(status, answer)) => Ok((status, answer)),
            Ok(Ended::TooMuch) => Err(self.failed("answered with more than 1 MiB", "")),
            Ok(Ended::TooSlow) => Err(self.too_slow()),
            Err(error) => Err(self.failed(format!("cannot be waited for: {error}"), "")),
        }
    }

    /// What was answered, if it counts. The scrubber learns the secrets in it all the same.
    fn reply(
        &self,
        status: ExitStatus,
        answer: &[u8],
        scrubber: &mut Scrubber,
    ) -> Result<Value, Unknown> {
        let reply: Option<Value> = serde_json::from_slice(answer).ok();
        let answers = reply.iter().filter_map(Value::as_object).flat_map(|all| all.values());
        let values = answers.filter_map(|answer| answer["value"].as_str());
        values.for_each(|value| scrubber.add(value.trim_end()));
        if !status.success() {
            let how = status.code().map_or_else(
                || String::from("was killed"),
                |code| format!("ended with exit code {code}"),
            );
            return Err(self.failed(how, "what it wrote to stderr is in the log"));
        }
        // What is wrong with the answer stays unsaid: it holds secrets.
        reply.filter(Value::is_object).ok_or_else(|| {
            self.failed(
                "did not answer with a JSON object",
                "it writes `{\"handle\": {\"value\": \"…\"}}` to stdout and nothing else",
            )
        })
    }

    fn spawn(&self) -> Result<Child, Unknown> {
        let mut command = Command::new(&self.command);
        command
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.spawn().map_err(|error| {
            let reason = crate::config::yaml::io_reason(&error);
            self.failed(format!("cannot be started: {reason}"), "")
        })
    }

    fn too_slow(&self) -> Unknown {
        let message = format!("did not answer within {} s", self.timeout.as_secs_f64());
        self.failed(message, "`secret_backend_timeout` gives it more time")
    }

    fn failed(&self, how: impl std::fmt::Display, hint: &str) -> Unknown {
        Unknown::new(format!("the backend `{}` {how}", self.command.display()), hint)
    }

    /// Nobody else may have put a program of theirs there.
    #[cfg(unix)]
    fn check_permissions(&self) -> Result<(), Unknown> {
        use std::os::unix::fs::MetadataExt;

        let metadata = fs::metadata(&self.command).map_err(|error| {
            let reason = crate::config::yaml::io_reason(&error);
            self.failed(format!("cannot be read: {reason}"), "name the program by its whole path")
        })?;
        let ours = rustix::process::geteuid().as_raw();
        if !metadata.is_file() {
            return Err(self.failed("is not a file", ""));
        }
        if metadata.uid() != ours && metadata.uid() != 0 {
            return Err(self.failed(
                "belongs to another user",
                "make it belong to the user that runs this, or to root",
            ));
        }
        let refused = if self.allow_group_exec { 0o027 } else { 0o037 };
        let mode = metadata.mode() & 0o777;
        if mode & refused == 0 {
            return Ok(());
        }
        let right = if self.allow_group_exec { 0o750 } else { 0o700 };
        Err(self.failed(
            format!("can be changed or run by others (its mode is {mode:03o})"),
            &format!("`chmod {right:o} {}`", self.command.display()),
        ))
    }

    #[cfg(not(unix))]
    fn check_permissions(&self) -> Result<(), Unknown> {
        let found = fs::metadata(&self.command).is_ok_and(|metadata| metadata.is_file());
        found.then_some(()).ok_or_else(|| self.failed("is not there", ""))
    }
}

/// Reads a pipe to its end, or up to a limit, in a thread of its own: a child of the program may hold it open for ever.
fn read_in_background(pipe: impl Read + Send + 'static, limit: u64) -> Receiver<Vec<u8>> {
    let (done, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What could be read is judged by whoever receives it.
        let _ = pipe.take(limit).read_to_end(&mut bytes);
        let _ = done.send(bytes);
    });
    receiver
}

/// How a program has ended.
enum Ended {
    Answered(ExitStatus, Vec<u8>),
    TooMuch,
    TooSlow,
}

/// Waits for the program's end and answer. If it takes too long or answers too much, it is killed.
fn wait(
    child: &mut Child,
    stdout: Option<Receiver<Vec<u8>>>,
    deadline: Instant,
) -> io::Result<Ended> {
    let left = || deadline.saturating_duration_since(Instant::now());
    let answer = stdout.and_then(|answer| answer.recv_timeout(left()).ok());
    let too_much = answer.as_ref().is_some_and(|answer| answer.len() as u64 > MAX_ANSWER);
    if let Some(answer) = answer.filter(|_| !too_much) {
        while !left().is_zero() {
            if let Some(status) = child.try_wait()? {
                return Ok(Ended::Answered(status, answer));
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
    kill(child);
    child.wait()?;
    Ok(if too_much { Ended::TooMuch } else { Ended::TooSlow })
}

/// Kills the program and what it has started.
fn kill(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        // It may have ended by itself.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
}
