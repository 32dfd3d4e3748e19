//! `agent install` and `agent doctor`: what they lay down and say is what the Agent's loader takes.
#![allow(clippy::print_stderr, reason = "what is skipped is told")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use allwell::check::Registry;
use allwell::cli::{Exit, Screen, run};
use allwell_host::refusal;
use allwell_tests::agent::{Agent, Call, examples, faulty, hello};
use serde_json::Value;
use tempfile::TempDir;

allwell::link!(allwell_examples, allwell_server_checks);

/// What a command prints on standard output and on standard error, and its exit code.
fn allwell(arguments: &[&str]) -> (String, String, Exit) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut screen = Screen::plain(&mut out, &mut err);
    let arguments = ["allwell"].iter().chain(arguments).map(Into::into);
    let exit = run(arguments, &Registry::collect(), &mut screen);
    drop(screen);
    (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap(), exit)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn installed(checks: &[&str]) -> TempDir {
    let root = TempDir::new().expect("a directory");
    let library = examples();
    let arguments =
        [&["agent", "install", "--to", text(root.path()), "--library", text(&library)], checks]
            .concat();
    let (out, err, exit) = allwell(&arguments);
    assert_eq!(exit, Exit::DONE, "{err}");
    for line in out.lines() {
        assert!(Path::new(line).exists(), "{line}");
    }
    root
}

/// The user that runs the tests, whom the loader trusts beside root where there is no Agent.
fn own() -> u32 {
    fs::metadata("/proc/self").expect("proc").uid()
}

/// The findings of `agent doctor` about a file, by what was looked at.
fn doctor(path: &Path) -> (Exit, Vec<(String, String, String)>) {
    let (out, err, exit) = allwell(&["agent", "doctor", "--format", "json", text(path)]);
    assert_eq!(err, "");
    let found: Value = serde_json::from_str(&out).expect("JSON");
    let word = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    let findings = found[0]["findings"].as_array().unwrap().iter();
    (exit, findings.map(|f| (word(f, "what"), word(f, "severity"), word(f, "message"))).collect())
}

/// What is wrong, by what was looked at.
fn wrong(path: &Path) -> Vec<String> {
    doctor(path)
        .1
        .into_iter()
        .filter(|(_, severity, _)| severity == "error")
        .map(|(what, ..)| what)
        .collect()
}

#[test]
fn what_is_laid_down_is_loaded_and_runs() {
    let root = installed(&["uptime", "redis"]);
    let mut agent = Agent::new(env!("CARGO_BIN_EXE_agent-host"));
    for check in ["uptime", "redis"] {
        let path = root.path().join(format!("checks.d/libdatadog-agent-{check}.so"));
        assert_eq!(refusal(&path, &[0, own()]), None);
        let (exit, findings) = doctor(&path);
        assert_eq!(exit, Exit::DONE, "{findings:?}");
        assert!(findings.iter().all(|(_, severity, _)| severity == "ok"), "{findings:?}");
        let library = agent.open(&path).expect("it can be opened");
        if check == "uptime" {
            agent.run(library, &Call::new("uptime:1")).assert_ok();
        }
    }
    let names = |folder: &str| -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(root.path().join(folder))
            .expect("it is there")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        names("checks.d"),
        ["liballwell_agent.so", "libdatadog-agent-redis.so", "libdatadog-agent-uptime.so"]
    );
    assert_eq!(names("conf.d"), ["redis.d", "uptime.d"]);
    let file = fs::metadata(root.path().join("checks.d/liballwell_agent.so")).expect("it is there");
    assert_eq!(file.permissions().mode() & 0o777, 0o500);
    let example = fs::read_to_string(root.path().join("conf.d/redis.d/conf.yaml.example"))
        .expect("an example");
    assert_eq!(example, allwell(&["config", "example", "redis"]).0);
}

#[test]
fn without_names_all_checks_are_laid_down_and_again_the_same() {
    let root = installed(&[]);
    let library = examples();
    let again = ["agent", "install", "--to", text(root.path()), "--library", text(&library)];
    let before =
        fs::metadata(root.path().join("checks.d/liballwell_agent.so")).expect("a file").ino();
    let (out, err, exit) = allwell(&again);
    assert_eq!(exit, Exit::DONE);
    assert_eq!(out.lines().count(), 1 + 2 * Registry::collect().entries().len());
    assert!(
        err.contains("note: the Agent loads libraries if `shared_library_check.enabled: true`"),
        "{err}"
    );
    let after =
        fs::metadata(root.path().join("checks.d/liballwell_agent.so")).expect("a file").ino();
    assert_ne!(before, after, "what an Agent has loaded must not be written to");
}

/// A file that the installing user may write to and the owner of the directory may not.
fn victim(folder: &TempDir) -> PathBuf {
    let victim = folder.path().join("victim");
    fs::write(&victim, "of another").expect("a file");
    fs::set_permissions(&victim, Permissions::from_mode(0o640)).expect("the owner may");
    victim
}

fn assert_untouched(victim: &Path) {
    assert_eq!(fs::read_to_string(victim).expect("it is there"), "of another");
    let metadata = fs::metadata(victim).expect("it is there");
    assert_eq!((metadata.permissions().mode() & 0o777, metadata.uid()), (0o640, own()));
}

fn install(root: &TempDir, checks: &[&str]) -> (String, String, Exit) {
    let library = examples();
    let arguments = ["agent", "install", "--to", text(root.path()), "--library", text(&library)];
    allwell(&[&arguments, checks].concat())
}

#[test]
fn what_lies_in_the_way_under_a_name_that_can_be_guessed_is_left_alone() {
    let (root, others) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let victim = victim(&others);
    for file in [
        "checks.d/.liballwell_agent.so.new",
        "checks.d/.libdatadog-agent-uptime.so.new",
        "conf.d/uptime.d/.conf.yaml.example.new",
    ] {
        let file = root.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        symlink(&victim, file).unwrap();
    }
    for file in ["checks.d/liballwell_agent.so", "conf.d/uptime.d/conf.yaml.example"] {
        symlink(&victim, root.path().join(file)).unwrap();
    }
    let (_, err, exit) = install(&root, &["uptime"]);
    assert_eq!(exit, Exit::DONE, "{err}");
    assert_untouched(&victim);
    let planted = root.path().join("checks.d/.liballwell_agent.so.new");
    assert_eq!(fs::read_link(planted).unwrap(), victim);
    let laid = fs::symlink_metadata(root.path().join("checks.d/liballwell_agent.so")).unwrap();
    assert!(laid.is_file() && laid.permissions().mode() & 0o777 == 0o500, "{laid:?}");
    let mut left: Vec<_> = fs::read_dir(root.path().join("checks.d")).unwrap().flatten().collect();
    left.retain(|entry| entry.file_name().to_string_lossy().ends_with(".new"));
    assert_eq!(left.len(), 2, "what is begun is not left behind: {left:?}");
}

#[test]
fn whoever_owns_the_directory_cannot_have_another_file_given_away() {
    let (root, others) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let victim = victim(&others);
    let checks = root.path().join("checks.d");
    fs::create_dir(&checks).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        // Puts a link in the place of each new file as soon as it is there.
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                for entry in fs::read_dir(&checks).into_iter().flatten().flatten() {
                    let path = entry.path();
                    if entry.file_name() != "taken" && !path.is_symlink() {
                        let _ = fs::rename(&path, checks.join("taken"));
                        let _ = symlink(&victim, &path);
                    }
                }
            }
        });
        install(&root, &["uptime"]);
        done.store(true, Ordering::Relaxed);
    });
    assert_untouched(&victim);
}

#[test]
fn a_link_in_the_place_of_a_directory_is_not_followed() {
    for name in ["checks.d", "conf.d", "conf.d/uptime.d"] {
        let (root, others) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let place = root.path().join(name);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        symlink(others.path(), &place).unwrap();
        let (_, err, exit) = install(&root, &["uptime"]);
        assert_eq!(exit, Exit::USAGE, "{err}");
        let told = format!(
            "error: `{}` is a symbolic link, which is not followed\nhint: put a directory in its place\n",
            place.display()
        );
        assert_eq!(err, told);
        assert_eq!(fs::read_dir(others.path()).unwrap().count(), 0, "{name}");
    }
}

#[test]
fn a_directory_that_the_loader_does_not_trust_gets_no_library() {
    if own() != 0 {
        eprintln!("skipped: only root can give directories away");
        return;
    }
    let root = TempDir::new().unwrap();
    let checks = root.path().join("checks.d");
    fs::create_dir(&checks).unwrap();
    chown(&checks, Some(65534), None).unwrap();
    let (_, err, exit) = install(&root, &["uptime"]);
    assert_eq!(exit, Exit::USAGE);
    assert!(err.contains("belongs to user 65534, and must belong to root"), "{err}");
    assert_eq!(fs::read_dir(&checks).unwrap().count(), 0);
}

#[test]
fn what_was_laid_down_can_be_laid_down_again() {
    let root = installed(&["uptime"]);
    let link = root.path().join("checks.d/libdatadog-agent-uptime.so");
    let again = |library: &Path, checks: &[&str]| {
        let to = ["agent", "install", "--to", text(root.path()), "--library", text(library)];
        let (_, err, exit) = allwell(&[&to, checks].concat());
        assert_eq!(exit, Exit::DONE, "{err}");
    };
    again(&link, &["uptime", "load"]);
    assert_eq!(fs::read_link(&link).unwrap(), Path::new("liballwell_agent.so"));
    assert_eq!(wrong(&root.path().join("checks.d/libdatadog-agent-load.so")), Vec::<String>::new());

    // A library that has the name of a link itself is laid down under another one.
    let folder = TempDir::new().unwrap();
    let named = folder.path().join("libdatadog-agent-uptime.so");
    fs::copy(examples(), &named).unwrap();
    again(&named, &["uptime"]);
    let library = Path::new("allwell-libdatadog-agent-uptime.so");
    assert_eq!(fs::read_link(&link).unwrap(), library);
    assert_eq!(wrong(&link), Vec::<String>::new());
    again(&link, &["uptime"]);
    assert_eq!(fs::read_link(&link).unwrap(), library);
}

#[test]
fn what_cannot_be_laid_down_is_told_before_anything_is() {
    let root = TempDir::new().expect("a directory");
    let to = text(root.path());
    let library = examples();
    let (_, err, exit) =
        allwell(&["agent", "install", "--to", to, "--library", text(&library), "rediss"]);
    assert_eq!(
        (exit, &*err),
        (Exit::USAGE, "error: there is no check `rediss`\nhint: did you mean `redis`?\n")
    );
    let (_, err, exit) = allwell(&["agent", "install", "--to", to, "--library", "/bin/sh"]);
    assert_eq!(exit, Exit::USAGE);
    assert!(
        err.contains("`/bin/sh` does not export `Run`\nhint: build a crate of type `cdylib`"),
        "{err}"
    );
    let (_, err, exit) = allwell(&["agent", "install", "--to", to, "--library", "/etc/passwd"]);
    assert_eq!(exit, Exit::USAGE);
    assert!(err.contains("`/etc/passwd` is no library of checks"), "{err}");
    let (_, err, exit) =
        allwell(&["agent", "install", "--to", "/proc", "--library", text(&library)]);
    assert_eq!(exit, Exit::USAGE);
    assert!(err.contains("`/proc/checks.d` cannot be written"), "{err}");
    assert_eq!(fs::read_dir(root.path()).expect("it is there").count(), 0);
}

#[test]
fn a_check_that_is_not_in_the_library_is_told() {
    let root = TempDir::new().expect("a directory");
    let library = hello();
    let to = ["agent", "install", "--to", text(root.path()), "--library", text(&library)];
    let (_, err, exit) = allwell(&[&to, &["uptime", "redis"][..]].concat());
    assert_eq!(exit, Exit::USAGE);
    let told = format!(
        "error: `{}` does not have the check `uptime`, `redis`: it has `example`\nhint: name the check's crate in `allwell::link!`",
        library.display()
    );
    assert!(err.starts_with(&told), "{err}");
    assert_eq!(fs::read_dir(root.path()).expect("it is there").count(), 0);

    for (name, told, severity) in [
        ("libdatadog-agent-redis.so", "`redis` is not in it: it has `example`", "error"),
        ("libdatadog-agent-example.so", "`example`", "ok"),
        ("libhello.so", "`example`", "ok"),
    ] {
        let path = root.path().join(name);
        fs::copy(&library, &path).expect("a copy");
        let finding = ("checks".to_owned(), severity.to_owned(), told.to_owned());
        let (_, findings) = doctor(&path);
        assert!(findings.contains(&finding), "{findings:?}");
    }
}

/// The names in a library's file are those of its registry, whatever was done to the rest of the file.
#[test]
fn all_checks_of_a_library_are_found_in_it() {
    let names: Vec<_> =
        Registry::collect().entries().iter().map(|entry| format!("`{}`", entry.name())).collect();
    let folder = TempDir::new().expect("a directory");
    let stripped = folder.path().join("stripped.so");
    let status = Command::new("strip").arg(examples()).arg("-o").arg(&stripped).status();
    assert!(status.expect("it starts").success());
    for library in [examples(), stripped] {
        let (_, findings) = doctor(&library);
        let finding = ("checks".to_owned(), "ok".to_owned(), names.join(", "));
        assert!(findings.contains(&finding), "{findings:?}");
    }
}

#[test]
fn doctor_and_loader_agree_on_every_mode() {
    let root = installed(&["uptime"]);
    let path = root.path().join("checks.d/libdatadog-agent-uptime.so");
    for mode in 0o000..=0o777 {
        fs::set_permissions(&path, Permissions::from_mode(mode)).expect("the owner may");
        // What cannot be read cannot be looked at further, unless by root.
        if mode & 0o400 == 0 {
            continue;
        }
        let refused = refusal(&path, &[0, own()]).is_some();
        let found = wrong_about_rights(&path);
        assert_eq!(refused, !found.is_empty(), "{mode:04o}: {found:?}");
    }
}

/// The same without reading the file, of which there are hundreds.
fn wrong_about_rights(path: &Path) -> Vec<String> {
    // An empty file in its place has the same rights and is read at once.
    let stand_in = path.with_file_name("libdatadog-agent-stand_in.so");
    let mode = fs::metadata(path).expect("it is there").permissions();
    let _ = fs::remove_file(&stand_in);
    fs::write(&stand_in, "").expect("a file");
    fs::set_permissions(&stand_in, mode).expect("the owner may");
    wrong(&stand_in).into_iter().filter(|what| what != "format").collect()
}

#[test]
fn doctor_and_loader_agree_on_owners() {
    if own() != 0 {
        eprintln!("skipped: only root can give files away");
        return;
    }
    let root = installed(&["uptime"]);
    let path = root.path().join("checks.d/libdatadog-agent-uptime.so");
    let give = |path: &Path, user: u32| chown(path, Some(user), None).expect("root may");
    give(&path, 65534);
    assert_eq!(refusal(&path, &[0]), Some("file owner is not a trusted user"));
    assert_eq!(wrong(&path), ["owner"]);
    give(&path, 0);
    give(path.parent().expect("a directory"), 65534);
    assert_eq!(refusal(&path, &[0]), Some("shared library directory owner check failed"));
    assert_eq!(wrong(&path), ["directory"]);
}

/// What is installed has the mode 0500, so others than its owner and root cannot read it.
#[test]
fn a_library_that_another_user_has_is_told_to_be_looked_at_by_root() {
    let root = installed(&["uptime"]);
    let path = root.path().join("checks.d/libdatadog-agent-uptime.so");
    let house = root.path().join("house");
    // Not by this process: a program that another thread starts would have the copy open for writing, too, and it could not be executed.
    let mut copy = Command::new("cp");
    let copied = copy.arg(env!("CARGO_BIN_EXE_house")).arg(&house).status();
    assert!(copied.expect("it starts").success());
    fs::set_permissions(&house, Permissions::from_mode(0o755)).expect("the owner may");
    fs::set_permissions(root.path(), Permissions::from_mode(0o755)).expect("the owner may");
    let mut command = Command::new(house);
    if own() == 0 {
        command.uid(65534).gid(65534);
    } else {
        fs::set_permissions(&path, Permissions::from_mode(0o100)).expect("the owner may");
    }
    let output = command.args(["agent", "doctor"]).arg(&path).output().expect("it starts");
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    let expected = "[FAIL] file: cannot be read: Permission denied (os error 13)\n         \
                    hint: run it as root: only the owner of the file may read it\n";
    assert!(told.ends_with(expected), "{told}");
    assert!(!told.contains("cdylib"), "{told}");
    assert_eq!(output.status.code(), Some(Exit::REFUSED.code().into()));
}

/// Compiles a library of C, and gives its path.
fn compiled(folder: &TempDir, name: &str, code: &str, options: &[&str]) -> PathBuf {
    let (source, library) = (folder.path().join("library.c"), folder.path().join(name));
    fs::write(&source, code).expect("a file");
    let mut command = Command::new("cc");
    command.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).args(options);
    assert!(command.status().expect("a C compiler").success());
    fs::set_permissions(&library, Permissions::from_mode(0o500)).expect("the owner may");
    library
}

#[test]
fn a_library_that_cannot_be_loaded_is_told_with_what_it_lacks() {
    let folder = TempDir::new().expect("a directory");
    let undefined = "void nobody_has_this(void); void Run(void) { nobody_has_this(); }";
    let library = compiled(&folder, "libdatadog-agent-a.so", undefined, &[]);
    let (exit, findings) = doctor(&library);
    assert_eq!(exit, Exit::REFUSED);
    assert!(
        findings.contains(&(
            "symbols".into(),
            "error".into(),
            "nobody has `nobody_has_this`".into()
        )),
        "{findings:?}"
    );
    assert!(
        findings.iter().any(|(what, severity, _)| what == "Version" && severity == "warning"),
        "{findings:?}"
    );
    assert!(
        findings.iter().any(|(what, severity, _)| what == "unloading" && severity == "warning"),
        "{findings:?}"
    );
    let mut agent = Agent::new(env!("CARGO_BIN_EXE_agent-host"));
    assert!(agent.open(&library).unwrap_err().contains("nobody_has_this"));

    let stays =
        compiled(&folder, "libdatadog-agent-b.so", "void Runs(void) {}", &["-Wl,-z,nodelete"]);
    assert_eq!(wrong(&stays), ["Run"]);
    assert!(
        doctor(&stays).1.iter().any(|(what, severity, _)| what == "unloading" && severity == "ok")
    );

    let needed =
        compiled(&folder, "libneeded.so", "void needed(void) {}", &["-Wl,-soname,libneeded.so"]);
    let code = "void needed(void); void Run(void) { needed(); }";
    let linked = compiled(&folder, "libdatadog-agent-c.so", code, &[text(&needed)]);
    assert_eq!(wrong(&linked), ["libraries", "symbols"]);
    let found =
        compiled(&folder, "libdatadog-agent-d.so", code, &[text(&needed), "-Wl,-rpath,$ORIGIN"]);
    assert_eq!(wrong(&found), Vec::<String>::new());
}

/// A library of which there is an older one, which lacks the version that only a weak reference is of.
fn of_a_newer_system(folder: &TempDir) -> PathBuf {
    let compile = |versions: &str, code: &str| {
        let script = folder.path().join("versions");
        fs::write(&script, versions).expect("a file");
        let script = format!("-Wl,--version-script={}", text(&script));
        compiled(folder, "libneeded.so", code, &["-Wl,-soname,libneeded.so", &script])
    };
    let old = "OLD_1 { global: old; };";
    let new = format!("{old} NEW_2 {{ global: new; }};");
    let needed = compile(&new, "void old(void) {} void new(void) {}");
    let code = "void old(void); void new(void) __attribute__((weak)); \
                void Run(void) { old(); if (new) new(); }";
    let options = [text(&needed), "-Wl,-rpath,$ORIGIN"];
    let library = compiled(folder, "libdatadog-agent-a.so", code, &options);
    assert_eq!(wrong(&library), Vec::<String>::new());
    compile(old, "void old(void) {}");
    library
}

/// The hash of a version's name, as the format has it.
fn elf_hash(name: &str) -> u32 {
    name.bytes().fold(0, |hash: u32, byte| {
        let hash = (hash << 4).wrapping_add(byte.into());
        let high = hash & 0xf000_0000;
        (hash ^ (high >> 24)) & !high
    })
}

#[test]
fn a_version_that_is_not_there_is_told_even_if_all_its_symbols_may_be_missing() {
    let folder = TempDir::new().expect("a directory");
    let library = of_a_newer_system(&folder);
    let mut agent = Agent::new(env!("CARGO_BIN_EXE_agent-host"));
    assert!(agent.open(&library).unwrap_err().contains("NEW_2"));
    let (exit, findings) = doctor(&library);
    assert_eq!(exit, Exit::REFUSED);
    let told = "the system's loader does not find `NEW_2` of `libneeded.so`";
    assert!(findings.contains(&("versions".into(), "error".into(), told.into())), "{findings:?}");
    assert_eq!(wrong(&library), ["versions"]);

    // A version that is marked as weak itself is none that the loader asks for.
    let mut data = fs::read(&library).expect("it is there");
    let entry = [&elf_hash("NEW_2").to_le_bytes()[..], &[0, 0]].concat();
    let at = data.windows(6).position(|bytes| bytes == entry).expect("a version");
    data[at + 4] = 2;
    let weak = folder.path().join("libdatadog-agent-b.so");
    fs::write(&weak, data).expect("a file");
    fs::set_permissions(&weak, Permissions::from_mode(0o500)).expect("the owner may");
    agent.open(&weak).expect("the loader takes it");
    assert_eq!(wrong(&weak), Vec::<String>::new());
}

#[test]
fn the_newest_glibc_is_told_even_if_only_weak_references_need_it() {
    let folder = TempDir::new().expect("a directory");
    let code = "int getpid(void); int __cxa_thread_atexit_impl(void) __attribute__((weak)); \
                int Run(void) { return __cxa_thread_atexit_impl ? getpid() : 0; }";
    let library = compiled(&folder, "libdatadog-agent-a.so", code, &["-nostartfiles"]);
    let glibc = |(what, ..): &&(String, String, String)| what == "glibc";
    let (_, findings) = doctor(&library);
    let (_, _, message) = findings.iter().find(glibc).expect("it is told");
    assert_eq!(message, "2.18 or newer");
}

#[test]
fn doctor_tells_what_is_wrong_with_names_and_files() {
    let folder = TempDir::new().expect("a directory");
    for (name, found) in [
        ("libdatadog-agent-a-B_9.so", "ok"),
        ("libdatadog-agent--a.so", "error"),
        ("libdatadog-agent-.so", "error"),
        ("libdatadog-agent-a.b.so", "error"),
        ("libdatadog-agent-ä.so", "error"),
        ("a.so", "warning"),
    ] {
        let path = folder.path().join(name);
        fs::copy(faulty(), &path).expect("a copy");
        assert_eq!(doctor(&path).1[0].1, found, "{name}");
    }
    assert_eq!(wrong(&folder.path().join("libdatadog-agent-absent.so")), ["file"]);
    let (out, err, exit) = allwell(&["agent", "doctor", "/nowhere/libdatadog-agent-x.so"]);
    let expected = "/nowhere/libdatadog-agent-x.so\n  [OK] name: that of the check `x`\n  \
                    [FAIL] file: cannot be looked at: No such file or directory (os error 2)\n         \
                    hint: name a file that is there and can be read\n";
    assert_eq!((&*out, &*err, exit), (expected, "", Exit::REFUSED));
}
