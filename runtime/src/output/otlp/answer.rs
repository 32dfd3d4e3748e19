//! What a receiver answers, as far as it matters: what it refused, and why.

use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

use crate::output::Amount;
use crate::output::forward::{Payload, Refusal, Remedy};

use super::Signal;

// `ExportMetricsServiceResponse` and `ExportLogsServiceResponse`.
const PARTIAL_SUCCESS: u32 = 1;
// `ExportMetricsPartialSuccess` and `ExportLogsPartialSuccess`.
const REJECTED: u32 = 1;
const ERROR_MESSAGE: u32 = 2;
// `google.rpc.Status`.
const MESSAGE: u32 = 2;
const DETAILS: u32 = 3;
// `google.protobuf.Any`.
const TYPE_URL: u32 = 1;
const VALUE: u32 = 2;
// `google.rpc.RetryInfo`.
const RETRY_DELAY: u32 = 1;
// `google.protobuf.Duration`.
const SECONDS: u32 = 1;
const NANOS: u32 = 2;

/// Reads an answer to what was accepted, in part at least.
///
/// # Errors
/// Some of it was not, or the receiver has something to say.
pub(super) fn accepted(payload: &Payload, answer: &[u8]) -> Result<(), Refusal> {
    let partial = bytes(answer, PARTIAL_SUCCESS);
    let rejected = number(partial, REJECTED);
    let message = String::from_utf8_lossy(bytes(partial, ERROR_MESSAGE)).into_owned();
    match (rejected, message.as_str()) {
        (0, "") => Ok(()),
        (0, message) => {
            let nothing = Remedy::DropPart(Amount::default());
            Err(Refusal::new(format_args!("the receiver warns: {message}"), nothing))
        }
        (rejected, message) => {
            let part = part(payload, rejected);
            let message = format!(
                "the receiver refused {} of {}: {message}",
                part.total(),
                payload.amount.total()
            );
            Err(Refusal::new(message, Remedy::DropPart(part)))
        }
    }
}

/// So much of a payload. The receiver does not say what it refused; it is most likely what there is most of.
fn part(payload: &Payload, rejected: u64) -> Amount {
    let has = payload.amount;
    let mut left = rejected;
    let mut take = |of: u64| {
        let taken = of.min(left);
        left -= taken;
        taken
    };
    match Signal::of(&payload.route) {
        Signal::Metrics => Amount {
            series: take(has.series),
            sketches: take(has.sketches),
            service_checks: take(has.service_checks),
            ..Amount::default()
        },
        Signal::Logs => {
            Amount { logs: take(has.logs), events: take(has.events), ..Amount::default() }
        }
    }
}

/// What a `google.rpc.Status` says.
pub(super) fn message(status: &[u8]) -> String {
    String::from_utf8_lossy(bytes(status, MESSAGE)).into_owned()
}

/// How long a `google.rpc.Status` asks to wait, if it does.
pub(super) fn retry_delay(status: &[u8]) -> Option<std::time::Duration> {
    let mut details = Fields(status).filter_map(|(field, value)| match value {
        Value::Bytes(any) if field == DETAILS => Some(any),
        _ => None,
    });
    let info = details.find(|any| bytes(any, TYPE_URL).ends_with(b"google.rpc.RetryInfo"))?;
    let delay = bytes(bytes(info, VALUE), RETRY_DELAY);
    let nanos = u32::try_from(number(delay, NANOS)).unwrap_or_default().min(999_999_999);
    Some(std::time::Duration::new(number(delay, SECONDS), nanos))
}

/// The last bytes of a field; none if it is not there.
fn bytes(message: &[u8], wanted: u32) -> &[u8] {
    let found = Fields(message).filter_map(|(field, value)| match value {
        Value::Bytes(bytes) if field == wanted => Some(bytes),
        _ => None,
    });
    found.last().unwrap_or_default()
}

/// The last number of a field; 0 if it is not there.
fn number(message: &[u8], wanted: u32) -> u64 {
    let found = Fields(message).filter_map(|(field, value)| match value {
        Value::Number(number) if field == wanted => Some(number),
        _ => None,
    });
    found.last().unwrap_or_default()
}

/// The fields of a message, up to its end or to what is none.
struct Fields<'m>(&'m [u8]);

enum Value<'m> {
    Number(u64),
    Bytes(&'m [u8]),
    Other,
}

impl<'m> Iterator for Fields<'m> {
    type Item = (u32, Value<'m>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        field
    }
}

impl<'m> Fields<'m> {
    fn field(&mut self) -> Option<(u32, Value<'m>)> {
        let rest = &mut self.0;
        let (field, wire_type) = decode_key(rest).ok()?;
        let value = match wire_type {
            WireType::Varint => Value::Number(decode_varint(rest).ok()?),
            WireType::LengthDelimited => {
                let length = usize::try_from(decode_varint(rest).ok()?).ok()?;
                let (bytes, after) = rest.split_at_checked(length)?;
                *rest = after;
                Value::Bytes(bytes)
            }
            other => {
                skip_field(other, field, rest, DecodeContext::default()).ok()?;
                Value::Other
            }
        };
        Some((field, value))
    }
}
