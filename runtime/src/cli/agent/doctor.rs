//! `agent doctor`: what the Agent's loader would refuse about a library, and what would go wrong later.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use serde_json::{Value, json};

use super::elf::Image;
use super::finding::{Finding, Severity};
use super::users::Users;
use super::{OWN, PREFIX, linking, named, permission};
use crate::cli::args::{Doctor, Format};
use crate::cli::exit::Exit;
use crate::cli::failure::Outcome;
use crate::cli::printable::printable;
use crate::cli::screen::{BAD, GOOD, HEADING, HINT, Screen, WARNING};

pub(super) fn doctor(arguments: &Doctor, screen: &mut Screen<'_>) -> Outcome {
    let users = Users::of_this_machine();
    let seen: Vec<_> =
        arguments.files.iter().map(|file| (file.as_path(), findings(file, &users))).collect();
    match arguments.output.format {
        Format::Json => {
            let all: Value = seen.iter().map(|(file, findings)| as_json(file, findings)).collect();
            writeln!(screen.out(), "{all:#}")?;
        }
        Format::Text => {
            for (file, findings) in &seen {
                print(file, findings, screen)?;
            }
        }
    }
    let refused = |finding: &Finding| finding.severity == Severity::Error;
    let refused = seen.iter().flat_map(|(_, findings)| findings).any(refused);
    Ok(if refused { Exit::REFUSED } else { Exit::DONE })
}

fn findings(file: &Path, users: &Users) -> Vec<Finding> {
    let mut findings = vec![name(file)];
    match permission::findings(file, users) {
        Ok(more) => findings.extend(more),
        Err(error) => {
            findings.push(unread("looked at", &error));
            return findings;
        }
    }
    match fs::read(file) {
        Err(error) => findings.push(unread("read", &error)),
        Ok(data) => match Image::of(&data) {
            Err(error) => {
                let hint = "build a crate of type `cdylib` that has `allwell::agent_library!();`";
                findings.push(Finding::error("format", error, hint));
            }
            Ok(image) => findings.extend(of_image(file, &image)),
        },
    }
    findings
}

/// What is installed belongs to the Agent's user, and nobody else may read it but root.
fn unread(how: &str, error: &io::Error) -> Finding {
    let hint = match error.kind() {
        ErrorKind::PermissionDenied => "run it as root: only the owner of the file may read it",
        _ => "name a file that is there and can be read",
    };
    Finding::error("file", format!("cannot be {how}: {error}"), hint)
}

fn name(file: &Path) -> Finding {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    match check_of(&name) {
        Some(check) if is_name(check) => {
            Finding::fine("name", format!("that of the check `{check}`"))
        }
        Some(check) => Finding::error(
            "name",
            format!("`{check}` cannot be the name of a check"),
            "take letters, digits, `_` and `-`, a letter or digit first",
        ),
        None => Finding::warning(
            "name",
            format!("the loader looks for `{PREFIX}<check>.so`, not for `{name}`"),
            "`agent install` lays it down under the names of its checks",
        ),
    }
}

/// The check that the loader takes a file of this name for.
fn check_of(name: &str) -> Option<&str> {
    name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(".so"))
}

/// The loader's own rule.
fn is_name(check: &str) -> bool {
    check.starts_with(|c: char| c.is_ascii_alphanumeric())
        && check.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

fn of_image(file: &Path, image: &Image) -> Vec<Finding> {
    let mut findings = vec![machine(image), run(image), version(image)];
    // The library of another crate does not say what it has.
    findings.extend(image.exports(OWN, "").then(|| checks(file, image)));
    findings.extend(linking::findings(file, image));
    findings.push(stays(image));
    findings
}

fn machine(image: &Image) -> Finding {
    let own = match std::env::consts::ARCH {
        "x86_64" => 62,
        "aarch64" => 183,
        _ => image.machine,
    };
    if image.machine == own {
        return Finding::fine("format", "a library for this sort of machine");
    }
    Finding::error("format", "a library for another sort of machine", "build it for the Agent's")
}

fn run(image: &Image) -> Finding {
    if image.exports("Run", "") {
        return Finding::fine("Run", "exported");
    }
    Finding::error("Run", "not exported", "the crate lacks `allwell::agent_library!();`")
}

fn version(image: &Image) -> Finding {
    if image.exports("Version", "") {
        return Finding::fine("Version", "exported");
    }
    let message = "not exported: the Agent shows the check as `unversioned`";
    Finding::warning("Version", message, "`allwell::agent_library!();` exports it")
}

/// The loader looks at the name of a file only, and every run of a check that is not in it fails.
fn checks(file: &Path, image: &Image) -> Finding {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let is_in = |check: &str| image.checks.contains(check);
    match check_of(&name) {
        Some(check) if !is_in(check) => Finding::error(
            "checks",
            format!("`{check}` is not in it: it has {}", named(image)),
            "name the check's crate in `allwell::link!` of the library's crate",
        ),
        _ => Finding::fine("checks", named(image)),
    }
}

fn stays(image: &Image) -> Finding {
    if image.exports(OWN, "") {
        return Finding::fine("unloading", "it keeps itself in memory");
    }
    if image.stays {
        return Finding::fine("unloading", "it is marked to stay in memory");
    }
    Finding::warning(
        "unloading",
        "the Agent unloads it even while it runs, and crashes then",
        "link it with `-Wl,-z,nodelete`",
    )
}

fn print(file: &Path, findings: &[Finding], screen: &mut Screen<'_>) -> io::Result<()> {
    let name = screen.paint(HEADING, printable(&file.to_string_lossy()));
    writeln!(screen.out(), "{name}")?;
    for Finding { severity, what, message, hint } in findings {
        let mark = match severity {
            Severity::Fine => screen.paint(GOOD, "[OK]"),
            Severity::Warning => screen.paint(WARNING, "[WARN]"),
            Severity::Error => screen.paint(BAD, "[FAIL]"),
        };
        writeln!(screen.out(), "  {mark} {what}: {}", printable(message))?;
        if !hint.is_empty() {
            let label = screen.paint(HINT, "hint:");
            writeln!(screen.out(), "         {label} {}", printable(hint))?;
        }
    }
    Ok(())
}

fn as_json(file: &Path, findings: &[Finding]) -> Value {
    let findings: Value = findings.iter().map(Finding::json).collect();
    json!({ "file": file.to_string_lossy(), "findings": findings })
}
