//! Real files, and how soon a change of them is told.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::timeout;

use super::Watch;

/// How soon a change is told at the latest.
const SOON: Duration = Duration::from_millis(2_500);

/// How long nothing is told where nothing happens that matters.
const WHILE: Duration = Duration::from_millis(900);

fn files() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let confd = directory.path().join("conf.d");
    fs::create_dir(&confd).expect("a directory");
    write(&confd.join("a.yaml"), "instances: [{}]");
    write(&directory.path().join("allwell.yaml"), "");
    (directory, confd)
}

fn watch(directory: &TempDir) -> Watch {
    let watch = Watch::new(
        Some(&directory.path().join("conf.d")),
        Some(&directory.path().join("allwell.yaml")),
    );
    assert_eq!(watch.problem(), None);
    watch
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("a file can be written");
}

async fn tells(watch: &mut Watch, what: &str) {
    assert!(timeout(SOON, watch.changed()).await.is_ok(), "{what} was not told");
}

async fn is_silent(watch: &mut Watch, what: &str) {
    assert!(timeout(WHILE, watch.changed()).await.is_err(), "{what} was told");
}

#[tokio::test]
async fn every_way_to_change_a_file_is_told_once() {
    let (directory, confd) = files();
    let mut watch = watch(&directory);
    write(&confd.join("a.yaml"), "instances: [{a: b}]");
    tells(&mut watch, "a write").await;
    write(&directory.path().join("new"), "instances: [{a: c}]");
    fs::rename(directory.path().join("new"), confd.join("a.yaml")).expect("a rename");
    tells(&mut watch, "a rename").await;
    fs::create_dir(confd.join("b.d")).expect("a directory");
    write(&confd.join("b.d/conf.yaml"), "instances: [{}]");
    tells(&mut watch, "a file in a new directory").await;
    write(&confd.join("b.d/conf.yaml"), "instances: [{a: b}]");
    tells(&mut watch, "a write in a new directory").await;
    fs::remove_file(confd.join("a.yaml")).expect("a file");
    tells(&mut watch, "a removal").await;
    write(&directory.path().join("allwell.yaml"), "watch: true");
    tells(&mut watch, "a write of the settings").await;
    is_silent(&mut watch, "something else").await;
}

#[tokio::test]
async fn what_is_none_of_ours_is_not_told() {
    let (directory, confd) = files();
    let mut watch = watch(&directory);
    fs::read(confd.join("a.yaml")).expect("it is there");
    write(&confd.join(".a.yaml.swp"), "x");
    write(&confd.join("conf.yaml.example"), "x");
    write(&directory.path().join("other"), "x");
    is_silent(&mut watch, "a file of others").await;
}

#[tokio::test]
async fn many_writes_in_a_row_are_told_as_one() {
    let (directory, confd) = files();
    let mut watch = watch(&directory);
    for file in 0..500 {
        write(&confd.join(format!("c{file}.yaml")), "instances: [{}]");
    }
    tells(&mut watch, "a burst").await;
    is_silent(&mut watch, "a burst for the second time").await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_mounted_config_map_is_told_when_its_link_changes() {
    use std::os::unix::fs::symlink;

    let directory = tempfile::tempdir().expect("a directory");
    let confd = directory.path().join("conf.d");
    for version in ["..1", "..2"] {
        fs::create_dir_all(confd.join(version)).expect("a directory");
        write(&confd.join(version).join("a.yaml"), &format!("instances: [{{v: {version}}}]"));
    }
    symlink("..1", confd.join("..data")).expect("a link");
    symlink("..data/a.yaml", confd.join("a.yaml")).expect("a link");
    let mut watch = Watch::new(Some(&confd), None);
    symlink("..2", confd.join("..new")).expect("a link");
    fs::rename(confd.join("..new"), confd.join("..data")).expect("a rename");
    tells(&mut watch, "another target").await;
}

#[tokio::test]
async fn a_directory_that_comes_later_or_is_replaced_is_watched() {
    let (directory, confd) = files();
    fs::rename(&confd, directory.path().join("aside")).expect("a rename");
    let mut watch = watch(&directory);
    fs::rename(directory.path().join("aside"), &confd).expect("a rename");
    tells(&mut watch, "a directory that comes").await;
    write(&confd.join("a.yaml"), "instances: [{a: b}]");
    tells(&mut watch, "a write in it").await;
    fs::rename(&confd, directory.path().join("aside")).expect("a rename");
    fs::create_dir(&confd).expect("a directory");
    tells(&mut watch, "another directory").await;
    write(&confd.join("d.yaml"), "instances: [{a: b}]");
    tells(&mut watch, "a write in the other directory").await;
}

#[tokio::test]
async fn a_directory_that_is_deleted_and_made_anew_is_watched() {
    let (directory, confd) = files();
    let mut watch = watch(&directory);
    for round in 0..3 {
        // Many file systems give the same number again.
        fs::remove_dir_all(&confd).expect("it is there");
        fs::create_dir(&confd).expect("a directory");
        write(&confd.join("a.yaml"), &format!("instances: [{{a: {round}}}]"));
        tells(&mut watch, "a directory made anew").await;
        write(&confd.join("d.yaml"), &format!("instances: [{{a: {round}}}]"));
        tells(&mut watch, "a write in it").await;
    }
}

#[tokio::test]
async fn waiting_may_be_given_up_without_losing_a_change() {
    let (directory, confd) = files();
    let mut watch = watch(&directory);
    write(&confd.join("a.yaml"), "instances: [{a: b}]");
    for _ in 0..4 {
        let given_up = timeout(Duration::from_millis(60), watch.changed()).await;
        assert!(given_up.is_err(), "it is told only when nothing happens any more");
    }
    tells(&mut watch, "a write").await;
}

#[tokio::test(start_paused = true)]
async fn what_the_system_does_not_tell_is_found_within_a_minute() {
    let (directory, confd) = files();
    let mut watch = watch(&directory);
    watch.events = std::sync::Arc::default();
    let begun = tokio::time::Instant::now();
    write(&confd.join("a.yaml"), "instances: [{a: b}]");
    watch.changed().await;
    assert_eq!(begun.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn where_nothing_can_be_watched_files_are_looked_at() {
    let (directory, confd) = files();
    let mut watch = watch(&directory);
    watch.events = std::sync::Arc::default();
    super::lock(&watch.eyes).watcher = Err("no more watches".to_owned());
    assert_eq!(watch.problem().as_deref(), Some("no more watches"));
    watch.interval = super::POLL;
    let begun = tokio::time::Instant::now();
    write(&confd.join("a.yaml"), "instances: [{a: b}]");
    watch.changed().await;
    assert_eq!(begun.elapsed().as_secs(), 10);
}
