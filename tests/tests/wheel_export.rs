//! `export integration --library`: what is laid down for a wheel, what is kept, and what is refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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

/// Compiles a library of C that has what `agent_library!` leaves in one with the check `load`, and needs these other libraries.
fn compiled(folder: &TempDir, code: &str, others: &[PathBuf]) -> PathBuf {
    let mark = r#"
        static const struct { char head[16]; unsigned char length; char name[200]; }
            mark __attribute__((used)) = { "\0allwell: check\1", 4, "load" };
        int allwell_interface(void) { return 1; }"#;
    let library = folder.path().join("libchecks.so");
    compile(folder, &format!("{mark}\n{code}"), &library, |cc| {
        cc.arg("-Wl,--no-as-needed").args(others);
    });
    library
}

/// A library of this name, whose one symbol has this version if there is one.
fn other(folder: &TempDir, name: &str, version: &str) -> PathBuf {
    let library = folder.path().join(name);
    let versions = folder.path().join("versions");
    fs::write(&versions, format!("{version} {{ global: other; }};")).unwrap();
    compile(folder, "void other(void) {}", &library, |cc| {
        cc.arg(format!("-Wl,-soname,{name}"));
        if !version.is_empty() {
            cc.arg(format!("-Wl,--version-script={}", versions.display()));
        }
    });
    library
}

fn compile(folder: &TempDir, code: &str, library: &Path, more: impl FnOnce(&mut Command)) {
    let source = folder.path().join("source.c");
    fs::write(&source, code).unwrap();
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-nostdlib", "-o"]).arg(library).arg(&source);
    more(&mut cc);
    assert!(cc.status().expect("a C compiler").success());
}

/// The platform that a library's wheels are tagged with, without the machine, and what is told.
fn platform(folder: &TempDir, library: &Path) -> (String, String) {
    let out = folder.path().join("out");
    let (_, told, exit) = export(&out, Some(library), &["load"]);
    assert_eq!(exit, Exit::DONE, "{told}");
    let build = fs::read_to_string(out.join("load/hatch_build.py")).unwrap();
    let tag = build.split("\"py3-none-").nth(1).and_then(|rest| rest.split('"').next());
    let platform = tag.and_then(|tag| tag.strip_suffix(std::env::consts::ARCH));
    let of_others = |line: &&str| !line.starts_with("note: ");
    let told = told.split_inclusive('\n').filter(of_others).collect();
    (platform.unwrap_or_else(|| panic!("{build}")).to_owned(), told)
}

/// As `auditwheel` has it: its lists of libraries, and the versions of those that are not of glibc.
#[test]
fn a_wheel_is_for_every_system_only_if_every_system_has_what_it_needs() {
    let folder = TempDir::new().expect("a directory");
    let code = "void other(void); void Run(void) { other(); }";
    for (name, version, expected) in [
        ("libz.so.1", "", "manylinux_2_17_"),
        ("libc.so.6", "GLIBC_2.5", "manylinux_2_17_"),
        ("libc.so.6", "GLIBC_2.28", "manylinux_2_28_"),
        ("libc.so.6", "GLIBC_ABI_DT_RELR", "manylinux_2_36_"),
        ("libstdc++.so.6", "GLIBCXX_3.4.30", "manylinux_2_35_"),
        ("libstdc++.so.6", "CXXABI_1.3.9", "manylinux_2_24_"),
        ("libgcc_s.so.1", "GCC_3.0", "manylinux_2_17_"),
    ] {
        let library = compiled(&folder, code, &[other(&folder, name, version)]);
        assert_eq!(platform(&folder, &library), (expected.to_owned(), String::new()), "{name}");
    }
    for (name, version, needed) in [
        ("libssl.so.3", "OPENSSL_3.0.0", "libssl.so.3"),
        ("libstdc++.so.6", "GLIBCXX_3.4.99", "GLIBCXX_3.4.99"),
    ] {
        let library = compiled(&folder, code, &[other(&folder, name, version)]);
        let (tag, told) = platform(&folder, &library);
        assert_eq!(tag, "linux_");
        let warning = format!(
            "warning: `{}` needs `{needed}`, which not every system has: the wheels are for `linux_{}`, and the check works where that is\n\
             hint: for wheels of the platform `manylinux`, link it statically\n",
            library.display(),
            std::env::consts::ARCH,
        );
        assert_eq!(told, warning);
    }
}

#[test]
fn a_library_for_musl_is_refused() {
    let folder = TempDir::new().expect("a directory");
    for name in ["libc.so", "libc.musl-x86_64.so.1"] {
        let code = "void other(void); void Run(void) { other(); }";
        let library = compiled(&folder, code, &[other(&folder, name, "")]);
        let (_, told, exit) = export(folder.path(), Some(&library), &["load"]);
        assert_eq!(exit, Exit::USAGE);
        let expected = format!(
            "error: `{}` is made for musl, and the Agent for glibc\nhint: build it for a target that ends in `-gnu`\n",
            library.display()
        );
        assert_eq!(told, expected);
    }
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
