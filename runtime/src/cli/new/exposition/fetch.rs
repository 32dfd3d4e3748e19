//! The exposition: what an endpoint says now, or a file.

use std::fs;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};

use crate::cli::failure::Failure;
use crate::http::{Http, HttpError, Request};
use crate::openmetrics::parse::Format;

use super::address::Address;

/// The longest exposition that a crate is made of, in bytes: it becomes a file of the crate.
const MAX: usize = 16 * 1024 * 1024;

/// What was read.
pub(super) struct Fetched {
    pub(super) address: Address,
    pub(super) payload: String,
    pub(super) format: Format,
}

/// Reads an address or a file.
pub(super) fn fetch(source: &str) -> Result<Fetched, Failure> {
    if source.contains("://") { endpoint(source) } else { file(source) }
}

fn file(path: &str) -> Result<Fetched, Failure> {
    let bytes = fs::read(path).map_err(|error| {
        Failure::configuration(
            format!("`{path}` cannot be read: {error}"),
            "name a file, or an address that begins with `http://`",
        )
    })?;
    let payload = text(path, bytes)?;
    let is_whole = payload.trim_end().ends_with("# EOF");
    let format = if is_whole { Format::OpenMetrics } else { Format::Text };
    Ok(Fetched { address: Address::of("http://localhost:9090/metrics"), payload, format })
}

fn endpoint(address: &str) -> Result<Fetched, Failure> {
    let address = Address::of(address);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::internal(&error))?;
    let (bytes, format) = runtime.block_on(ask(&address)).map_err(|error| {
        let error = address.scrubbed(&error.to_string());
        Failure::configuration(
            format!("the exposition cannot be read: {error}"),
            "save it to a file and name that, if the endpoint needs more than its address",
        )
    })?;
    let payload = text(&address.shown, bytes)?;
    Ok(Fetched { address, payload, format })
}

/// The answer, asked for as the check will.
async fn ask(address: &Address) -> Result<(Vec<u8>, Format), HttpError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("text/plain"));
    let http = Http::new(&address.options())?;
    let mut answer = http.open(&Request::get(address.asked()).headers(headers)).await?.good()?;
    let content_type = answer.header("content-type").unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let format = match media_type.eq_ignore_ascii_case("application/openmetrics-text") {
        true => Format::OpenMetrics,
        false => Format::Text,
    };
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        body.extend_from_slice(piece.as_ref());
        if body.len() > MAX {
            return Err(answer.too_long(MAX));
        }
    }
    Ok((body, format))
}

fn text(source: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    let hint = "save the part of it that the check is for to a file, and name that";
    if bytes.len() > MAX {
        let message = format!("`{source}` is longer than {} MiB", MAX / 1024 / 1024);
        return Err(Failure::configuration(message, hint));
    }
    String::from_utf8(bytes).map_err(|error| {
        Failure::configuration(format!("`{source}` is not UTF-8: {}", error.utf8_error()), hint)
    })
}
