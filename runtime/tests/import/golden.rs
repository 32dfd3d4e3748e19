//! What is printed, whole. `UPDATE_GOLDEN=1` writes it anew, for review.

use std::fs;

use allwell::check::Registry;
use allwell::cli::{Screen, run};

use crate::files;

/// Exit code, stdout and stderr of `import --rust`.
fn import(path: &str) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = ["allwell", "import", path, "--rust"].map(Into::into);
    let exit = run(arguments, &Registry::collect(), &mut Screen::plain(&mut out, &mut err));
    let text = |bytes| String::from_utf8(bytes).expect("a text");
    (exit.code(), text(out), text(err))
}

fn compare(name: &str, text: &str) {
    let path = files::directory().join("golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).expect("the golden file can be written");
    }
    let expected = fs::read_to_string(&path).expect("the golden file is there");
    assert_eq!(text, expected, "{} differs; `UPDATE_GOLDEN=1` accepts it", path.display());
}

fn own(name: &str) -> String {
    files::directory().join(name).to_string_lossy().into_owned()
}

#[test]
fn every_awkward_thing() {
    let (exit, out, err) = import(&own("hard.csv"));
    assert_eq!((exit, err.as_str()), (0, ""));
    compare("hard.rs", &out);
}

#[test]
fn columns_in_another_order() {
    let (exit, out, err) = import(&own("order.csv"));
    assert_eq!((exit, err.as_str()), (0, ""));
    compare("order.rs", &out);
}

#[test]
fn records_within_the_record_of_what_is_left() {
    let (exit, out, err) = import(&own("nested.csv"));
    assert_eq!((exit, err.as_str()), (0, ""));
    compare("nested.rs", &out);
}

#[test]
fn rows_that_no_record_can_say() {
    let path = own("broken.csv");
    let (exit, out, err) = import(&path);
    assert_eq!(exit, 5);
    compare("broken.rs", &out);
    compare("broken.txt", &err.replace(&path, "broken.csv"));
}

#[test]
fn a_directory_holds_the_file() {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let file = directory.path().join("metadata.csv");
    fs::write(&file, "metric_name,metric_type\n").expect("the file can be written");
    let (exit, out, err) = import(&directory.path().to_string_lossy());
    assert_eq!((exit, err.as_str()), (0, ""));
    assert_eq!(out, "//! Metrics, imported from `metadata.csv`.\n");
}

#[test]
fn files_that_are_no_metadata() {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let file = directory.path().join("x.csv");
    let path = file.to_string_lossy();
    assert_eq!(
        import(&path).2,
        format!(
            "error: `{path}` cannot be read: No such file or directory (os error 2)\n\
             hint: name a `metadata.csv`, or the directory that holds it\n"
        )
    );
    fs::write(&file, "name,type\na.b,gauge\n").expect("the file can be written");
    let (exit, out, err) = import(&path);
    assert_eq!(exit, 5);
    assert_eq!(
        out,
        "//! Metrics, imported from `metadata.csv`.\n\n// Left out: line 1: there is no column `metric_name`.\n"
    );
    assert!(err.contains("error: there is no column `metric_name`\n"), "{err}");
    assert!(err.contains("x.csv:1:1\n"), "{err}");
}

/// A record of such a name would take away what the module itself may need.
#[test]
fn records_have_no_names_of_the_prelude() {
    let prelude = include_str!("../../src/prelude.rs");
    let code = prelude.lines().filter(|line| !line.starts_with("//"));
    let words = code.flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()));
    let units = allwell::units::NAMES.iter().filter_map(|unit| allwell::units::type_name(unit));
    let names: Vec<_> =
        words.chain(units).filter(|word| word.starts_with(char::is_uppercase)).collect();
    let mut csv = String::from("metric_name,metric_type\n");
    for name in &names {
        for metric in ["a", "b", "c", "d"] {
            csv.extend(["acme.", name, ".", metric, ",gauge\n"]);
        }
    }
    let rust = allwell::export::import_metadata(&csv).rust;
    assert!(names.contains(&"Status") && names.contains(&"Byte"));
    for name in names {
        assert!(!rust.contains(&format!("pub struct {name} {{")), "{name}");
    }
}
