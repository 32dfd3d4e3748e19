//! A daemon under test: started with a directory of its own, killed when it goes out of scope.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long something may take until a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Lines that another thread reads, with the time at which they came.
type Lines = Arc<Mutex<Vec<(Instant, String)>>>;

/// A binary of checks that runs them.
#[derive(Debug)]
pub struct Daemon {
    child: Child,
    out: Lines,
    err: Lines,
}

impl Daemon {
    /// Starts `BINARY run` in a directory, with `allwell.yaml` and `conf.d` there, and more variables.
    pub fn start(binary: &str, directory: &Path, variables: &[(&str, PathBuf)]) -> Self {
        Self::start_by(Command::new(binary).arg("run"), directory, variables)
    }

    /// Starts it in a directory by a command that ends as `BINARY run`.
    pub fn start_by(
        command: &mut Command,
        directory: &Path,
        variables: &[(&str, PathBuf)],
    ) -> Self {
        let mut child = command
            .current_dir(directory)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary can be started");
        let out = lines(child.stdout.take().expect("a pipe"));
        let err = lines(child.stderr.take().expect("a pipe"));
        Self { child, out, err }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until a line on standard error contains a text, and gives it with its time.
    pub fn told(&self, text: &str) -> (Instant, String) {
        self.wait_for(text, || {
            lock(&self.err).iter().find(|(_, line)| line.contains(text)).cloned()
        })
    }

    /// Forgets what was told so far.
    pub fn forget(&self) {
        lock(&self.err).clear();
    }

    /// Everything on standard error, as one text.
    pub fn all_told(&self) -> String {
        let lines: Vec<_> = lock(&self.err).iter().map(|(_, line)| line.clone()).collect();
        lines.join("\n")
    }

    /// The values of a metric that have come so far.
    pub fn values(&self, metric: &str) -> Vec<f64> {
        let parsed = lock(&self.out).iter().map(|(_, line)| parse(line)).collect::<Vec<_>>();
        let of_metric = parsed.iter().filter(|one| one["metrics"]["metric"] == metric);
        of_metric.filter_map(|one| one["metrics"]["points"][0][1].as_f64()).collect()
    }

    /// Waits until the values of a metric add up to this.
    pub fn adds_up(&self, metric: &str, sum: f64) {
        self.wait_for(metric, || {
            let so_far: f64 = self.values(metric).iter().sum();
            (so_far >= sum).then_some(())
        });
        let so_far: f64 = self.values(metric).iter().sum();
        assert!((so_far - sum).abs() < 1e-9, "{so_far} and not {sum}");
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let killed = Command::new("kill").args(["-s", name, &self.pid().to_string()]).status();
        assert!(killed.expect("`kill` is there").success());
    }

    /// Kills it, as the system does when memory is short.
    pub fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it was killed");
    }

    /// Waits for its end.
    pub fn ends(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("it is a child") {
                return status;
            }
            assert!(Instant::now() < deadline, "it does not end\n{}", self.all_told());
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn wait_for<T>(&self, what: &str, mut found: impl FnMut() -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = found() {
                return found;
            }
            assert!(Instant::now() < deadline, "`{what}` never came\n{}", self.all_told());
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes a file of a directory, with the directories that it is in.
pub fn write(directory: &Path, name: &str, text: &str) {
    let path = directory.join(name);
    fs::create_dir_all(path.parent().expect("a file is in a directory")).expect("it can be made");
    fs::write(path, text).expect("it can be written");
}

fn parse(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

fn lines(from: impl std::io::Read + Send + 'static) -> Lines {
    let lines = Lines::default();
    let read = Arc::clone(&lines);
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            lock(&read).push((Instant::now(), line));
        }
    });
    lines
}

fn lock(lines: &Lines) -> MutexGuard<'_, Vec<(Instant, String)>> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}
