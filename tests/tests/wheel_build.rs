//! What wheels are built of has the library in it, or nothing is built.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use allwell_tests::agent::faulty;
use allwell_tests::wheel::{Wheels, said, sdk};
use tempfile::TempDir;

allwell::link!(allwell_faulty);

fn wheels() -> Option<&'static Wheels> {
    static WHEELS: OnceLock<Option<Wheels>> = OnceLock::new();
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wheel_build");
    WHEELS.get_or_init(|| Some(Wheels::new(sdk()?, &root, &faulty()))).as_ref()
}

/// Runs hatchling, the builder that `pip` and `build` call, in a folder.
fn hatchling(wheels: &Wheels, folder: &Path, target: &str, out: &Path) -> Output {
    let mut builder = Command::new(wheels.program("hatchling"));
    let builder = builder.current_dir(folder).args(["build", "-t", target, "-d"]).arg(out);
    builder.output().expect("hatchling")
}

fn built(wheels: &Wheels, folder: &Path, target: &str, out: &Path) -> PathBuf {
    let output = hatchling(wheels, folder, target, out);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let [file] = &fs::read_dir(out).expect("a directory").collect::<Vec<_>>()[..] else {
        panic!("one file is built")
    };
    file.as_ref().expect("an entry").path()
}

/// As `build` does it: an archive of sources first, and a wheel of what is in that.
#[test]
fn a_wheel_of_an_archive_of_sources_has_the_library_that_a_repository_ignores() {
    let Some(wheels) = wheels() else { return };
    wheels.install("kinds");
    let library = wheels.folder("kinds").join("datadog_checks/kinds/libkinds.so");
    let out = TempDir::new().expect("a directory");
    let [sources, unpacked, made] =
        ["sources", "unpacked", "made"].map(|name| out.path().join(name));
    let archive = built(wheels, &wheels.folder("kinds"), "sdist", &sources);
    fs::create_dir(&unpacked).expect("a directory");
    said(Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&unpacked));
    let wheel = built(wheels, &unpacked.join("datadog_kinds-0.1.0"), "wheel", &made);
    let [ours, theirs] = [wheels.wheel("kinds"), wheel];
    assert_eq!(ours.file_name(), theirs.file_name());
    let script = "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read('datadog_checks/kinds/libkinds.so'))";
    let read = wheels.python().args(["-c", script]).arg(&theirs).output().expect("Python");
    assert!(read.stdout == fs::read(&library).expect("a library"), "the library differs");
}

#[test]
fn without_the_library_nothing_is_built() {
    let Some(wheels) = wheels() else { return };
    wheels.install("kinds");
    let out = TempDir::new().expect("a directory");
    said(Command::new("cp").arg("-r").arg(wheels.folder("kinds")).arg(out.path()));
    let folder = out.path().join("kinds");
    fs::remove_file(folder.join("datadog_checks/kinds/libkinds.so")).expect("it was there");
    for target in ["wheel", "sdist"] {
        let output = hatchling(wheels, &folder, target, &out.path().join(target));
        assert!(!output.status.success(), "{target}");
        let told = String::from_utf8_lossy(&output.stderr);
        let why = "datadog_checks/kinds/libkinds.so is not there: `export integration kinds --library FILE` puts it there";
        assert!(told.contains(why), "{told}");
        assert_eq!(fs::read_dir(out.path().join(target)).map_or(0, Iterator::count), 0);
    }
}
