//! Datadog's own validators, in one process that is asked about one folder after the other.
//!
//! Needs `ddev`: `tests/run` installs it and names its directory in `ALLWELL_DDEV`.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The validators, and the repository in which they look.
pub(crate) struct Ddev {
    repository: PathBuf,
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    _work: TempDir,
}

/// What a validator says of a folder.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) passes: bool,
    pub(crate) crashed: bool,
    pub(crate) said: String,
}

/// What both say.
#[derive(Debug)]
pub(crate) struct Verdicts {
    pub(crate) metadata: Verdict,
    pub(crate) service_checks: Verdict,
}

impl Verdicts {
    pub(crate) fn pass(&self) -> bool {
        self.metadata.passes && self.service_checks.passes
    }
}

impl Ddev {
    /// Starts the process, unless the validators are not installed.
    pub(crate) fn start() -> Option<Self> {
        let venv = venv()?;
        let work = tempfile::tempdir().expect("a temporary directory");
        let repository = work.path().join("integrations-extras");
        std::fs::create_dir_all(repository.join(".ddev")).expect("a directory");
        std::fs::write(repository.join(".ddev/config.toml"), "").expect("a file");
        let initialised = Command::new("git").args(["init", "-q"]).arg(&repository).status();
        assert!(initialised.expect("git starts").success());
        let mut process = Command::new(venv.join("bin/python"))
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lint/validate.py"))
            .arg(&repository)
            .env("DDEV_CONFIG", config(work.path(), &repository))
            .env("HOME", work.path())
            .env("NO_COLOR", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python starts");
        let answers = BufReader::new(process.stdout.take().expect("it is piped"));
        let questions = process.stdin.take();
        Some(Self { repository, process, questions, answers, _work: work })
    }

    /// The repository: folders written there can be asked about.
    pub(crate) fn repository(&self) -> &Path {
        &self.repository
    }

    /// Asks about a folder of the repository.
    pub(crate) fn ask(&mut self, folder: &str) -> Verdicts {
        let questions = self.questions.as_mut().expect("the process lives");
        writeln!(questions, "{folder}").expect("it can be asked");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("it answers");
        let answer: Value = serde_json::from_str(&line).expect("the answer is JSON");
        let verdict = |validator: &str| {
            let is = |key: &str| answer[validator][key].as_bool().expect("a boolean");
            let said = answer[validator]["said"].as_str().expect("a text").to_owned();
            Verdict { passes: is("passes"), crashed: is("crashed"), said }
        };
        Verdicts { metadata: verdict("metadata"), service_checks: verdict("service-checks") }
    }
}

impl Drop for Ddev {
    fn drop(&mut self) {
        // The end of its input ends the process.
        self.questions = None;
        let _ = self.process.wait();
    }
}

/// Where the validators are installed, or nothing and a word about it.
#[expect(clippy::print_stderr, reason = "a test that does not run says so")]
pub(crate) fn venv() -> Option<PathBuf> {
    let venv = std::env::var_os("ALLWELL_DDEV").map(PathBuf::from);
    if venv.is_none() {
        assert!(std::env::var_os("CI").is_none(), "`ALLWELL_DDEV` is not set: run `tests/run`");
        eprintln!("SKIPPED: Datadog's validators are not installed; `tests/run` installs them");
    }
    venv
}

fn config(work: &Path, repository: &Path) -> PathBuf {
    let path = repository.display();
    let text = format!(
        "repo = \"extras\"\nagent = \"dev\"\norg = \"default\"\nupgrade_check = false\n\
         [repos]\ncore = \"{path}\"\nextras = \"{path}\"\nmarketplace = \"{path}\"\nagent = \"{path}\"\n"
    );
    let file = work.join("ddev.toml");
    std::fs::write(&file, text).expect("it can be written");
    file
}
