//! What paths may name, and where the facts of an integration come from.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::base::{Metrics, folder_with_checks, folder_with_metrics, service_checks};
use crate::ddev::Ddev;
use crate::folder::Folder;
use crate::run;

fn directory() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a text")
}

/// The exit code, and each rule with the file that breaks it.
fn broken(arguments: &[&str]) -> (u8, Vec<String>) {
    let (code, findings) = run::findings(arguments);
    let errors = findings.into_iter().filter(|finding| finding.error);
    let file = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    (code, errors.map(|finding| format!("{}: {}", file(&finding.file), finding.rule)).collect())
}

/// A folder whose rows have another prefix and integration than its manifest.
fn foreign() -> Folder {
    let csv = Metrics::new().csv().replace("acme.", "other.").replace("acme_queue", "other");
    let checks = service_checks().to_string().replace("Acme Queue", "Other");
    Folder { service_checks: Some(checks.into()), ..folder_with_metrics(csv) }
}

#[test]
fn a_file_that_stands_alone_is_compared_with_what_is_given() {
    let directory = directory();
    let (csv, json) = (directory.path().join("x.csv"), directory.path().join("x"));
    fs::write(&csv, Metrics::new().csv()).expect("a file");
    fs::write(&json, service_checks().to_string()).expect("a file");
    let paths = [text(&csv), text(&json)];
    let ran = run::lint(&paths);
    assert_eq!(ran.code, 0);
    let notes: Vec<&str> = ran.err.lines().filter(|line| line.starts_with("note: ")).collect();
    let note = |path, what| format!("note: `{path}`: no manifest tells {what}");
    let name = "the name of the integration; `--integration` does";
    assert_eq!(
        notes,
        [
            note(paths[0], "the prefix of its metrics; `--prefix` does"),
            note(paths[0], name),
            note(paths[1], name),
        ]
    );
    let given =
        |prefix, name| broken(&["--prefix", prefix, "--integration", name, paths[0], paths[1]]);
    assert_eq!(given("acme.", "Acme Queue"), (0, vec![]));
    let expected = ["x.csv: metric-prefix", "x.csv: integration", "x: service-integration"];
    assert_eq!(given("other.", "Other"), (5, expected.map(str::to_owned).to_vec()));
}

#[test]
fn a_file_in_a_folder_is_compared_with_its_manifest() {
    let directory = directory();
    foreign().write_as(directory.path(), "acme");
    let folder = directory.path().join("acme");
    let csv = broken(&[text(&folder.join("metadata.csv"))]);
    let expected = ["metadata.csv: metric-prefix", "metadata.csv: integration"];
    assert_eq!(csv, (5, expected.map(str::to_owned).to_vec()));
    let json = broken(&[text(&folder.join("assets/service_checks.json"))]);
    assert_eq!(json, (5, vec!["service_checks.json: service-integration".to_owned()]));
    let whole = broken(&[text(&folder)]);
    assert_eq!(whole, (5, [csv.1, json.1].concat()));
    assert_eq!(broken(&[text(&folder.join("manifest.json"))]), whole);
    let given = ["--prefix", "other.", "--integration", "Other", text(&folder)];
    assert_eq!(broken(&given), (0, vec![]));
}

#[test]
fn a_manifest_with_mistakes_is_told_once_for_all_files_of_its_folder() {
    let directory = directory();
    Folder { manifest: "{".to_owned(), ..foreign() }.write_as(directory.path(), "acme");
    let folder = directory.path().join("acme");
    let (csv, json) = (folder.join("metadata.csv"), folder.join("assets/service_checks.json"));
    assert_eq!(broken(&[text(&csv), text(&json)]), (5, vec!["manifest.json: not-json".to_owned()]));
}

#[test]
fn a_repository_is_all_its_folders() {
    let directory = directory();
    Metrics::new().folder().write_as(directory.path(), "b_good");
    foreign().write_as(directory.path(), "a_bad");
    foreign().write_as(directory.path(), "datadog_checks_base");
    fs::create_dir_all(directory.path().join("docs")).expect("a directory");
    let ran = run::lint(&[text(directory.path())]);
    let place = format!("{}/", directory.path().display());
    assert_eq!(ran.code, 5);
    assert_eq!(
        ran.out.replace(&place, ""),
        "ENTRIES  ERRORS  WARNINGS  FILE\n\
         \x20     5       2         3  a_bad/metadata.csv\n\
         \x20     2       1         0  a_bad/assets/service_checks.json\n\
         \x20     5       0         3  b_good/metadata.csv\n\
         \x20     0       0         0  b_good/assets/service_checks.json\n"
    );
    assert!(ran.err.ends_with("3 errors, 6 warnings in 3 files\n"), "{}", ran.err);
}

#[test]
fn what_is_not_there_is_an_error_and_keeps_nothing_else_from_being_looked_at() {
    let directory = directory();
    let empty = directory.path().join("empty");
    fs::create_dir_all(&empty).expect("a directory");
    foreign().write_as(directory.path(), "acme");
    let missing = directory.path().join("missing.csv");
    let json = directory.path().join("acme/assets/service_checks.json");
    let (code, rules) = broken(&[text(&empty), text(&missing), text(&json)]);
    assert_eq!(code, 5);
    let expected =
        ["empty: no-assets", "missing.csv: unreadable", "service_checks.json: service-integration"];
    assert_eq!(rules, expected);
    let ran = run::lint(&[text(&empty), text(&missing)]);
    let place = format!("{}/", directory.path().display());
    assert_eq!(
        ran.err.replace(&place, ""),
        "error[no-assets]: there is no integration in this directory\n\
         --> empty\n \
         = hint: name a file, a folder with `manifest.json`, or a repository of such folders\n\n\
         error[unreadable]: cannot read the file: no such file or directory\n\
         --> missing.csv\n \
         = hint: check the path\n\n\
         2 errors in 2 files\n"
    );
}

#[test]
fn no_path_is_a_mistake_of_the_caller() {
    assert_eq!(run::lint(&[]).code, 2);
}

#[test]
fn a_folder_without_a_manifest_needs_something_else_that_tells_the_prefix() {
    let directory = directory();
    foreign().write_as(directory.path(), "other");
    let folder = directory.path().join("other");
    fs::remove_file(folder.join("manifest.json")).expect("it is there");
    assert_eq!(broken(&[text(&folder)]), (5, vec!["manifest.json: no-manifest".to_owned()]));
    assert_eq!(broken(&["--prefix", "other.", text(&folder)]), (0, vec![]));
    let given = ["--prefix", "other.", "--integration", "Acme", text(&folder)];
    let expected = ["metadata.csv: integration", "service_checks.json: service-integration"];
    assert_eq!(broken(&given), (5, expected.map(str::to_owned).to_vec()));
}

/// Settings of a repository, and whether the metrics of a folder without a manifest pass.
const WITHOUT_MANIFEST: [(&str, bool); 5] = [
    ("", false),
    ("[overrides.metrics-prefix]\nother = \"other.\"\n", true),
    (
        "[overrides.metrics-prefix]\nother = \"o\"\n[overrides.display-name]\nother = \"Another\"\n",
        false,
    ),
    ("[overrides.metrics-prefix]\nother = \"x.\"\n", false),
    ("[overrides.is-integration]\nother = false\n", true),
];

#[test]
fn a_folder_without_a_manifest_is_told_by_the_repository() {
    let Some(mut ddev) = Ddev::start() else { return };
    let folder = ddev.repository().join("other");
    foreign().write_as(ddev.repository(), "other");
    fs::remove_file(folder.join("manifest.json")).expect("it is there");
    for (settings, passes) in WITHOUT_MANIFEST {
        fs::write(ddev.repository().join(".ddev/config.toml"), settings).expect("a file");
        let (code, rules) = broken(&[text(&folder)]);
        // The validator of service checks passes such a folder over, unless it is asked about it by name.
        let theirs = ddev.ask("other").metadata;
        assert_eq!((code == 0, theirs.passes), (passes, passes), "{settings}{rules:?} {theirs:?}");
    }
}

#[test]
fn warnings_fail_only_if_they_shall() {
    let directory = directory();
    Metrics::new().folder().write_as(directory.path(), "acme");
    let folder = directory.path().join("acme");
    assert_eq!(run::lint(&[text(&folder)]).code, 0);
    assert_eq!(run::lint(&["--strict", text(&folder)]).code, 5);
}

#[test]
fn json_has_it_all() {
    let directory = directory();
    let row = |name| format!("acme.{name},gauge,,Byte,,A.,0,acme_queue,a,,\n");
    let csv = format!("{}{}{}", header(), row("a"), row("b"));
    let checks = service_checks().to_string().replacen("\"Can Connect\"", "\"Queue State\"", 1);
    let folder = Folder { service_checks: Some(checks.clone().into()), ..folder_with_metrics(csv) };
    folder.write_as(directory.path(), "acme");
    let ran = run::lint(&["--format", "json", text(&directory.path().join("acme"))]);
    let place = format!("{}/", directory.path().display());
    let json: Value = serde_json::from_str(&ran.out.replace(&place, "")).expect("JSON");
    let (first, second) = (checks.find("\"Queue State\""), checks.rfind("\"Queue State\""));
    let column = |at: Option<usize>| at.expect("a name") + 1;
    assert_eq!(
        json,
        json!({
            "files": [
                { "file": "acme/metadata.csv", "kind": "metadata", "entries": 2, "errors": 1, "warnings": 0 },
                { "file": "acme/assets/service_checks.json", "kind": "service_checks", "entries": 2, "errors": 1, "warnings": 0 },
            ],
            "findings": [
                {
                    "file": "acme/metadata.csv", "line": 2, "column": 15, "severity": "error", "rule": "unit-name",
                    "message": "unknown unit `Byte`", "hint": "did you mean `byte`?", "also_in_lines": [3],
                },
                {
                    "file": "acme/assets/service_checks.json", "line": 1, "column": column(second), "severity": "error",
                    "rule": "duplicate-name", "message": "`Queue State` stands twice", "hint": "keep one of them",
                    "also_in_lines": [], "related": { "line": 1, "column": column(first), "label": "first here" },
                },
            ],
            "notes": [],
        })
    );
}

fn header() -> String {
    Metrics::new().csv().lines().next().expect("a header").to_owned() + "\n"
}

/// A manifest without what the settings of the repository can say.
fn bare(folder: Folder) -> Folder {
    let mut manifest: Value = serde_json::from_str(&folder.manifest).expect("JSON");
    manifest["assets"]["integration"]["metrics"] = json!({});
    Folder { manifest: manifest.to_string(), ..folder }
}

/// Settings of a repository, a folder, and whether it passes.
fn settings() -> Vec<(&'static str, Folder, bool)> {
    let plain = || Metrics::new().folder();
    let other = || folder_with_metrics(foreign().metadata.expect("it has metrics"));
    vec![
        ("", plain(), true),
        ("[overrides.metrics-prefix]\nacme = \"acme.\"\n", bare(plain()), true),
        ("[overrides.metrics-prefix]\nacme = \"x.\"\n", bare(plain()), false),
        ("[overrides.metrics-prefix]\nother = \"acme.\"\n", bare(plain()), false),
        ("[overrides.metrics-prefix]\nacme = \"other.\"\n", plain(), true),
        ("[overrides.display-name]\nacme = \"Acme_queue\"\n", plain(), true),
        ("[overrides.display-name]\nacme = \"Other\"\n", plain(), false),
        (
            "[overrides.display-name]\nacme = \"Other\"\n",
            folder_with_checks(service_checks().to_string()),
            true,
        ),
        (
            "[overrides.validate.metadata.integration]\nacme = \"acme_queue\"\n[overrides.display-name]\nacme = \"x\"\n",
            plain(),
            true,
        ),
        ("overrides.validate.metadata.integration.acme = \"Other One\"\n", plain(), false),
        ("[overrides.validate.metrics]\nexclude = [\"acme\"]\n", other(), true),
        ("[overrides.validate.metrics]\nexclude = [\"acme\"]\n", bare(other()), true),
        ("[overrides.validate.metrics]\nexclude = [\"acme\"]\n", foreign(), false),
        (
            "[overrides.validate.metrics]\nexclude = [\"acme_queue\"]\n",
            folder_with_metrics(Metrics::new().csv().replace("acme_queue", "x")),
            true,
        ),
        ("[overrides.validate.metrics]\nexclude = [\"other\"]\n", other(), false),
        ("imports = [\"more.toml\"]\n", bare(plain()), true),
        ("imports = [\"none.toml\"]\n", plain(), false),
        ("imports = [\"broken.toml\"]\n", plain(), false),
        ("overrides = \n", plain(), false),
        ("[overrides\n", plain(), false),
        ("[a]\nb = 1\nb = 2\n", plain(), false),
    ]
}

#[test]
fn settings_of_a_repository_mean_what_they_mean_to_datadogs_validators() {
    let Some(mut ddev) = Ddev::start() else { return };
    let directory = ddev.repository().join(".ddev");
    let write = |file: &str, text: &str| fs::write(directory.join(file), text).expect("a file");
    write("more.toml", "[overrides.metrics-prefix]\nacme = \"acme.\"\n");
    write("broken.toml", "acme.\n");
    for (settings, folder, passes) in settings() {
        write("config.toml", settings);
        let same = folder.compare(&mut ddev).unwrap_or_else(|differ| panic!("{settings}{differ}"));
        assert_eq!(same.passes, passes, "{settings}{:?}", same.rules);
    }
}

#[test]
fn settings_that_cannot_be_read_are_told_with_their_place() {
    let directory = directory();
    Metrics::new().folder().write_as(directory.path(), "acme");
    Metrics::new().folder().write_as(directory.path(), "zeta");
    fs::create_dir_all(directory.path().join(".ddev")).expect("a directory");
    fs::write(directory.path().join(".ddev/config.toml"), "[overrides]\nacme = acme\n")
        .expect("a file");
    let ran = run::lint(&[text(directory.path())]);
    assert_eq!(ran.err.matches("not-toml").count(), 1, "{}", ran.err);
    let place = format!("{}/", directory.path().display());
    let said = ran.err.replace(&place, "");
    let expected = "error[not-toml]: not TOML: string values must be quoted, expected literal string\n \
                    --> .ddev/config.toml:2:8\n";
    assert!(said.starts_with(expected), "{said}");
}

#[test]
fn some_names_of_folders_mean_more() {
    let Some(mut ddev) = Ddev::start() else { return };
    let system = service_checks().to_string().replace("Acme Queue", "System");
    let folders = [
        ("openmetrics", bare(Metrics::new().folder()), true),
        ("prometheus", bare(Metrics::new().folder()), true),
        ("openmetrics2", bare(Metrics::new().folder()), false),
        ("disk", folder_with_checks(system.clone()), true),
        ("disk", folder_with_checks(service_checks().to_string()), false),
        ("disks", folder_with_checks(system), false),
        (
            "kubelet",
            folder_with_checks(service_checks().to_string().replace("Acme Queue", "Kubernetes")),
            true,
        ),
    ];
    for (name, folder, passes) in folders {
        folder.write_as(ddev.repository(), name);
        let path = ddev.repository().join(name);
        let (code, rules) = broken(&[text(&path)]);
        let theirs = ddev.ask(name);
        assert_eq!((code == 0, theirs.pass()), (passes, passes), "{name}: {rules:?} {theirs:?}");
    }
}
