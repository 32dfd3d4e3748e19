//! From a file to text: its size, its encoding, and characters that no configuration has.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use crate::config::node::Span;
use crate::config::problem::Problem;

/// How large a configuration file may be.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Reads a file as text, without a byte order mark. A file that is too large is refused before it is read.
///
/// # Errors
/// What is wrong with the file as a whole, or with a byte of it; then the text has a substitute for what is no text.
pub fn read(path: &Path) -> Result<Arc<str>, (Arc<str>, Box<Problem>)> {
    let bytes = read_bytes(path).map_err(|problem| (Arc::from(""), problem))?;
    match decode(&bytes) {
        Ok(text) => Ok(Arc::from(text)),
        Err(problem) => Err((Arc::from(String::from_utf8_lossy(without_mark(&bytes))), problem)),
    }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Box<Problem>> {
    let cannot = |error: std::io::Error| {
        let message = format!("cannot read the file: {}", io_reason(&error));
        Box::new(Problem::file(message).hint(io_remedy(error.kind())))
    };
    let file = File::open(path).map_err(cannot)?;
    let metadata = file.metadata().map_err(cannot)?;
    if !metadata.is_file() {
        return Err(Box::new(Problem::file("not a regular file")));
    }
    if metadata.len() > MAX_BYTES {
        return Err(Box::new(too_large(metadata.len())));
    }
    let mut bytes = Vec::new();
    // The file may grow while it is read; one byte over the limit is enough to know.
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(cannot)?;
    Ok(bytes)
}

/// Bytes as text, without a byte order mark.
///
/// # Errors
/// The first byte that is not UTF-8 or is NUL, or that there are too many.
pub fn decode(bytes: &[u8]) -> Result<&str, Box<Problem>> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Box::new(too_large(bytes.len() as u64)));
    }
    let bytes = without_mark(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(Box::new(not_utf8(bytes, error.valid_up_to()))),
    };
    let Some(at) = text.find('\0') else { return Ok(text) };
    let problem = Problem::error(place(&text[..at], 1), "a NUL byte");
    Err(Box::new(problem.hint("the file is damaged, or not a text; write it anew")))
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn not_utf8(bytes: &[u8], at: usize) -> Problem {
    let before = String::from_utf8_lossy(&bytes[..at]);
    let message = format!("the byte 0x{:02x} is not UTF-8", bytes[at]);
    Problem::error(place(&before, 0), message).hint("save the file as UTF-8")
}

fn too_large(bytes: u64) -> Problem {
    let megabytes = bytes.div_ceil(1024 * 1024);
    Problem::file(format!("the file has {megabytes} MiB, a configuration at most 16"))
        .hint("check that it is a configuration; split it into several files of one directory")
}

/// The place after a text, `width` bytes wide.
fn place(before: &str, width: usize) -> Span {
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before[line_start..].chars().count() + 1;
    Span { start: before.len(), end: before.len() + width, line, column }
}

/// An I/O error's reason without the number that `io::Error` appends.
pub(crate) fn io_reason(error: &std::io::Error) -> String {
    let text = error.to_string().to_lowercase();
    text.split_once(" (os error").map_or(text.clone(), |(reason, _)| reason.to_owned())
}

pub(crate) fn io_remedy(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotFound => "if it is a symbolic link, its target does not exist",
        ErrorKind::PermissionDenied => "let the user that runs this read it",
        _ => "",
    }
}
