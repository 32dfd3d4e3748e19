//! `export integration --library`: what is laid down for a wheel, what is kept, and what is refused.

use std::fs;
use std::path::Path;

use allwell::check::Registry;
use allwell::cli::{Exit, Screen, run};
use allwell_tests::agent::{examples, hello};
use tempfile::TempDir;

allwell::link!(allwell_examples, allwell_server_checks);

/// What `export integration` prints on standard output and on standard error, and its exit code.
fn export(out: &Path, library: Option<&Path>, arguments: &[&str]) -> (String, String, Exit) {
    let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let mut all = ["allwell", "export", "integration", "--out"].map(str::to_owned).to_vec();
    all.push(text(out));
    all.extend(library.into_iter().flat_map(|library| ["--library".to_owned(), text(library)]));
    all.extend(arguments.iter().map(|&argument| argument.to_owned()));
    let (mut printed, mut told) = (Vec::new(), Vec::new());
    let mut screen = Screen::plain(&mut printed, &mut told);
    let exit = run(all.into_iter().map(Into::into), &Registry::collect(), &mut screen);
    drop(screen);
    (String::from_utf8(printed).unwrap(), String::from_utf8(told).unwrap(), exit)
}

fn exported(library: Option<&Path>, checks: &[&str]) -> TempDir {
    let out = TempDir::new().expect("a directory");
    let (_, told, exit) = export(out.path(), library, checks);
    assert_eq!(exit, Exit::DONE, "{told}");
    out
}

fn read(out: &TempDir, file: &str) -> String {
    let path = out.path().join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn a_folder_has_the_library_and_a_class_that_calls_it() {
    let library = examples();
    let out = exported(Some(&library), &["nginx", "uptime"]);
    for (check, class) in [("nginx", "NginxCheck"), ("uptime", "UptimeCheck")] {
        let package = format!("{check}/datadog_checks/{check}");
        let copy = out.path().join(format!("{package}/lib{check}.so"));
        assert!(fs::read(copy).unwrap() == fs::read(&library).unwrap(), "the copy differs");
        assert!(read(&out, &format!("{package}/check.py")).contains(&format!("class {class}(")));
        assert_eq!(
            read(&out, &format!("{package}/__init__.py")),
            format!(
                "from .__about__ import __version__\nfrom .check import {class}\n\n__all__ = [\"__version__\", \"{class}\"]\n"
            )
        );
        let build = read(&out, &format!("{check}/hatch_build.py"));
        let tag = format!("_{}\"\n", std::env::consts::ARCH);
        assert!(build.contains("\"py3-none-manylinux_2_") && build.contains(&tag), "{build}");
        for template in ["{check}", "{class}", "{file}", "{platform}"] {
            for file in ["check.py", "library.py", "configuration.py"] {
                assert!(!read(&out, &format!("{package}/{file}")).contains(template), "{file}");
            }
        }
    }
    let (_, told, exit) = export(out.path(), Some(&library), &["nginx", "uptime", "--check"]);
    assert_eq!(exit, Exit::DONE, "{told}");
    // A folder with a library is also one without it.
    let (_, told, exit) = export(out.path(), None, &["nginx", "uptime", "--check"]);
    assert_eq!(exit, Exit::DONE, "{told}");
}

#[test]
fn a_library_that_is_of_another_build_is_out_of_date() {
    let library = examples();
    let out = exported(Some(&library), &["uptime"]);
    let copy = out.path().join("uptime/datadog_checks/uptime/libuptime.so");
    fs::write(&copy, "another").unwrap();
    let (printed, told, exit) = export(out.path(), Some(&library), &["uptime", "--check"]);
    assert_eq!(exit, Exit::OUT_OF_DATE);
    assert_eq!(printed, format!("Binary file {} differs\n", copy.display()));
    assert!(told.contains("1 of 20 files are out of date"), "{told}");
    export(out.path(), Some(&library), &["uptime"]);
    let (_, told, exit) = export(out.path(), Some(&library), &["uptime", "--check"]);
    assert_eq!(exit, Exit::DONE, "{told}");
}

#[test]
fn a_folder_that_was_there_without_a_library_is_made_fit_for_one() {
    let library = examples();
    let out = exported(None, &["load"]);
    assert!(!out.path().join("load/hatch_build.py").exists());
    let project = out.path().join("load/pyproject.toml");
    let written = read(&out, "load/pyproject.toml").replace("The Load check", "My words");
    fs::write(&project, &written).unwrap();
    let (_, told, exit) = export(out.path(), Some(&library), &["load"]);
    assert_eq!(exit, Exit::DONE, "{told}");
    let hook = "\n\n[tool.hatch.build.hooks.custom]\npath = \"hatch_build.py\"\n";
    assert_eq!(read(&out, "load/pyproject.toml"), written.trim_end().to_owned() + hook);
    assert!(read(&out, "load/datadog_checks/load/__init__.py").contains("LoadCheck"));
}

#[test]
fn what_the_author_wrote_is_kept_and_told_where_the_agent_would_not_find_the_class() {
    let library = examples();
    let out = exported(Some(&library), &["load"]);
    let init = out.path().join("load/datadog_checks/load/__init__.py");
    fs::write(&init, "from .mine import Mine\n").unwrap();
    let (_, told, exit) = export(out.path(), Some(&library), &["load"]);
    assert_eq!(exit, Exit::DONE);
    assert_eq!(fs::read_to_string(&init).unwrap(), "from .mine import Mine\n");
    assert!(told.contains("add `from .check import LoadCheck` to this file"), "{told}");
}

#[test]
fn a_library_without_the_check_is_refused() {
    let out = TempDir::new().expect("a directory");
    let (_, told, exit) = export(out.path(), Some(&hello()), &["load"]);
    assert_eq!(exit, Exit::USAGE);
    assert!(told.contains("does not have the check `load`: it has `example`\nhint: "), "{told}");
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0, "nothing is written");
}

#[test]
fn what_is_no_library_of_checks_is_refused() {
    let out = TempDir::new().expect("a directory");
    let text = out.path().join("text.so");
    fs::write(&text, "text").unwrap();
    let program = std::env::current_exe().expect("a path");
    for (file, why) in [
        (out.path().join("none.so"), "cannot be read: No such file"),
        (text, "is no library of checks: it is no library of 64 bits"),
        (program, "is no library of checks: it does not export `allwell_interface`"),
    ] {
        let (_, told, exit) = export(out.path(), Some(&file), &["load"]);
        assert_eq!(exit, Exit::USAGE, "{told}");
        assert!(told.contains(why), "{told}");
        assert!(told.contains("hint: build a crate of type `cdylib`"), "{told}");
    }
    assert!(!out.path().join("load").exists(), "nothing is written");
}
