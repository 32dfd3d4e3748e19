//! Does what a test says: one JSON object a line of the input, and one as the answer.
//!
//! The process is one of its own so that a test can see it crash.

use std::collections::HashMap;
use std::fs;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use serde_json::{Value, json};

use crate::{Library, Table, forget, recorded};

#[derive(Default)]
struct Host {
    libraries: HashMap<u64, Arc<Library>>,
    runs: HashMap<u64, JoinHandle<Value>>,
    next: u64,
}

/// Serves until the input ends.
///
/// # Errors
/// Nobody listens any more, or the input is no JSON.
pub fn serve() -> io::Result<()> {
    let mut host = Host::default();
    for line in io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        let answer = host.answer(&request);
        let mut out = io::stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

impl Host {
    fn answer(&mut self, request: &Value) -> Value {
        match request["do"].as_str() {
            Some("open") => self.open(Path::new(request["path"].as_str().unwrap_or_default())),
            Some("version") => json!(self.library(request).version()),
            Some("run") => run(&self.library(request), request),
            Some("begin") => self.begin(request),
            Some("join") => self.join(request),
            Some("close") => {
                self.library(request).close();
                Value::Null
            }
            Some("as_wheel") => {
                let asked = request["request"].as_str().unwrap_or_default();
                let runs = request["runs"].as_u64().and_then(|runs| runs.try_into().ok());
                self.library(request).as_wheel(asked.as_bytes(), runs.unwrap_or(1))
            }
            Some("many") => many(&self.library(request), request),
            other => panic!("what is {other:?}?"),
        }
    }

    fn open(&mut self, path: &Path) -> Value {
        match Library::open(path) {
            Ok(library) => {
                self.next += 1;
                self.libraries.insert(self.next, Arc::new(library));
                json!({ "library": self.next })
            }
            Err(error) => json!({ "error": error }),
        }
    }

    fn library(&self, request: &Value) -> Arc<Library> {
        let number = request["library"].as_u64().unwrap_or_default();
        Arc::clone(self.libraries.get(&number).expect("an open library"))
    }

    fn begin(&mut self, request: &Value) -> Value {
        let (library, request) = (self.library(request), request.clone());
        self.next += 1;
        self.runs.insert(self.next, thread::spawn(move || run(&library, &request)));
        json!({ "run": self.next })
    }

    fn join(&mut self, request: &Value) -> Value {
        let run = self.runs.remove(&request["run"].as_u64().unwrap_or_default());
        run.expect("a run that has begun").join().expect("no panic")
    }
}

fn table(request: &Value) -> Table {
    match request["table"].as_str() {
        Some("poisoned") => Table::Poisoned,
        Some("empty") => Table::Empty,
        Some("none") => Table::None,
        _ => Table::Recording,
    }
}

/// A text of a request: a string, a list of bytes, or nothing.
fn bytes(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => Some(text.as_bytes().to_vec()),
        Value::Array(bytes) => bytes.iter().map(|byte| u8::try_from(byte.as_u64()?).ok()).collect(),
        _ => None,
    }
}

fn run(library: &Library, request: &Value) -> Value {
    let texts = ["id", "init_config", "instance"].map(|name| bytes(&request[name]));
    let start = Instant::now();
    let error = library.run(texts.each_ref().map(|text| text.as_deref()), table(request)).err();
    let id = texts[0].as_deref().map(String::from_utf8_lossy).unwrap_or_default();
    json!({ "error": error, "calls": recorded(&id), "seconds": start.elapsed().as_secs_f64() })
}

/// Many runs from many threads, each with instances of its own. Tells the resident memory, in KiB, before and after the second half.
fn many(library: &Library, request: &Value) -> Value {
    let ids: Vec<&str> =
        request["ids"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let number = |name: &str| usize::try_from(request[name].as_u64().unwrap_or(1)).unwrap_or(1);
    let (threads, runs) = (number("threads"), number("runs"));
    let half = || {
        thread::scope(|scope| {
            let work = |first: usize| {
                let ids: Vec<&str> = ids[first..].iter().step_by(threads).copied().collect();
                scope.spawn(move || one_of_many(library, request, &ids, runs / threads / 2))
            };
            let workers: Vec<_> = (0..threads).map(work).collect();
            workers.into_iter().map(|worker| worker.join().expect("no panic")).sum::<usize>()
        })
    };
    let errors = half();
    forget();
    let before = resident();
    let errors = errors + half();
    forget();
    json!({ "errors": errors, "before": before, "after": resident() })
}

/// Runs some instances in turn, and tells how many runs failed.
fn one_of_many(library: &Library, request: &Value, ids: &[&str], runs: usize) -> usize {
    let texts = ["init_config", "instance"].map(|name| bytes(&request[name]));
    let [init_config, instance] = texts.each_ref().map(|text| text.as_deref());
    let run = |id: &str| library.run([Some(id.as_bytes()), init_config, instance], table(request));
    ids.iter().cycle().take(runs).filter(|id| run(id).is_err()).count()
}

fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
