//! The files of a `conf.d` directory: which count, for which check, and which are passed over.

use std::fs;
use std::path::Path;

use allwell::config::confd::{self, Found};

use crate::support::scratch;

const INSTANCE: &str = "init_config:\n\ninstances:\n  - host: a\n";

/// Writes files and finds them again.
fn found(files: &[(&str, &str)]) -> (tempfile::TempDir, Found) {
    let dir = scratch();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(dir.path())).expect("a directory");
        fs::write(path, text).expect("written");
    }
    let found = confd::find(dir.path());
    (dir, found)
}

/// `check path (instances)` of every file, `path: message` of every note and problem.
fn listed(dir: &Path, found: &Found) -> Vec<String> {
    let name = |path: &Path| path.strip_prefix(dir).unwrap_or(path).display().to_string();
    let mut lines = Vec::new();
    for file in &found.files {
        lines.push(format!("{} {} ({})", file.check, name(&file.path), file.instances.len()));
        for problem in file.problems.list() {
            lines.push(format!("{}: {}", name(&file.path), problem.message));
        }
    }
    lines.extend(found.notes.iter().map(|note| format!("{}: {}", name(&note.path), note.message)));
    lines
}

#[test]
fn files_count_as_they_do_for_the_agent() {
    let (dir, found) = found(&[
        ("disk.yaml", INSTANCE),
        ("load.yml", INSTANCE),
        ("redis.d/conf.yaml", INSTANCE),
        ("redis.d/more.yml", INSTANCE),
        ("redis.d/conf.yaml.example", "not: [read"),
        ("redis.d/deeper/conf.yaml", "not: [read"),
        ("redis.d/metrics.yaml", "jmx_metrics: []\n"),
        ("redis.d/auto_conf.yaml", "ad_identifiers: [redis]\ninit_config:\ninstances:\n  - {}\n"),
        ("other/conf.yaml", "not: [read"),
        ("notes.txt", "not: [read"),
        ("empty.yaml", "# nothing\n"),
        ("app.d/conf.yaml", "logs:\n  - type: file\n"),
        (".yaml", "not: [read"),
    ]);
    assert_eq!(
        listed(dir.path(), &found),
        [
            "app app.d/conf.yaml (0)",
            "disk disk.yaml (1)",
            "load load.yml (1)",
            "redis redis.d/conf.yaml (1)",
            "redis redis.d/more.yml (1)",
            "empty.yaml: an empty file",
            "redis.d/auto_conf.yaml: waits for a container (`ad_identifiers`)",
            "redis.d/metrics.yaml: a list of JMX metrics",
        ]
    );
}

#[test]
fn a_default_counts_where_there_is_no_file_of_the_users() {
    let (dir, found) = found(&[
        ("cpu.d/conf.yaml.default", INSTANCE),
        ("disk.d/conf.yaml.default", INSTANCE),
        ("disk.yaml", INSTANCE),
        ("io.d/conf.yaml.default", INSTANCE),
        ("io.d/logs.yaml", "logs:\n  - type: file\n"),
        ("load.yml.default", INSTANCE),
        ("ntp.d/conf.yaml", "instances: [\n"),
        ("ntp.d/conf.yaml.default", INSTANCE),
    ]);
    assert_eq!(
        listed(dir.path(), &found),
        [
            "cpu cpu.d/conf.yaml.default (1)",
            "disk disk.yaml (1)",
            "io io.d/conf.yaml.default (1)",
            "io io.d/logs.yaml (0)",
            "load load.yml.default (1)",
            "ntp ntp.d/conf.yaml (0)",
            "ntp.d/conf.yaml: a bracket that is not closed",
        ]
    );
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_reported_and_hides_nothing() {
    let dir = scratch();
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, dir.path().join(name)).expect("a link");
    };
    fs::write(dir.path().join("disk.yaml"), INSTANCE).expect("written");
    link("nowhere.yaml", "broken.yaml");
    link("nowhere.d", "gone.d");
    link("disk.yaml", "linked.yaml");
    fs::create_dir(dir.path().join("folder.yaml")).expect("a directory");
    let found = confd::find(dir.path());
    assert_eq!(
        listed(dir.path(), &found),
        [
            "broken broken.yaml (0)",
            "broken.yaml: cannot read the file: no such file or directory",
            "disk disk.yaml (1)",
            "gone gone.d (0)",
            "gone.d: cannot list the directory: no such file or directory",
            "linked linked.yaml (1)",
        ]
    );
    assert_eq!(
        found.files[0].problems.list()[0].hint,
        "if it is a symbolic link, its target does not exist"
    );
}

#[test]
fn a_directory_that_is_not_there_is_reported() {
    let dir = scratch();
    let found = confd::find(&dir.path().join("conf.d"));
    assert_eq!(
        listed(dir.path(), &found),
        [" conf.d (0)", "conf.d: cannot list the directory: no such file or directory"]
    );
}

#[test]
fn bytes_that_are_no_text_are_shown_where_they_stand() {
    let dir = scratch();
    let path = dir.path().join("disk.yaml");
    fs::write(&path, b"instances:\n  - host: caf\xe9\n").expect("written");
    let found = confd::find(dir.path());
    let file = &found.files[0];
    let shown = allwell::config::report::text(&[(file, &file.problems)], false);
    let expected = "\
error: the byte 0xe9 is not UTF-8
 --> disk.yaml:2:14
  |
2 |   - host: caf\u{fffd}
  |              ^
  |
  = hint: save the file as UTF-8

1 error in 1 file
";
    let name = format!("{}/", dir.path().display());
    assert_eq!(shown.replace(&name, ""), expected);
}
