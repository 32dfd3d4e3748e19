//! OTLP over gRPC: a call with one message each way, as a request of HTTP/2.
//!
//! That is all of gRPC that OTLP needs, so it goes through the same client as everything else, with its proxies and TLS: a message has
//! five bytes before it, and the status comes behind the answer (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>).

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use bytes::{BufMut, Bytes, BytesMut};
use http_body_util::BodyExt;
use percent_encoding::percent_decode_str;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use url::Url;

use crate::output::forward::{Payload, Refusal, Remedy, remedy};

use super::receiver::{Destination, Receiver};
use super::{Signal, answer};

/// So much of an answer is read, in bytes.
const MOST_READ: usize = 64 * 1024;

/// A flag and a length of four bytes, before each message.
const PREFIX: usize = 5;

/// Bytes in headers are padded or not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The status of what was accepted.
const OK: usize = 0;

/// The names of the statuses, by their number.
const NAMES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// The address of a signal's method. A path of the receiver's address means nothing to gRPC.
pub(super) fn address(base: &Url, signal: Signal) -> Url {
    let mut url = base.clone();
    url.set_path(match signal {
        Signal::Metrics => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        Signal::Logs => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    });
    url
}

/// Calls with a payload; the message of the answer, if it was accepted.
pub(super) async fn send(receiver: &Receiver, payload: &Payload) -> Result<Bytes, Refusal> {
    let to = receiver.destination(Signal::of(&payload.route));
    let unreachable = |error| receiver.unreachable(to, error);
    let mut request = receiver
        .request(to, framed(payload))
        .header(CONTENT_TYPE, "application/grpc")
        .header("te", "trailers")
        .header("grpc-timeout", format!("{}m", receiver.timeout.as_millis().min(99_999_999)));
    if let Some(encoding) = &payload.content_encoding {
        request = request.header("grpc-encoding", &**encoding);
    }
    let answer = request.send().await.map_err(unreachable)?;
    let (http_status, headers) = (answer.status(), answer.headers().clone());
    let (body, trailers) = read(answer.into()).await.map_err(|error| {
        let message = format!("`{}` broke off its answer: {}", to.shown, error.without_url());
        Refusal::retry(message).unknown()
    })?;
    // The status stands behind the message, or, where there is none, among the headers.
    let told = if trailers.contains_key("grpc-status") { &trailers } else { &headers };
    match status(told) {
        Some(OK) => Ok(message(&body)),
        Some(number) => Err(refusal(receiver, to, number, told)),
        None => Err(no_status(to, http_status, &headers)),
    }
}

/// The beginning of a message, and what stands behind it. However long it is, it was the answer: what is beyond the limit is let go by.
async fn read(mut answer: reqwest::Body) -> Result<(Bytes, HeaderMap), reqwest::Error> {
    let (mut body, mut trailers) = (BytesMut::new(), HeaderMap::new());
    while let Some(frame) = answer.frame().await {
        match frame?.into_data() {
            Ok(data) => {
                let room = MOST_READ.saturating_sub(body.len()).min(data.len());
                body.extend_from_slice(&data[..room]);
            }
            Err(other) => trailers.extend(other.into_trailers().unwrap_or_default()),
        }
    }
    Ok((body.freeze(), trailers))
}

fn framed(payload: &Payload) -> Bytes {
    let mut framed = BytesMut::with_capacity(PREFIX + payload.body.len());
    framed.put_u8(u8::from(payload.content_encoding.is_some()));
    // A message is a few megabytes long at most.
    framed.put_u32(u32::try_from(payload.body.len()).unwrap_or(u32::MAX));
    framed.put_slice(&payload.body);
    framed.freeze()
}

/// The message of an answer, which is not compressed: nobody has said that it might be.
fn message(body: &Bytes) -> Bytes {
    if body.len() < PREFIX || body[0] != 0 { Bytes::new() } else { body.slice(PREFIX..) }
}

fn status(headers: &HeaderMap) -> Option<usize> {
    headers.get("grpc-status")?.to_str().ok()?.parse().ok()
}

fn refusal(receiver: &Receiver, to: &Destination, number: usize, told: &HeaderMap) -> Refusal {
    let text =
        |name: &str| told.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let message = percent_decode_str(text("grpc-message")).decode_utf8_lossy();
    let details = BASE64.decode(text("grpc-status-details-bin")).unwrap_or_default();
    let name = NAMES.get(number).copied().unwrap_or("a status that gRPC does not have");
    let message = format!("`{}` answered {name}{}", to.shown, receiver.told(&message));
    let remedy = remedy_of(number, answer::retry_delay(&details));
    let refusal = Refusal::new(message, remedy);
    if remedy == (Remedy::Retry { after: None }) { refusal.answered() } else { refusal }
}

/// What a status means, by the specification of OTLP. Too much at once is only worth another try if the receiver says when; and where the
/// key is wrong, a payload is kept all the same: when it is right, it will be accepted.
fn remedy_of(number: usize, after: Option<std::time::Duration>) -> Remedy {
    match NAMES.get(number).copied().unwrap_or_default() {
        "CANCELLED" | "DEADLINE_EXCEEDED" | "ABORTED" | "OUT_OF_RANGE" | "UNAVAILABLE"
        | "DATA_LOSS" => Remedy::Retry { after },
        "RESOURCE_EXHAUSTED" if after.is_some() => Remedy::Retry { after },
        "UNAUTHENTICATED" | "PERMISSION_DENIED" => Remedy::Hold,
        _ => Remedy::Drop,
    }
}

/// An answer without a status: not of gRPC, but of something in between, or cut off.
fn no_status(to: &Destination, status: StatusCode, headers: &HeaderMap) -> Refusal {
    let message = format!("`{}` answered {status} and no status of gRPC", to.shown);
    match (status.as_u16(), remedy(status, headers)) {
        (200 | 429 | 502..=504, Remedy::Retry { after }) => {
            Refusal::new(message, Remedy::Retry { after })
        }
        (200, _) => Refusal::retry(message).unknown(),
        (_, Remedy::Hold) => Refusal::hold(message),
        _ => Refusal::drop(message),
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;
    use reqwest::header::HeaderValue;

    use super::*;

    /// It was accepted, and would be so again and again if its length made it an error.
    #[tokio::test]
    async fn of_a_long_answer_the_beginning_and_the_status_are_read() {
        let trailers = HeaderMap::from_iter([(
            reqwest::header::HeaderName::from_static("grpc-status"),
            HeaderValue::from_static("0"),
        )]);
        let long = Full::new(Bytes::from(vec![0; 3 * MOST_READ]));
        let answer = long.with_trailers(std::future::ready(Some(Ok(trailers))));
        let (body, trailers) = read(reqwest::Body::wrap(answer)).await.expect("an answer");
        assert_eq!((body.len(), status(&trailers)), (MOST_READ, Some(OK)));
    }
}
