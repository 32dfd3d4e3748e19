//! What the check finds, and what it says of it.

use std::fs;
use std::time::SystemTime;

use allwell::prelude::*;
use allwell::testing::{Run, run};
use tempfile::TempDir;

use super::{{check}};

/// A directory with two files, of which the younger one changed an hour ago.
fn directory() -> TempDir {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    fs::create_dir(directory.path().join("inner")).expect("a directory");
    for (name, text, hours) in [("old", "123", 9), ("inner/young", "12345", 1)] {
        let path = directory.path().join(name);
        fs::write(&path, text).expect("a file");
        let changed = SystemTime::now() - Duration::from_secs(hours * 3600);
        let mut options = fs::File::options();
        let file = options.append(true).open(path).expect("the file");
        file.set_modified(changed).expect("a file has a time");
    }
    directory
}

async fn look(directory: &TempDir, options: &str) -> Run {
    let config = format!("path: {}\n{options}", directory.path().display());
    run::<{{check}}>(&config).await
}

#[tokio::test]
async fn sizes_of_files_are_summed_up() {
    let directory = directory();
    let tag = format!("path:{}", directory.path().display());
    look(&directory, "max_age: 7200")
        .await
        .assert_ok()
        .assert_metric("{{check}}.size", 8.0, [&tag])
        .assert_metric("{{check}}.files", 2.0, [&tag])
        .assert_submitted("{{check}}.age")
        .assert_service_check("{{check}}.fresh", Status::Ok)
        .assert_all_covered();
}

#[tokio::test]
async fn a_change_that_is_long_ago_is_a_warning() {
    let run = look(&directory(), "max_age: 60").await;
    let status = Status::warning("nothing has changed for 3600s");
    run.assert_ok();
    run.assert_service_check("{{check}}.fresh", status);
}

#[tokio::test]
async fn an_empty_directory_has_no_age() {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let run = look(&directory, "max_age: 60").await;
    run.assert_ok();
    run.assert_not_submitted("{{check}}.age");
}

#[tokio::test]
async fn what_is_not_there_fails() {
    let run = run::<{{check}}>("path: /does/not/exist").await;
    run.assert_failed("`/does/not/exist` cannot be read");
}
