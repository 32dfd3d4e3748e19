//! Endpoints that do what no endpoint should: the run ends in time, in bounded memory, with an error that says why, and the health
//! service check is CRITICAL. What came before is submitted.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use allwell::metric::Status;
use allwell::testing::{Run, run};
use allwell_examples::openmetrics::OpenMetrics;
use allwell_tests::{Authority, Nginx};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n";
const GOOD: &str = "# TYPE good gauge\ngood 1\n";

/// How much more memory the process may have had than before, in KiB.
const MEMORY: u64 = 48 * 1024;

/// Runs the check once against a server that answers so, and says what is expected of each.
async fn scraped(answer: fn(&mut TcpStream) -> std::io::Result<()>, options: &str) -> Run {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it has an address");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(stream.try_clone().expect("a second handle"));
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|length| length > 2) {
                line.clear();
            }
            // The client is to go away.
            let _ = answer(&mut stream);
        }
    });
    let config = format!("openmetrics_endpoint: http://{address}/\nmetrics: ['.+']\n{options}");
    let (before, started) = (peak(), Instant::now());
    let run = run::<OpenMetrics>(&config).await;
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    assert!(peak() < before + MEMORY, "{} KiB before, {} at its peak", before, peak());
    run
}

#[track_caller]
fn assert_critical(run: &Run, reason: &str) {
    run.assert_failed(reason);
    match run.status("openmetrics.health") {
        Some(Status::Critical(message)) => assert!(message.contains(reason), "{message}"),
        status => panic!("the health is {status:?}: {run}"),
    }
}

fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("the kernel says");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("it is there");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[tokio::test]
async fn one_that_drips_is_given_up() {
    let drip = |stream: &mut TcpStream| {
        write!(stream, "{HEAD}\r\n{GOOD}")?;
        loop {
            stream.write_all(b"#")?;
            thread::sleep(Duration::from_millis(50));
        }
    };
    let run = scraped(drip, "timeout: 1").await;
    assert_critical(&run, "did not answer within 1s");
    assert_eq!(run.values("good"), [1.0]);
}

#[tokio::test]
async fn one_that_never_ends_is_given_up() {
    let endless = |stream: &mut TcpStream| {
        write!(stream, "{HEAD}\r\n{GOOD}# TYPE more gauge\n")?;
        let mut number = 0_u64;
        loop {
            let mut lines = Vec::new();
            for number in number..number + 1000 {
                writeln!(lines, "more{{n=\"{number}\"}} 1")?;
            }
            stream.write_all(&lines)?;
            number += 1000;
        }
    };
    let run = scraped(endless, "timeout: 3").await;
    assert_critical(&run, "did not answer within 3s");
    assert_eq!((run.metrics.len(), run.values("good")), (2000, vec![1.0]));
    assert!(run.report.drops.over_limit > 0);
}

#[tokio::test]
async fn one_line_that_never_ends_is_not_kept() {
    let endless = |stream: &mut TcpStream| {
        write!(stream, "{HEAD}Content-Length: 10000000000\r\n\r\n{GOOD}endless")?;
        loop {
            stream.write_all(&[b'x'; 8192])?;
        }
    };
    let run = scraped(endless, "timeout: 3").await;
    let reason = if run.report.outcome.to_string().contains("longer") {
        "longer than"
    } else {
        "did not answer"
    };
    assert_critical(&run, reason);
    assert_eq!(run.values("good"), [1.0]);
}

#[tokio::test]
async fn one_that_ends_too_early_is_told_of() {
    let short = |stream: &mut TcpStream| write!(stream, "{HEAD}Content-Length: 1000\r\n\r\n{GOOD}");
    let run = scraped(short, "").await;
    assert_critical(&run, "end of file before message length reached");
    assert_eq!(run.values("good"), [1.0]);
}

#[tokio::test]
async fn one_that_makes_up_names_without_end_is_not_remembered() {
    let names = |stream: &mut TcpStream| {
        write!(stream, "{HEAD}Connection: close\r\n\r\n{GOOD}")?;
        for thousand in 0..200 {
            let lines = (0..1000).map(|number| {
                let value = if number % 2 == 0 { "1" } else { "NaN" };
                format!("# TYPE made_up_{thousand}_{number} gauge\nmade_up_{thousand}_{number} {value}\n")
            });
            stream.write_all(lines.collect::<String>().as_bytes())?;
        }
        Ok(())
    };
    let run = scraped(names, "").await;
    run.assert_ok();
    assert_eq!((run.metrics.len(), run.values("good")), (2000, vec![1.0]));
    let told = run.report.warnings.iter().any(|warning| warning.contains("are more than 16384"));
    assert!(told, "{:?}", run.report.warnings);
}

#[tokio::test]
async fn one_that_lies_about_its_encoding_is_told_of() {
    let plain = |stream: &mut TcpStream| {
        write!(
            stream,
            "{HEAD}Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n{GOOD}",
            GOOD.len()
        )
    };
    assert_critical(&scraped(plain, "").await, "cannot be read");
}

#[tokio::test]
async fn one_that_redirects_in_a_circle_is_told_of() {
    let circle = |stream: &mut TcpStream| {
        write!(
            stream,
            "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
    };
    assert_critical(&scraped(circle, "").await, "redirects too often");
}

#[tokio::test]
async fn one_that_answers_an_error_is_told_of() {
    let broken = |stream: &mut TcpStream| {
        write!(stream, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
    };
    assert_critical(&scraped(broken, "").await, "503");
}

#[tokio::test]
async fn a_bad_certificate_is_told_of() {
    let nginx = Nginx::start_tls(&Authority::new());
    let config = format!("openmetrics_endpoint: {}\nmetrics: ['.+']", nginx.url("/"));
    assert_critical(&run::<OpenMetrics>(&config).await, "invalid peer certificate");
}
