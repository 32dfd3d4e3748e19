//! Tries a receiver out: requests with nothing in them, which it must accept all the same.

use std::time::SystemTime;

use bytes::Bytes;

use crate::output::forward::{Endpoint, Payload, Refusal, Remedy};
use crate::output::{Amount, Complaint, Diagnosis};

use super::Signal;
use super::receiver::Receiver;

/// Tries each signal.
pub(super) async fn diagnose(receiver: &Receiver) -> Vec<Diagnosis> {
    let mut seen = Vec::with_capacity(Signal::ALL.len());
    for signal in Signal::ALL {
        let of = match signal {
            Signal::Metrics => "metrics",
            Signal::Logs => "logs",
        };
        let what = format!("{of} to `{}`", receiver.destination(signal).shown);
        let outcome = match receiver.send(&nothing(signal)).await {
            Ok(()) => Ok("an empty request was accepted".to_owned()),
            Err(refusal) => Err(complaint(receiver, refusal)),
        };
        seen.push(Diagnosis { what, outcome });
    }
    seen
}

/// A message without a field has no bytes.
fn nothing(signal: Signal) -> Payload {
    Payload {
        route: signal.route().into(),
        content_type: super::CONTENT_TYPE.into(),
        content_encoding: None,
        body: Bytes::new(),
        amount: Amount::default(),
        made: SystemTime::now(),
    }
}

fn complaint(receiver: &Receiver, refusal: Refusal) -> Complaint {
    let hint = match refusal.remedy {
        Remedy::Hold => {
            "check the key or token in `headers`, and that the address is not one that redirects"
        }
        Remedy::Retry { .. } => receiver.reach_hint(),
        Remedy::Drop => receiver.route_hint(),
        Remedy::DropPart(_) => "see what the receiver says, and its log",
    };
    Complaint { message: refusal.message, hint: hint.to_owned() }
}
