//! Datadog's own validators accept the exported folder of every check of the binary.
//!
//! Needs `ddev`: `tests/run` installs it and names its directory in `ALLWELL_DDEV`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// All validators that a folder of integrations-extras is put to.
const VALIDATORS: usize = 16;

#[test]
fn datadog_accepts_the_folder_of_every_check() {
    let Some(venv) = ddev() else { return };
    let repository = Repository::new(&venv);
    let verdicts = repository.verdicts(&repository.names());
    let mut refused = String::new();
    let mut passed = BTreeMap::<&str, usize>::new();
    for verdict in &verdicts {
        let check = verdict["check"].as_str().expect("a name");
        if verdict["passed"] == true {
            *passed.entry(check).or_default() += 1;
        } else {
            let _ = writeln!(refused, "{check}, {}: {}", verdict["validator"], verdict["said"]);
        }
    }
    assert!(refused.is_empty(), "{refused}");
    assert_eq!(passed.len(), 19, "{passed:?}");
    assert!(passed.values().all(|count| *count == VALIDATORS), "{passed:?}");
}

/// So it does with the library and its class in the folder.
#[test]
fn datadog_accepts_the_folder_of_a_wheel() {
    let Some(venv) = ddev() else { return };
    let repository = Repository::of(&venv, &["redis", "nginx", "--library", &library()]);
    let verdicts = repository.verdicts(&repository.names());
    let refused: Vec<_> = verdicts.iter().filter(|verdict| verdict["passed"] == false).collect();
    assert!(refused.is_empty(), "{refused:#?}");
    assert_eq!(verdicts.len(), 2 * VALIDATORS);
}

/// Faults that the validators must find, to know that they look at all.
#[test]
fn datadog_refuses_what_is_wrong() {
    let Some(venv) = ddev() else { return };
    let repository = Repository::new(&venv);
    repository.edit("uptime/metadata.csv", ",second,", ",seconds,");
    repository.edit("redis/assets/configuration/spec.yaml", "example: 6379", "example: 6378");
    repository.edit("redis/manifest.json", "\"redis.info.latency_ms\"", "\"redis.info.latency\"");
    repository.edit("nginx/README.md", "## Setup", "## Set-up");
    repository.edit("nginx/assets/service_checks.json", "\"Nginx\"", "\"Engine\"");
    repository.edit(
        "load/assets/dashboards/load_overview.json",
        "\"template_variables\"",
        "\"variables\"",
    );
    let names = ["load", "nginx", "redis", "uptime"].map(str::to_owned);
    let verdicts = repository.verdicts(&names);
    let refused = verdicts.iter().filter(|verdict| verdict["passed"] == false);
    let refused: Vec<_> = refused
        .map(|verdict| format!("{} {}", verdict["check"], verdict["validator"]).replace('"', ""))
        .collect();
    assert_eq!(
        refused,
        [
            "load dashboards",
            "nginx service-checks",
            "nginx readmes",
            "redis config",
            "redis manifest",
            "uptime metadata"
        ]
    );
}

/// A folder is a Python package: its own tests pass, against the code, too, and a wheel can be built of it.
#[test]
fn a_folder_is_a_python_package() {
    let Some(venv) = ddev() else { return };
    let repository = Repository::new(&venv);
    for name in repository.names() {
        let python = |arguments: &[&str]| {
            let Output { status, stdout, stderr } = run(Command::new(venv.join("bin/python"))
                .args(arguments)
                .env("ALLWELL_BINARY", env!("CARGO_BIN_EXE_allwell"))
                .current_dir(repository.root().join(&name)));
            let said = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
            assert!(status.success(), "{name}: {said}");
            said
        };
        let said = python(&["-m", "pytest", "-q", "-p", "no:cacheprovider"]);
        assert!(said.contains("5 passed"), "{name}: {said}");
        if name == "redis" {
            let said = python(&["-m", "hatchling", "build", "-t", "wheel"]);
            assert!(said.contains("datadog_redis-0.1.0-py3-none-any.whl"), "{said}");
        }
    }
}

#[expect(clippy::print_stderr, reason = "a test that does not run says so")]
fn ddev() -> Option<PathBuf> {
    if let Some(venv) = std::env::var_os("ALLWELL_DDEV") {
        return Some(PathBuf::from(venv));
    }
    assert!(std::env::var_os("CI").is_none(), "`ALLWELL_DDEV` is not set: run `tests/run`");
    eprintln!("SKIPPED: Datadog's validators are not installed; `tests/run` installs them");
    None
}

/// The library of all example checks; Cargo puts it beside the tests that depend on it.
fn library() -> String {
    let test = std::env::current_exe().expect("a path");
    test.with_file_name("liballwell_agent.so").to_str().expect("UTF-8").to_owned()
}

/// A repository of integrations with all exported folders.
struct Repository {
    work: tempfile::TempDir,
    venv: PathBuf,
}

impl Repository {
    fn new(venv: &Path) -> Self {
        Self::of(venv, &[])
    }

    /// What is exported with these arguments.
    fn of(venv: &Path, arguments: &[&str]) -> Self {
        let work = tempfile::tempdir().expect("a temporary directory");
        let repository = Self { work, venv: venv.to_owned() };
        let root = repository.root();
        let Output { status, stderr, .. } = run(Command::new(env!("CARGO_BIN_EXE_allwell"))
            .args(["export", "integration", "--out"])
            .arg(&root)
            .args(arguments));
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
        repository.write_surroundings();
        for arguments in [&["init", "-q"][..], &["add", "-A"], &["commit", "-qm", "all"]] {
            let identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
            let Output { status, stderr, .. } =
                run(Command::new("git").args(identity).args(arguments).current_dir(&root));
            assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
        }
        repository
    }

    fn root(&self) -> PathBuf {
        self.work.path().join("integrations-extras")
    }

    /// The names of the exported checks.
    fn names(&self) -> Vec<String> {
        let entries = self.root().read_dir().expect("it was made");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let names = names.map(|name| name.into_string().expect("a check's name"));
        let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
        names.sort();
        names
    }

    /// What a repository has beside its folders, and what ddev wants to know of it.
    fn write_surroundings(&self) {
        let root = self.root();
        let mut owners = "**/assets/logs/ @DataDog/logs-integrations-reviewers\n".to_owned();
        for name in self.names() {
            let _ = writeln!(owners, "/{name}/ @owner");
        }
        write(&root.join(".github/CODEOWNERS"), &owners);
        write(&root.join(".ddev/config.toml"), "");
        let path = root.display();
        let config = format!(
            "repo = \"extras\"\nagent = \"dev\"\norg = \"default\"\nupgrade_check = false\n\
             [repos]\ncore = \"{path}\"\nextras = \"{path}\"\nmarketplace = \"{path}\"\nagent = \"{path}\"\n"
        );
        write(&self.work.path().join("ddev.toml"), &config);
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.root().join(file);
        let text = fs::read_to_string(&path).expect("it was exported");
        assert!(text.contains(from), "{file} has no {from}");
        write(&path, &text.replace(from, to));
    }

    fn verdicts(&self, names: &[String]) -> Vec<Value> {
        let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validate.py");
        let Output { status, stdout, stderr } = run(Command::new(self.venv.join("bin/python"))
            .arg(driver)
            .args(names)
            .env("DDEV_CONFIG", self.work.path().join("ddev.toml"))
            .env("HOME", self.work.path())
            .current_dir(self.root()));
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
        let lines = String::from_utf8(stdout).expect("it is text");
        let verdict = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        lines.lines().map(verdict).collect()
    }
}

fn write(path: &Path, text: &str) {
    let folder = path.parent().expect("a file has a folder");
    fs::create_dir_all(folder).expect("it can be made");
    fs::write(path, text).expect("it can be written");
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"))
}
