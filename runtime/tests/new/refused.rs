//! What is not made: nothing is overwritten, and no crate is made that cargo refuses.

use std::fs;

use crate::new;

#[test]
fn a_directory_with_something_in_it_is_left_alone() {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let path = directory.path().to_string_lossy();
    fs::write(directory.path().join("notes.txt"), "mine").expect("a file");
    let (exit, out, err) = new(&["x", "--path", &path]);
    assert_eq!((exit, out.as_str()), (2, ""));
    assert_eq!(
        err,
        format!(
            "error: `{path}` is not empty: it holds `notes.txt`\nhint: name another directory with `--path`\n"
        )
    );
    assert_eq!(fs::read_dir(directory.path()).expect("a directory").count(), 1);
}

#[test]
fn a_fresh_repository_is_filled() {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    fs::create_dir(directory.path().join(".git")).expect("a directory");
    let (exit, _, err) = new(&["x", "--path", &directory.path().to_string_lossy()]);
    assert_eq!(exit, 0, "{err}");
    assert!(directory.path().join("src/x.rs").exists());
}

#[test]
fn a_file_is_no_directory() {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let path = directory.path().join("x");
    fs::write(&path, "mine").expect("a file");
    let (exit, _, err) = new(&["x", "--path", &path.to_string_lossy()]);
    assert_eq!(exit, 2);
    assert!(err.contains("cannot be written: Not a directory"), "{err}");
    assert_eq!(fs::read_to_string(path).expect("the file"), "mine");
}

#[test]
fn names_that_no_check_can_have() {
    let refused = |name: &str| {
        let directory = tempfile::tempdir().expect("a directory for temporary files");
        let path = directory.path().join("made");
        let (exit, out, err) = new(&["--path", &path.to_string_lossy(), "--", name]);
        assert_eq!((exit, out.as_str(), path.exists()), (2, "", false), "{name}");
        err
    };
    assert_eq!(
        refused("my check"),
        "error: `my check` cannot be the name of a check: ` ` is no ASCII letter, digit, `-` or `_`\n\
         hint: choose one such as `my-check`; `--path` says where it goes\n"
    );
    assert_eq!(
        refused("9lives"),
        "error: `9lives` cannot be the name of a check: it does not begin with a letter\n\
         hint: choose one such as `my-check`\n"
    );
    for taken in ["type", "Self", "std", "allwell", "tokio", "main", "u64"] {
        let err = refused(taken);
        assert!(err.contains("Rust or the crate itself needs that name\n"), "{err}");
    }
    for other in ["", "-", "a/b", "../up", "größe", "a\nb"] {
        assert!(refused(other).contains("cannot be the name of a check: "), "{other}");
    }
    assert!(refused(&"x".repeat(33)).contains("it has 33 characters, and 32 are enough\n"));
}

#[test]
fn where_allwell_cannot_be_found() {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let path = directory.path().join("x");
    let (exit, _, err) = new(&["x", "--path", &path.to_string_lossy(), "--allwell", "nowhere"]);
    assert_eq!((exit, path.exists()), (2, false));
    assert_eq!(
        err,
        "error: `nowhere` is neither a version nor a directory that holds the crate `allwell`\n\
         hint: name a version such as `0.1`, or a checkout of Allwell\n"
    );
}
