//! What is made.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::new;

/// A crate in a directory that goes away with the test, and with the versions of this workspace.
pub(crate) struct Crate {
    _directory: TempDir,
    pub(crate) path: PathBuf,
}

impl Crate {
    fn new(name: &str) -> Self {
        Self::with(name, &[])
    }

    /// A crate with more options.
    pub(crate) fn with(name: &str, options: &[&str]) -> Self {
        let directory = tempfile::tempdir().expect("a directory for temporary files");
        let path = directory.path().join(name);
        let (exit, _, err) = new(&[&[name, "--path", &path.to_string_lossy()], options].concat());
        assert_eq!(exit, 0, "{err}");
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        fs::copy(lock, path.join("Cargo.lock")).expect("the lock file");
        Self { _directory: directory, path }
    }

    /// What cargo writes to stdout; what is built is kept for the next test.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> String {
        self.cargo_with(arguments, &[])
    }

    /// The same with more variables in its environment.
    pub(crate) fn cargo_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> String {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(&self.path)
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("authors"))
            .env("CARGO_NET_OFFLINE", "true")
            .envs(variables.iter().copied())
            .output()
            .expect("cargo runs");
        let (out, err) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "cargo {}:\n{out}{err}", arguments.join(" "));
        out.into_owned()
    }
}

#[test]
fn the_crate_is_ready_to_be_worked_on() {
    let made = Crate::new("MyCheck");
    made.cargo(&["fmt", "--check"]);
    made.cargo(&["clippy", "--all-targets", "--", "-D", "warnings"]);
    let tests = made.cargo(&["test"]);
    assert!(tests.contains("test result: ok. 4 passed; 0 failed; 0 ignored"), "{tests}");

    let valid = made.cargo(&["run", "--", "config", "validate"]);
    assert!(
        valid.contains("my_check     1 of 1       0         0  conf.d/my_check.d/conf.yaml"),
        "{valid}"
    );
    let checked = made.cargo(&["run", "--", "check", "--json"]);
    for name in
        ["my_check.size", "my_check.files", "my_check.age", "my_check.fresh", "my_check.can_read"]
    {
        assert!(checked.contains(&format!("\"{name}\"")), "{checked}");
    }

    made.cargo(&["run", "--", "export", "integration", "--out", "integrations"]);
    let metadata = made.path.join("integrations/my_check/metadata.csv");
    let metadata = fs::read_to_string(metadata).expect("the metadata of the check");
    let age = "my_check.age,gauge,,second,,\
        Time since the last change of a file. An empty directory has none.,-1,my_check,age,,path";
    assert!(metadata.lines().any(|line| line == age), "{metadata}");
    made.cargo(&["run", "--", "export", "integration", "--check", "--out", "integrations"]);
}

#[test]
fn a_name_of_any_length_is_laid_out() {
    for name in ["x", "abcdefghijklmnopqrstuvwxyz-12345"] {
        Crate::new(name).cargo(&["fmt", "--check"]);
    }
}

#[test]
fn what_is_said() {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let path = directory.path().join("my-check");
    let path = path.to_string_lossy();
    let (exit, out, err) = new(&["my-check", "--path", &path]);
    assert_eq!((exit, out), (0, format!("{path}\n")));
    assert_eq!(
        err,
        format!(
            "made the crate `my-check` with the check `my_check`; next:\n\n  cd {path}\n  cargo test\n  \
             cargo run -- check\n\nthe check is in src/my_check.rs, and README.md says what else there is\n"
        )
    );
}

#[test]
fn where_allwell_is_found() {
    let dependency = |arguments: &[&str]| {
        let directory = tempfile::tempdir().expect("a directory for temporary files");
        let path = directory.path().join("x");
        let (exit, _, err) = new(&[&["x", "--path", &path.to_string_lossy()], arguments].concat());
        assert_eq!(exit, 0, "{err}");
        let manifest = fs::read_to_string(path.join("Cargo.toml")).expect("a manifest");
        let line = manifest.lines().find(|line| line.starts_with("allwell = "));
        line.expect("a dependency").to_owned()
    };
    let source = env!("CARGO_MANIFEST_DIR");
    let checkout = Path::new(source).parent().expect("the workspace").to_string_lossy();
    let by_path = format!("allwell = {{ path = {source:?} }}");
    assert_eq!(dependency(&[]), by_path);
    assert_eq!(dependency(&["--allwell", &checkout]), by_path);
    assert_eq!(dependency(&["--allwell", "0.1"]), "allwell = \"0.1\"");
}

#[test]
fn a_crate_within_another_workspace_is_none_of_its_members() {
    let around = tempfile::tempdir().expect("a directory for temporary files");
    fs::write(around.path().join("Cargo.toml"), "[workspace]\nmembers = []\n").expect("a manifest");
    let path = around.path().join("inner/x");
    assert_eq!(new(&["x", "--path", &path.to_string_lossy()]).0, 0);
    let manifest = fs::read_to_string(path.join("Cargo.toml")).expect("a manifest");
    assert!(manifest.ends_with("\n\n# It stands in the directory of another workspace, of which it is no member.\n[workspace]\n"));
}
