//! A process that forwards numbered payloads of a point each, until its standard input ends. It says what became of them.
//!
//! `forwarder URL DIRECTORY FIRST COUNT`: announces and pushes COUNT payloads, one every 5 ms, numbered from FIRST; their spool is the
//! directory.

use std::io::{Read, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use allwell::http::HttpOptions;
use allwell::output::Amount;
use allwell::output::forward::{
    Backoff, ForwardOptions, Forwarder, HttpEndpoint, Payload, SpoolOptions,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [url, directory, first, count] = arguments.as_slice() else { return ExitCode::FAILURE };
    let (Ok(first), Ok(count)) = (first.parse::<u64>(), count.parse::<u64>()) else {
        return ExitCode::FAILURE;
    };
    let Ok(endpoint) = HttpEndpoint::new("server", url, &HttpOptions::default()) else {
        return ExitCode::FAILURE;
    };
    let forwarder = Forwarder::new(Arc::new(endpoint), options(directory));
    let complete = Arc::new(AtomicBool::new(false));
    wait_for_the_end(Arc::clone(&complete));
    forwarder.announce(Amount { series: count, ..Amount::default() });
    let mut pushed = 0;
    while !complete.load(Ordering::Relaxed) {
        if pushed < count {
            forwarder.push(payload(first + pushed));
            pushed += 1;
        }
        tell("now", &forwarder);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    forwarder.finish(Duration::from_secs(4)).await;
    tell("end", &forwarder);
    ExitCode::SUCCESS
}

fn options(directory: &str) -> ForwardOptions {
    let backoff = Backoff {
        base: Duration::from_millis(20),
        longest: Duration::from_millis(200),
        ..Backoff::default()
    };
    let spool = SpoolOptions { after: Duration::from_millis(50), ..SpoolOptions::new(directory) };
    ForwardOptions { most_bytes: 1 << 20, spool: Some(spool), backoff, ..ForwardOptions::default() }
}

/// A number, and 4000 bytes after it.
fn payload(number: u64) -> Payload {
    Payload {
        route: "/api/v2/series".into(),
        content_type: "text/plain".into(),
        content_encoding: None,
        body: format!("{number} {}", "-".repeat(4000)).into_bytes().into(),
        amount: Amount { series: 1, ..Amount::default() },
        made: SystemTime::now(),
    }
}

/// One line of numbers, in this order: pushed, restored, delivered, queued, stored, dropped, refused, errors; and of all processes: taken,
/// killed, dropped, again.
fn tell(when: &str, forwarder: &Forwarder) {
    let counts = forwarder.statistics();
    let [pushed, restored, delivered, queued, stored, dropped, refused] = [
        counts.pushed,
        counts.restored,
        counts.delivered,
        counts.queued,
        counts.stored,
        counts.dropped(),
        counts.refused,
    ]
    .map(|amount| amount.total());
    let errors = counts.errors;
    let error = counts.last_error.map(|(_, message)| message).unwrap_or_default();
    let lasting = forwarder.lasting().unwrap_or_default();
    let [taken, killed, lost, again] =
        [lasting.taken, lasting.killed, lasting.dropped, lasting.again]
            .map(|amount| amount.total());
    let _ = writeln!(
        std::io::stdout(),
        "{when} {pushed} {restored} {delivered} {queued} {stored} {dropped} {refused} {errors} \
         {taken} {killed} {lost} {again} {error}"
    );
}

fn wait_for_the_end(complete: Arc<AtomicBool>) {
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        complete.store(true, Ordering::Relaxed);
    });
}
