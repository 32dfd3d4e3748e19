//! Wheels of checks, installed for Datadog's SDK, and a process that runs their checks as the Agent does: by the SDK, under its stubs.

use std::env::var_os;
use std::fs;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};

use allwell::check::Registry;
use allwell::cli::{Exit, Screen, run};
use serde_json::{Value, json};

/// The virtual environment of Datadog's SDK; where tests run for good, it must be there.
#[expect(clippy::print_stderr, reason = "a test that does not run says so")]
pub fn sdk() -> Option<PathBuf> {
    let venv = var_os("ALLWELL_SDK").map(PathBuf::from);
    if venv.is_none() {
        assert!(var_os("CI").is_none(), "`ALLWELL_SDK` is not set: run `tests/run`");
        eprintln!("SKIPPED: Datadog's SDK is not installed; `tests/run` installs it");
    }
    venv
}

/// Checks of a library as wheels, each built and installed when it is first wanted.
#[derive(Debug)]
pub struct Wheels {
    venv: PathBuf,
    root: PathBuf,
    site: PathBuf,
    library: PathBuf,
    installed: Mutex<Vec<String>>,
}

impl Wheels {
    /// Wheels of a library's checks, which this binary has as well; they are built in a directory of their own.
    pub fn new(venv: PathBuf, root: &Path, library: &Path) -> Self {
        // What an earlier run has left is of other code.
        let _ = fs::remove_dir_all(root);
        fs::create_dir_all(root).expect("a directory");
        let library = small(library, root);
        let site = site(&venv, &root.join("installed"));
        // Where a package of namespaces looks for its parts is settled when it is imported.
        fs::create_dir_all(site.join("datadog_checks")).expect("a directory");
        Self { venv, root: root.to_owned(), site, library, installed: Mutex::default() }
    }

    /// The folder of a check that its wheel was built of.
    pub fn folder(&self, check: &str) -> PathBuf {
        self.root.join(check)
    }

    /// The wheel of a check.
    pub fn wheel(&self, check: &str) -> PathBuf {
        self.install(check);
        let start = format!("datadog_{check}-");
        let is_it = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&start))
        };
        let wheels = fs::read_dir(self.root.join("wheels")).expect("a directory");
        wheels.map(|entry| entry.expect("an entry").path()).find(is_it).expect("a wheel")
    }

    /// Has the wheel of a check built and installed.
    pub fn install(&self, check: &str) {
        let mut installed = self.installed.lock().unwrap_or_else(PoisonError::into_inner);
        if installed.iter().any(|name| name == check) {
            return;
        }
        export(check, &self.library, &self.root);
        // As repositories have it; the library is in the wheel all the same.
        fs::write(self.folder(check).join(".gitignore"), "*.so\n").expect("it is written");
        let [wheels, prefix] = ["wheels", "installed"].map(|name| self.root.join(name));
        let made = self.root.join(format!("wheels-of-{check}"));
        self.pip(
            &["wheel", "--no-deps", "--no-build-isolation", "-w"],
            &[&made, &self.folder(check)],
        );
        let [wheel] = &fs::read_dir(&made).expect("a directory").collect::<Vec<_>>()[..] else {
            panic!("one wheel is built")
        };
        let wheel = wheel.as_ref().expect("an entry").path();
        self.pip(&["install", "--no-deps", "--no-index", "--prefix"], &[&prefix, &wheel]);
        fs::create_dir_all(&wheels).expect("a directory");
        fs::rename(&wheel, wheels.join(wheel.file_name().expect("a name"))).expect("it is moved");
        installed.push(check.to_owned());
    }

    fn pip(&self, arguments: &[&str], paths: &[&Path]) {
        let mut command = Command::new(self.program("pip"));
        said(command.args(arguments).args(paths).arg("-q"));
    }

    /// A program of the virtual environment.
    pub fn program(&self, name: &str) -> PathBuf {
        self.venv.join("bin").join(name)
    }

    /// Python, with the installed wheels. What tags the SDK's stub refuses is no matter of these tests.
    pub fn python(&self) -> Command {
        let mut python = Command::new(self.program("python"));
        python
            .env("PYTHONPATH", &self.site)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("DDEV_SKIP_GENERIC_TAGS_CHECK", "1");
        python
    }

    /// What a program in Python prints, which is JSON; it must end well.
    pub fn result_of(&self, script: &Path, arguments: &[&str]) -> Value {
        let printed = said(self.python().arg(script).args(arguments));
        serde_json::from_str(&printed).unwrap_or_else(|_| panic!("{printed}"))
    }

    /// Starts a process that runs checks.
    pub fn host(&self) -> Sdk {
        Sdk::start(&mut self.python())
    }
}

/// The library without what only debuggers read, which would be copied many times.
fn small(library: &Path, root: &Path) -> PathBuf {
    let small = root.join(library.file_name().expect("a name"));
    let stripped = Command::new("strip").arg("-g").arg(library).arg("-o").arg(&small).status();
    if !stripped.is_ok_and(|status| status.success()) {
        fs::copy(library, &small).expect("a copy");
    }
    small
}

/// Where packages are below a prefix.
fn site(venv: &Path, prefix: &Path) -> PathBuf {
    let code = "import sys, sysconfig; base = sys.argv[1]; print(sysconfig.get_path('platlib', vars={'base': base, 'platbase': base}))";
    let mut python = Command::new(venv.join("bin/python"));
    PathBuf::from(said(python.args(["-c", code]).arg(prefix)).trim_end())
}

fn export(check: &str, library: &Path, out: &Path) {
    let (mut printed, mut told) = (Vec::new(), Vec::new());
    let mut screen = Screen::plain(&mut printed, &mut told);
    let [library, out] = [library, out].map(|path| path.to_str().expect("UTF-8"));
    let arguments = ["allwell", "export", "integration", check, "--library", library, "--out", out];
    let exit = run(arguments.map(Into::into), &Registry::collect(), &mut screen);
    drop(screen);
    assert_eq!(exit, Exit::DONE, "{}", String::from_utf8_lossy(&told));
}

/// What a command prints that ends well.
pub fn said(command: &mut Command) -> String {
    let Output { status, stdout, stderr } =
        command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    assert!(status.success(), "{command:?}: {status}\n{}{}", text(&stdout), text(&stderr));
    text(&stdout)
}

/// A process in which the SDK makes checks and runs them.
#[derive(Debug)]
pub struct Sdk {
    child: Child,
    requests: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Sdk {
    fn start(python: &mut Command) -> Self {
        let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wheel/host.py");
        let mut child = python
            .arg(driver)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python can be started");
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

    /// Makes a check.
    ///
    /// # Errors
    /// The name of the exception and its text.
    pub fn make(
        &mut self,
        check: &str,
        init_config: &Value,
        instance: &Value,
    ) -> Result<(), String> {
        let request = json!({ "do": "make", "check": check, "init_config": init_config, "instance": instance });
        match self.ask(&request)["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(()),
        }
    }

    /// Runs the check that was made last for this name, and tells what the SDK's stubs were given.
    pub fn run(&mut self, check: &str) -> Value {
        self.ask(&json!({ "do": "run", "check": check }))
    }

    /// Has the Agent be another one: with other settings (`config`), with configurations from elsewhere (`provider`), with an aggregator that
    /// fails at a metric (`fails_at`).
    pub fn be(&mut self, mut agent: Value) {
        agent["do"] = json!("be");
        self.ask(&agent);
    }

    /// Has the SDK compare what the last run submitted with a folder's `metadata.csv` and `service_checks.json`, both ways if all was
    /// submitted that there is.
    pub fn compare(&mut self, folder: &Path, symmetric: bool) -> Value {
        self.ask(&json!({ "do": "compare", "folder": folder, "symmetric": symmetric }))
    }

    /// Cancels the check, as the Agent does that has no more need of it.
    pub fn cancel(&mut self, check: &str) {
        self.ask(&json!({ "do": "cancel", "check": check }));
    }

    /// Lets the process end, which it must do well.
    pub fn end(mut self) {
        drop(self.requests);
        let status = self.child.wait().expect("its status");
        assert!(status.success(), "{status}");
    }
}
