//! A binary that was put together wrongly says so at start, whatever it is asked.
#![allow(missing_docs)]

use std::ffi::OsString;

use allwell::check::{Definition, Entry, Location, Meta, Package, Registry};
use allwell::cli::{self, Screen};
use allwell::prelude::*;

const fn meta(line: u32) -> Meta {
    Meta {
        name: "same",
        display_name: "Same",
        description: "One of two.",
        interval: Duration::from_secs(15),
        timeout: None,
        enabled_by_default: true,
        blocking: false,
        can_connect: None,
        location: Location { file: "checks/same.rs", line, column: 1 },
        package: Package {
            name: "cli_registry",
            version: "0.1.0",
            authors: "",
            homepage: "",
            repository: "",
            licence: "",
        },
    }
}

macro_rules! same {
    ($name:ident, $line:literal) => {
        struct $name;

        impl Definition for $name {
            const META: Meta = meta($line);
            type Config = ();
            type Stream = ();
            type Outcome = ();
            type State = ();

            async fn start((): (), _cx: &Context) -> Result<()> {
                Ok(())
            }

            async fn run((): &mut (), _cx: &Context) -> Result<()> {
                Ok(())
            }
        }

        allwell::__private::inventory::submit! { Entry::new::<$name>() }
    };
}

same!(First, 10);
same!(Other, 20);
allwell::link!(serde_json);

/// Options that a struct and the one that it flattens both have.
#[check]
fn twice(_options: &Outer) {}

/// The outer options.
#[derive(Config)]
struct Outer {
    /// Where.
    #[config(example = "here")]
    host: String,
    #[config(flatten)]
    inner: Inner,
}

/// The inner options.
#[derive(Config)]
struct Inner {
    /// Where else.
    #[config(example = "there")]
    host: String,
}

#[test]
fn duplicates_and_empty_crates_are_told_with_their_places() {
    for arguments in [&["allwell", "list"][..], &["allwell", "completions", "bash"]] {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut screen = Screen::plain(&mut out, &mut err);
        let exit =
            cli::run(arguments.iter().map(OsString::from), &Registry::collect(), &mut screen);
        drop(screen);
        assert_eq!(exit.code(), 70, "{arguments:?}");
        assert_eq!(out, b"", "{arguments:?}");
        assert_eq!(
            String::from_utf8_lossy(&err),
            "error: check `same` is registered twice\n\
             \x20 first: checks/same.rs:10:1\n\
             \x20 again: checks/same.rs:20:1\n\
             hint: give one of them another `name = \"…\"`\n\
             error: check `twice` has two options `host`\n\
             \x20 check: runtime/tests/cli_registry.rs:61:1\n\
             hint: rename one with `#[config(name = \"…\")]`; a flattened struct brings its own options\n\
             error: crate `serde_json` is linked in but registers no check\n\
             \x20 linked: runtime/tests/cli_registry.rs:58:1\n\
             hint: put `#[check]` on a function of it, or take it out of `link!`\n",
            "{arguments:?}"
        );
    }
}
