//! How data is printed: colours, and readers that leave.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};

use allwell::check::Registry;
use allwell::cli::{self, Exit, Screen};

use crate::run::Directory;

fn coloured(arguments: &[&str]) -> (String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut screen = Screen::plain(&mut out, &mut err).coloured();
    let arguments = ["allwell"].iter().chain(arguments).map(OsString::from);
    cli::run(arguments, &Registry::collect(), &mut screen);
    drop(screen);
    let text = |bytes| String::from_utf8(bytes).expect("the output is text");
    (text(out), text(err))
}

#[test]
fn colours_tell_states_apart_and_mute_tags() {
    let (out, _) = coloured(&["check", "shelf"]);
    assert!(out.starts_with("\x1b[1mshelf\x1b[0m \x1b[32mOK\x1b[0m \x1b[2mshelf:"), "{out}");
    assert!(
        out.contains(
            "  \x1b[32mOK        \x1b[0mshelf.firm               \x1b[2mname:upper\x1b[0m\n"
        ),
        "{out}"
    );
    assert!(
        out.contains(
            "  \x1b[1m\x1b[31mCRITICAL  \x1b[0mshelf.firm     it bends  \x1b[2mname:lower\x1b[0m\n"
        ),
        "{out}"
    );
}

#[test]
fn errors_and_hints_are_coloured_where_they_begin() {
    let (_, err) = coloured(&["check", "shelv"]);
    assert_eq!(
        err,
        "\x1b[1m\x1b[31merror:\x1b[0m there is no check `shelv`\n\x1b[36mhint:\x1b[0m did you mean `shelf`?\n"
    );
}

#[test]
fn problems_of_files_are_coloured_like_errors() {
    let confd = Directory::with("guest.yaml", "instances: [{mod: a}]");
    let (_, err) = coloured(&["config", "validate", confd.path()]);
    assert!(err.contains("\x1b["), "{err}");
}

/// A reader that has left.
struct Gone(ErrorKind);

impl Write for Gone {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::from(self.0))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn exit_when(kind: ErrorKind, arguments: &[&str]) -> Exit {
    let mut screen = Screen::plain(Gone(kind), io::sink());
    let arguments = ["allwell"].iter().chain(arguments).map(OsString::from);
    cli::run(arguments, &Registry::collect(), &mut screen)
}

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    for verb in [&["list"][..], &["check", "shelf"], &["describe", "shelf"], &["--help"]] {
        assert_eq!(exit_when(ErrorKind::BrokenPipe, verb), Exit::DONE, "{verb:?}");
    }
}

#[test]
fn output_that_cannot_be_written_is() {
    assert_eq!(exit_when(ErrorKind::StorageFull, &["list"]), Exit::INTERNAL);
}

#[test]
fn a_line_tells_what_still_runs_after_a_second() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut screen = Screen::plain(&mut out, &mut err).live();
    let arguments = ["allwell", "check", "sloth", "shelf", "shelf", "--times", "1", "--json"];
    let exit = cli::run(arguments.map(OsString::from), &Registry::collect(), &mut screen);
    drop(screen);
    assert_eq!(exit, Exit::DONE);
    let err = String::from_utf8_lossy(&err);
    assert!(err.starts_with("\r\x1b[Krunning sloth (1 of 2 done, 1 s)\r\x1b[K"), "{err:?}");
    assert!(err.ends_with("\r\x1b[K"), "{err:?}");
}
