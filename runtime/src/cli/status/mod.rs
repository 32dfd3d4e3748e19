//! `status`: how a running daemon and its instances are.

mod text;
mod time;

use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::check::Registry;

use super::args::{Format, Status};
use super::exit::Exit;
use super::failure::{Failure, Outcome};
use super::names;
use super::screen::Screen;
use super::settings::Setup;

/// How long the daemon may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn status(arguments: &Status, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    let wanted = names::find_all(registry, &arguments.names)?;
    let (setup, _) = Setup::of(&arguments.source, screen)?;
    let socket = setup.socket();
    let mut status = ask(&socket).map_err(|error| failure(&socket, &error))?;
    if !arguments.names.is_empty()
        && let Some(checks) =
            status.pointer_mut("/runnerStats/Checks").and_then(Value::as_object_mut)
    {
        checks.retain(|name, _| wanted.iter().any(|entry| entry.meta.name == name));
    }
    match arguments.output.format {
        Format::Json => writeln!(screen.out(), "{status:#}")?,
        Format::Text => text::print(&status, screen)?,
    }
    let checks = status.pointer("/runnerStats/Checks").and_then(Value::as_object);
    let failing = checks.into_iter().flat_map(Map::values).flat_map(instances).any(is_failing);
    Ok(if failing { Exit::CHECK_FAILED } else { Exit::DONE })
}

fn instances(check: &Value) -> impl Iterator<Item = &Value> {
    check.as_object().into_iter().flat_map(Map::values)
}

fn is_failing(instance: &Value) -> bool {
    instance["LastError"] != "" || instance["Allwell"]["Activity"] == "stuck"
}

/// Asks the daemon that listens at a path.
fn ask(path: &Path) -> io::Result<Value> {
    let mut stream = UnixStream::connect(path)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /status HTTP/1.0\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    serde_json::from_str(body).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    let (message, hint) = match error.kind() {
        ErrorKind::NotFound | ErrorKind::ConnectionRefused => (
            format!("nothing runs: nobody listens at `{}`", path.display()),
            "start it with `run`; where it was given `--config`, `status` must be, too",
        ),
        ErrorKind::PermissionDenied => {
            (format!("`{}` is another user's", path.display()), "ask as the user that it runs as")
        }
        _ => (format!("no answer at `{}`: {error}", path.display()), ""),
    };
    Failure::Told { exit: Exit::NOT_RUNNING, message, hint: hint.to_owned() }
}
