//! Datadog's own validator accepts the `metadata.csv` of every check of the binary.
//!
//! Needs `ddev`: `tests/run` installs it and names its directory in `ALLWELL_DDEV`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::json;

/// The prefix that each check's metrics have; names under `system.` are free to all.
const PREFIXES: [(&str, &str); 3] =
    [("awesome", "awesome."), ("nginx", "nginx."), ("redis", "redis.")];

#[test]
fn datadog_accepts_the_metadata_of_every_check() {
    let Some(ddev) = ddev() else { return };
    let work = tempfile::tempdir().expect("a temporary directory");
    let repository = work.path().join("integrations-extras");
    let names = export(&repository);
    assert_eq!(names.len(), 11, "{names:?}");
    for name in &names {
        write_manifest(&repository, name);
    }
    let config = write_config(work.path(), &repository);
    make_repository(&repository);
    let mut refused = String::new();
    for name in &names {
        let Output { status, stdout, stderr } = run(Command::new(&ddev)
            .args(["-e", "--no-interactive", "--no-color", "validate", "metadata", name])
            .env("DDEV_CONFIG", &config)
            .env("HOME", work.path())
            .current_dir(&repository));
        if !status.success() {
            refused += &String::from_utf8_lossy(&[stdout, stderr].concat());
        }
    }
    assert!(refused.is_empty(), "{refused}");
}

/// A row that the validator must refuse, to know that it looks at all.
#[test]
fn datadog_refuses_a_unit_that_it_does_not_know() {
    let Some(ddev) = ddev() else { return };
    let work = tempfile::tempdir().expect("a temporary directory");
    let repository = work.path().join("integrations-extras");
    export(&repository);
    let file = repository.join("uptime/metadata.csv");
    let csv = std::fs::read_to_string(&file).expect("it was exported");
    std::fs::write(&file, csv.replace(",second,", ",seconds,")).expect("it can be written");
    write_manifest(&repository, "uptime");
    let config = write_config(work.path(), &repository);
    make_repository(&repository);
    let Output { status, stdout, stderr } = run(Command::new(&ddev)
        .args(["-e", "--no-interactive", "--no-color", "validate", "metadata", "uptime"])
        .env("DDEV_CONFIG", &config)
        .env("HOME", work.path())
        .current_dir(&repository));
    let said = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
    assert!(!status.success() && said.contains("`seconds` is an invalid unit_name"), "{said}");
}

#[expect(clippy::print_stderr, reason = "a test that does not run says so")]
fn ddev() -> Option<PathBuf> {
    if let Some(venv) = std::env::var_os("ALLWELL_DDEV") {
        return Some(Path::new(&venv).join("bin/ddev"));
    }
    assert!(std::env::var_os("CI").is_none(), "`ALLWELL_DDEV` is not set: run `tests/run`");
    eprintln!("SKIPPED: Datadog's validator is not installed; `tests/run` installs it");
    None
}

/// Exports all checks into a repository and gives their names.
fn export(repository: &Path) -> Vec<String> {
    let Output { status, stderr, .. } = run(Command::new(env!("CARGO_BIN_EXE_allwell"))
        .args(["export", "metadata", "--out"])
        .arg(repository));
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    let entries = repository.read_dir().expect("it was made");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> =
        names.map(|name| name.into_string().expect("a check's name")).collect();
    names.sort();
    names
}

fn write_manifest(repository: &Path, name: &str) {
    let own = PREFIXES.iter().find(|(check, _)| *check == name);
    let prefix = own.map_or("system.", |(_, prefix)| prefix);
    let metrics = json!({ "prefix": prefix, "check": [], "metadata_path": "metadata.csv" });
    let integration = json!({ "source_type_name": name, "metrics": metrics });
    let manifest = json!({
        "manifest_version": "2.0.0",
        "app_id": name,
        "assets": { "integration": integration },
    });
    let file = repository.join(name).join("manifest.json");
    std::fs::write(file, manifest.to_string()).expect("it can be written");
}

fn write_config(work: &Path, repository: &Path) -> PathBuf {
    let path = repository.display();
    let text = format!(
        "repo = \"extras\"\nagent = \"dev\"\norg = \"default\"\nupgrade_check = false\n\
         [repos]\ncore = \"{path}\"\nextras = \"{path}\"\nmarketplace = \"{path}\"\nagent = \"{path}\"\n"
    );
    let file = work.join("ddev.toml");
    std::fs::write(&file, text).expect("it can be written");
    file
}

fn make_repository(repository: &Path) {
    std::fs::create_dir(repository.join(".ddev")).expect("it can be made");
    std::fs::write(repository.join(".ddev/config.toml"), "").expect("it can be written");
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    for arguments in [&["init", "-q"][..], &["add", "-A"], &["commit", "-qm", "all"]] {
        let Output { status, stderr, .. } =
            run(Command::new("git").args(identity).args(arguments).current_dir(repository));
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    }
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"))
}
