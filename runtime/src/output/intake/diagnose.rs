//! Tries an intake out: is it there, is the key valid, does it take what is sent?

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use crate::output::forward::{Endpoint, HttpEndpoint, Payload, Refusal, Remedy};
use crate::output::{Amount, Complaint, Diagnosis};

use super::compress::{Compression, Stream};
use super::encode::{Form, SeriesVersion};
use super::keys::{self, Verdict};
use super::kind::{self, Kind};
use super::receiver::{Destination, Receiver};
use super::site;

/// How long a trial may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Tries all receivers at once.
pub(super) async fn all(receivers: &[Arc<Receiver>], form: Form, logs: bool) -> Vec<Diagnosis> {
    let mut trials = Vec::new();
    for receiver in receivers {
        let of = || Arc::clone(receiver);
        trials.push(tokio::spawn(limited("the key", of(), try_key(of()))));
        trials.push(tokio::spawn(limited("series", of(), try_series(of(), form))));
        if logs {
            trials.push(tokio::spawn(limited("log lines", of(), try_logs(of()))));
        }
    }
    let mut seen = Vec::with_capacity(trials.len());
    for trial in trials {
        seen.extend(trial.await);
    }
    seen
}

/// A trial that ends in time.
async fn limited(
    what: &str,
    receiver: Arc<Receiver>,
    trial: impl Future<Output = Diagnosis>,
) -> Diagnosis {
    let late = |_| {
        let what = format!("{what} at `{}`", receiver.name);
        wrong(what, format!("no answer within {PATIENCE:?}"), UNREACHABLE)
    };
    tokio::time::timeout(PATIENCE, trial).await.unwrap_or_else(late)
}

async fn try_key(receiver: Arc<Receiver>) -> Diagnosis {
    let Destination { addresses, key } = &receiver.destination;
    let what = format!("the key `{key}` at `{}`", site::host(&addresses.api));
    match keys::validate(&receiver.client, &addresses.api).await {
        Verdict::Valid => Diagnosis { what, outcome: Ok("valid".to_owned()) },
        Verdict::Invalid => wrong(what, receiver.key_is_not_valid(), BAD_KEY),
        Verdict::Unknown(message) => {
            let hint = reach(&message);
            wrong(what, message, hint)
        }
    }
}

async fn try_series(receiver: Arc<Receiver>, form: Form) -> Diagnosis {
    let kind = match form.series {
        SeriesVersion::V1 => &kind::SERIES_V1,
        SeriesVersion::V2 => &kind::SERIES_V2,
    };
    let what = format!("series at `{}{}`", receiver.name, kind.route);
    try_empty(what, &receiver.metrics, kind, form.compression).await
}

async fn try_logs(receiver: Arc<Receiver>) -> Diagnosis {
    let kind = &kind::LOGS;
    let host = site::host(&receiver.destination.addresses.logs);
    let what = format!("log lines at `{host}{}`", kind.route);
    try_empty(what, &receiver.logs, kind, Compression::None).await
}

/// Sends a payload with nothing in it.
async fn try_empty(
    what: String,
    endpoint: &HttpEndpoint,
    kind: &'static Kind,
    compression: Compression,
) -> Diagnosis {
    let body = match empty(kind, compression) {
        Ok(body) => body,
        Err(error) => return wrong(what, error.to_string(), ""),
    };
    let payload = Payload {
        route: kind.route.into(),
        content_type: kind.content_type.into(),
        content_encoding: compression.encoding().map(Into::into),
        body,
        amount: Amount::default(),
        made: SystemTime::now(),
    };
    match endpoint.send(&payload).await {
        Ok(()) => Diagnosis { what, outcome: Ok("an empty payload was accepted".to_owned()) },
        Err(refusal) => {
            let hint = remedy(&refusal, kind);
            wrong(what, refusal.message, hint)
        }
    }
}

fn empty(kind: &Kind, compression: Compression) -> io::Result<Bytes> {
    let mut stream = Stream::new(compression)?;
    stream.write(kind.frame.start.as_bytes())?;
    stream.write(kind.frame.end.as_bytes())?;
    stream.finish()
}

const BAD_KEY: &str = "take an API key (not an application key) of the organisation, and the `site` that it is of: \
     every site has its own keys";

const UNREACHABLE: &str =
    "see whether this host may connect to it; `site`, `dd_url` and `proxy` say where and how";

const UNTRUSTED: &str =
    "`tls_ca_cert` names the authorities to trust, if they are not the system's";

const NO_LOGS: &str =
    "set `logs_enabled: false` if no check sends log lines, or `logs_dd_url` to where they belong";

const OTHER_FORM: &str = "see that the path of the address is complete; receivers other than Datadog's may need \
     `series_version: v1` and `compression: deflate`";

fn reach(message: &str) -> &'static str {
    match message.contains("certificate") {
        true => UNTRUSTED,
        false => UNREACHABLE,
    }
}

fn remedy(refusal: &Refusal, kind: &Kind) -> &'static str {
    let answered = refusal.message.contains("` answered ");
    match refusal.remedy {
        Remedy::Hold => BAD_KEY,
        _ if !answered => reach(&refusal.message),
        _ if kind.route == kind::LOGS.route => NO_LOGS,
        _ => OTHER_FORM,
    }
}

fn wrong(what: String, message: String, hint: &str) -> Diagnosis {
    Diagnosis { what, outcome: Err(Complaint { message, hint: hint.to_owned() }) }
}
