//! The files that are imported: our own, and those of real integrations.

use std::fs;
use std::path::{Path, PathBuf};

/// A file and its text.
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// Where our own files are.
pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import")
}

/// One of our own.
pub(crate) fn own(name: &str) -> File {
    read(directory().join(name))
}

/// Our own files without problems, and those of the directory that `ALLWELL_CORPUS` names.
#[expect(clippy::print_stderr, reason = "a run that tests less says so")]
pub(crate) fn all() -> Vec<File> {
    let mut files = vec![own("hard.csv"), own("order.csv"), own("nested.csv")];
    let Some(corpus) = std::env::var_os("ALLWELL_CORPUS") else {
        eprintln!("ALLWELL_CORPUS is not set: the files of real integrations are not tested");
        return files;
    };
    let directory = Path::new(&corpus).join("metadata");
    let entries = fs::read_dir(&directory).expect("a directory `metadata` in the corpus");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    paths.sort();
    assert!(!paths.is_empty(), "no file in {}", directory.display());
    files.extend(paths.into_iter().map(read));
    files
}

fn read(path: PathBuf) -> File {
    let text = fs::read_to_string(&path).expect("a text");
    File { path, text }
}
