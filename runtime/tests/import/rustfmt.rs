//! What is printed is formatted.

use std::fs;
use std::process::Command;

use allwell::export::import_metadata;

use crate::files;

#[test]
fn rustfmt_has_nothing_to_change() {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let files = files::all();
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--check", "--edition", "2024", "--config-path"]).arg(directory.path());
    for (index, file) in files.iter().enumerate() {
        let module = directory.path().join(format!("m{index}.rs"));
        fs::write(&module, import_metadata(&file.text).rust).expect("the module can be written");
        rustfmt.arg(module);
    }
    fs::write(directory.path().join("rustfmt.toml"), "").expect("the style can be written");
    let output = rustfmt.output().expect("rustfmt runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
