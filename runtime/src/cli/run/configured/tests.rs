//! What runs after an edit, a slip of the pen, a file that goes.

use std::fs;
use std::time::Instant;

use tempfile::TempDir;

use crate::check::Registry;
use crate::cli::settings::{self, Environment};
use crate::prelude::*;

use super::{Configuration, Now};

/// A door.
#[derive(Config)]
struct Door {
    /// Which door.
    door: String,
    /// How wide it is.
    #[config(default = 80)]
    width: u32,
}

/// Looks at a door.
#[check]
fn door(config: &Door) -> Result<()> {
    ensure!(config.width > 0, "no door {}", config.door);
    Ok(())
}

/// Looks at the roof.
#[check(enabled_by_default)]
fn roof() {}

struct House {
    directory: TempDir,
    configuration: Configuration,
    registry: Registry,
}

impl House {
    fn new(files: &[(&str, &str)]) -> Self {
        Self::with_settings(files, "")
    }

    fn with_settings(files: &[(&str, &str)], settings: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("allwell.yaml");
        let settings = settings.replace("DIR", &directory.path().to_string_lossy());
        fs::write(&file, settings).expect("a file of settings");
        let environment = Environment::from([(String::from("COLOUR"), String::from("red"))]);
        let secrets = settings::read(Some(&file), &environment).secrets;
        let confd = directory.path().join("conf.d");
        fs::create_dir(&confd).expect("a directory of configuration files");
        let configuration = Configuration::new(Some(confd), secrets);
        let house = Self { directory, configuration, registry: Registry::collect() };
        for (name, text) in files {
            house.write(name, text);
        }
        house
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.directory.path().join("conf.d").join(name);
        fs::create_dir_all(path.parent().expect("a file has a parent")).expect("a directory");
        fs::write(path, text).expect("a file can be written");
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.directory.path().join("conf.d").join(name)).expect("it was there");
    }

    fn read(&mut self) -> Now {
        self.configuration.read(&self.registry)
    }

    /// The doors that should run now, and whether the roof should.
    fn doors(&mut self) -> String {
        doors(&self.read())
    }

    fn report(&self, now: &Now) -> String {
        now.report(false).replace(&*self.directory.path().to_string_lossy(), "DIR")
    }
}

fn doors(now: &Now) -> String {
    let name = |instance: &crate::check::InstanceSpec| match instance.written().get("door") {
        Some(pair) => pair.value.describe().to_string().replace('`', ""),
        None => instance.entry.meta.name.to_owned(),
    };
    now.instances.iter().map(name).collect::<Vec<_>>().join(" ")
}

#[test]
fn files_that_come_change_and_go_are_followed() {
    let mut house = House::new(&[("door.yaml", "instances: [{door: a}]")]);
    assert_eq!(house.doors(), "a roof");
    house.write("door.d/more.yaml", "instances: [{door: b}, {door: c}]");
    assert_eq!(house.doors(), "b c a roof");
    house.write("door.d/more.yaml", "instances: [{door: c}]");
    house.write("roof.yaml", "instances: [{}]");
    assert_eq!(house.doors(), "c a roof");
    house.remove("door.yaml");
    assert_eq!(house.doors(), "c roof");
    house.remove("roof.yaml");
    house.remove("door.d/more.yaml");
    assert_eq!(house.doors(), "roof");
}

#[test]
fn a_file_with_errors_keeps_its_last_good_version() {
    let mut house = House::new(&[
        ("door.d/a.yaml", "instances: [{door: a}, {door: b}]"),
        ("door.d/c.yaml", "instances: [{door: c}]"),
    ]);
    assert_eq!(house.doors(), "a b c roof");
    house.write("door.d/a.yaml", "instances:\n- door: d\n- dor: e\n");
    house.write("door.d/c.yaml", "instances: [{door: f}]");
    let now = house.read();
    assert_eq!(doors(&now), "a b f roof");
    assert_eq!(now.kept, [house.directory.path().join("conf.d/door.d/a.yaml")]);
    assert!(now.has_errors());
    assert_eq!(
        house.report(&now),
        "error: unknown option `dor`
 --> DIR/conf.d/door.d/a.yaml:3:3
  |
3 | - dor: e
  |   ^^^
  |
  = hint: did you mean `door`?

1 error in 1 file
"
    );
    house.write("door.d/a.yaml", "instances: [{door: a");
    assert_eq!(house.doors(), "a b f roof");
    house.write("door.d/a.yaml", "instances: [{door: g}]");
    let now = house.read();
    assert_eq!((doors(&now).as_str(), now.kept.len(), now.has_errors()), ("g f roof", 0, false));
    house.write("door.d/a.yaml", "");
    assert_eq!(house.doors(), "f roof");
    house.write("door.d/a.yaml", "instances: [{door: h}, {dor: i}]");
    assert_eq!(house.doors(), "h f roof", "nothing is left of a file that was emptied");
}

#[test]
fn a_file_that_never_was_good_runs_what_is_good_of_it() {
    let mut house = House::new(&[("door.yaml", "instances: [{door: a}, {dor: b}]")]);
    let now = house.read();
    assert_eq!((doors(&now).as_str(), now.kept.len()), ("a roof", 0));
    house.write("door.yaml", "instances: [{door: c}, {dor: b}]");
    assert_eq!(house.doors(), "c roof");
}

#[test]
fn a_directory_that_cannot_be_listed_keeps_what_was_in_it() {
    let mut house = House::new(&[
        ("door.d/a.yaml", "instances: [{door: a}]"),
        ("door.yaml", "instances: [{door: b}]"),
    ]);
    assert_eq!(house.doors(), "a b roof");
    let (confd, aside) = (house.directory.path().join("conf.d"), house.directory.path().join("x"));
    fs::rename(&confd, &aside).expect("it can be moved");
    for _ in 0..2 {
        let now = house.read();
        assert_eq!(doors(&now), "a b roof");
        assert_eq!(now.kept.len(), 2);
        assert!(house.report(&now).starts_with("error: cannot list the directory: "));
    }
    fs::rename(&aside, &confd).expect("it can be moved back");
    fs::rename(confd.join("door.d"), &aside).expect("it can be moved");
    std::os::unix::fs::symlink("nowhere", confd.join("door.d")).expect("a link");
    assert_eq!(house.doors(), "b a roof");
    fs::remove_file(confd.join("door.d")).expect("the link is there");
    assert_eq!(house.doors(), "b roof");
}

#[test]
fn what_is_kept_and_what_is_new_are_one_instance() {
    let mut house = House::new(&[("door.d/a.yaml", "instances: [{door: a}]")]);
    assert_eq!(house.doors(), "a roof");
    house.write("door.d/a.yaml", "instances: [{dor: a}]");
    house.write("door.d/b.yaml", "instances: [{door: a}, {door: b}]");
    let now = house.read();
    assert_eq!(doors(&now), "a b roof");
    assert!(house.report(&now).contains("warning: the same as instance 1 of `DIR/conf.d/door.d/a"));
}

#[cfg(unix)]
#[test]
fn a_secret_that_has_changed_changes_the_fingerprint_and_not_the_id() {
    use std::os::unix::fs::PermissionsExt;

    let file = [("door.yaml", "instances: [{door: 'ENC[which]'}, {door: b}]")];
    let mut house = House::with_settings(&file, "secret_backend_command: DIR/backend\n");
    let backend = house.directory.path().join("backend");
    let answer = |value: &str| {
        let script = format!("#!/bin/sh\necho x >> $0.calls\necho '{{\"which\": {value}}}'\n");
        fs::write(&backend, script).expect("a backend");
        fs::set_permissions(&backend, fs::Permissions::from_mode(0o700)).expect("it is ours");
    };
    let calls =
        || fs::read_to_string(backend.with_extension("calls")).unwrap_or_default().lines().count();
    answer("{\"error\": \"sealed\"}");
    let sealed = house.read();
    assert_eq!((doors(&sealed).as_str(), sealed.lacks_secrets), ("b roof", true));
    answer("{\"value\": \"red\"}");
    let first = house.read();
    assert!(!first.lacks_secrets);
    assert_eq!(first.instances.len(), 3, "{}", house.report(&first));
    answer("{\"value\": \"blue\"}");
    let again = house.read();
    assert_eq!(calls(), 2, "what is known is not asked for");
    assert_eq!(again.instances[0].fingerprint, first.instances[0].fingerprint);
    assert!(house.configuration.refresh_secrets().changed);
    let changed = house.read();
    assert_eq!(calls(), 3);
    assert_eq!(changed.instances[0].id, first.instances[0].id);
    assert_ne!(changed.instances[0].fingerprint, first.instances[0].fingerprint);
    assert_eq!(changed.instances[1].fingerprint, first.instances[1].fingerprint);
    assert!(!house.configuration.refresh_secrets().changed, "nothing has changed since");
    answer("{\"error\": \"sealed\"}");
    let refreshed = house.configuration.refresh_secrets();
    assert!(!refreshed.changed);
    assert_eq!(
        refreshed.refused,
        "`ENC[which]` is not refreshed and stays as it was: the backend says: sealed"
    );
    let sealed = house.read();
    assert_eq!(sealed.instances[0].fingerprint, changed.instances[0].fingerprint);
    assert!(!sealed.has_errors());
}

#[cfg(unix)]
#[test]
fn what_a_backend_says_is_told_once_and_without_secrets_that_are_known() {
    use std::os::unix::fs::PermissionsExt;

    let file = [("door.yaml", "instances: [{door: 'ENC[a]'}, {door: 'ENC[b]'}]")];
    let mut house = House::with_settings(&file, "secret_backend_command: DIR/backend\n");
    let backend = house.directory.path().join("backend");
    let does = |script: &str| {
        fs::write(&backend, format!("#!/bin/sh\n{script}\n")).expect("a backend");
        fs::set_permissions(&backend, fs::Permissions::from_mode(0o700)).expect("it is ours");
    };
    does(
        "echo hunter2 >&2; echo '{\"a\": {\"value\": \"hunter2\"}, \"b\": {\"value\": \"other\"}}'",
    );
    assert_eq!(house.read().log, "********\n");
    does("echo no hunter2 >&2; echo oh");
    for _ in 0..3 {
        let refreshed = house.configuration.refresh_secrets();
        assert_eq!(refreshed.log, "no ********\n");
        let refused = refreshed.refused.replace(&*backend.to_string_lossy(), "DIR/backend");
        assert_eq!(
            refused,
            "`ENC[a]` (and 1 more) is not refreshed and stays as it was: the backend `DIR/backend` did not answer \
             with a JSON object; hint: it writes `{\"handle\": {\"value\": \"…\"}}` to stdout and nothing else"
        );
    }
    assert_eq!(house.read().log, "", "nothing is kept of what was told");
    does("echo no newer >&2; echo '{\"a\": {\"value\": \"newer\"}}'; exit 1");
    assert_eq!(house.configuration.refresh_secrets().log, "no ********\n");
}

#[test]
fn a_thousand_instances_are_read_again_at_once() {
    let text = |last: usize| {
        let doors = (0..100).map(|door| format!("  - door: d{door}\n    width: {}\n", door + last));
        format!("instances:\n{}", doors.collect::<String>())
    };
    let mut house = House::new(&[]);
    for file in 0..10 {
        house.write(&format!("door.d/{file}.yaml"), &text(1 + 1000 * file));
    }
    assert_eq!(house.read().instances.len(), 1001);
    house.write("door.d/5.yaml", &text(7));
    let begun = Instant::now();
    assert_eq!(house.read().instances.len(), 1001);
    let took = begun.elapsed();
    // The limit is that of a release build; one that is not optimised is ten times slower.
    let limit = Duration::from_millis(if cfg!(debug_assertions) { 2000 } else { 200 });
    assert!(took < limit, "{took:?}");
}

impl Now {
    fn has_errors(&self) -> bool {
        self.files.iter().any(|(_, problems)| problems.has_errors())
    }
}

#[test]
fn files_name_only_the_variables_that_the_settings_admit() {
    let file = [("door.yaml", "instances: [{door: \"%%env_COLOUR%%\"}]")];
    for (settings, expected) in [
        ("", "******** roof"),
        ("ad_allowed_env_vars: [COLOUR]", "******** roof"),
        ("ad_allowed_env_vars: [OTHER]", "roof"),
        ("ad_disable_env_var_resolution: true", "roof"),
    ] {
        let mut house = House::with_settings(&file, settings);
        let now = house.read();
        assert_eq!(doors(&now), expected, "{settings}");
        let told = house.report(&now);
        let is_told = told.contains("the environment variable `COLOUR` may not be used here");
        assert_eq!(is_told, expected == "roof", "{told}");
    }
}
