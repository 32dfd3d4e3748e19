//! OTLP over HTTP: a request is posted, and its answer is read.

use bytes::Bytes;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::{Response, StatusCode};

use crate::output::forward::{Payload, Refusal, Remedy, remedy};

use super::Signal;
use super::answer;
use super::receiver::Receiver;

/// So much of an answer is read, in bytes.
const MOST_READ: usize = 64 * 1024;

/// Posts a payload; the body of the answer, if it was accepted.
pub(super) async fn send(receiver: &Receiver, payload: &Payload) -> Result<Bytes, Refusal> {
    let to = receiver.destination(Signal::of(&payload.route));
    let mut request =
        receiver.request(to, payload.body.clone()).header(CONTENT_TYPE, &*payload.content_type);
    if let Some(encoding) = &payload.content_encoding {
        request = request.header(CONTENT_ENCODING, &**encoding);
    }
    if payload.body.is_empty() {
        // A post without a body should say so (RFC 9110, 8.6).
        request = request.header(CONTENT_LENGTH, 0);
    }
    let sent = request.send().await;
    let mut answer = sent.map_err(|error| receiver.unreachable(to, error))?;
    let status = answer.status();
    if status.is_success() {
        // What cannot be read to its end was accepted all the same.
        return Ok(body(&mut answer).await.unwrap_or_default());
    }
    let remedy = remedy_of(status, answer.headers());
    let protobuf = answer.headers().get(CONTENT_TYPE).is_some_and(|is| is == super::CONTENT_TYPE);
    let body = body(&mut answer).await.unwrap_or_default();
    let told =
        if protobuf { answer::message(&body) } else { String::from_utf8_lossy(&body).into_owned() };
    let told = receiver.told(&told);
    let refusal = Refusal::new(format_args!("`{}` answered {status}{told}", to.shown), remedy);
    Err(if remedy == (Remedy::Retry { after: None }) { refusal.answered() } else { refusal })
}

/// What a status means, by the specification of OTLP: only 429, 502, 503 and 504 may be another one soon. Where the way or the key is
/// wrong, a payload is kept all the same: when it is right, it will be accepted.
fn remedy_of(status: StatusCode, headers: &reqwest::header::HeaderMap) -> Remedy {
    match (status.as_u16(), remedy(status, headers)) {
        (429 | 502..=504, retry) => retry,
        (300..=399, _) | (_, Remedy::Hold) => Remedy::Hold,
        _ => Remedy::Drop,
    }
}

/// A body, or the beginning of one that is too long.
async fn body(answer: &mut Response) -> Option<Bytes> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        body.extend_from_slice(&chunk);
        if body.len() > MOST_READ {
            break;
        }
    }
    Some(body.into())
}
