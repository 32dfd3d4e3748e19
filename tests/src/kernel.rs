//! What the kernel says, read independently of the checks, and ways to give it something to count.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use allwell::testing::Run;

/// A file below `/proc`.
pub fn proc(file: &str) -> String {
    std::fs::read_to_string(format!("/proc/{file}")).expect("`/proc` is mounted")
}

/// The number of processors.
pub fn processors() -> usize {
    let stat = proc("stat");
    stat.lines().filter(|line| line.starts_with("cpu") && !line.starts_with("cpu ")).count()
}

/// The value of a metric that was submitted once.
#[track_caller]
pub fn value(run: &Run, name: &str) -> f64 {
    let [value] = run.values(name)[..] else { panic!("`{name}` was not submitted once: {run}") };
    value
}

/// The value of a metric that was submitted once with a tag.
#[track_caller]
pub fn tagged(run: &Run, name: &str, tag: &str) -> f64 {
    let mut found = run.metrics.iter().filter(|metric| metric.name == name);
    let found = found.find(|metric| metric.tags.iter().any(|given| given == tag));
    found.unwrap_or_else(|| panic!("`{name}` was not submitted with `{tag}`: {run}")).value
}

/// Bytes received by each interface that has seen traffic.
pub fn received() -> BTreeMap<String, f64> {
    let table = proc("net/dev");
    let rows = table.lines().skip(2).filter_map(|line| line.split_once(':'));
    let rows = rows.map(|(interface, numbers)| {
        let numbers: Vec<f64> = numbers.split_whitespace().map(|n| n.parse().unwrap()).collect();
        (interface.trim().to_owned(), numbers)
    });
    let rows = rows.filter(|(_, numbers)| numbers[0] + numbers[8] > 0.0);
    rows.map(|(interface, numbers)| (interface, numbers[0])).collect()
}

/// The values that stand in both looks.
pub fn both(
    before: &BTreeMap<String, f64>,
    after: &BTreeMap<String, f64>,
) -> BTreeMap<String, (f64, f64)> {
    let pairs =
        before.iter().filter_map(|(key, &old)| Some((key.clone(), (old, *after.get(key)?))));
    pairs.collect()
}

/// How many bytes [`talk_to_oneself`] sends.
pub const TALK: usize = 100_000;

/// Sends some data through the loopback interface.
pub fn talk_to_oneself() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("no port is free");
    let address = listener.local_addr().expect("a listener has an address");
    let speaker = std::thread::spawn(move || {
        let mut stream = TcpStream::connect(address).expect("this test listens there");
        stream.write_all(&vec![0; TALK]).expect("this test reads it");
    });
    let (mut stream, _) = listener.accept().expect("this test connects");
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).expect("this test writes it");
    speaker.join().expect("the speaker does not fail");
    assert_eq!(heard.len(), TALK);
}

/// Computes for some time.
pub fn keep_a_processor_busy(time: Duration) {
    let until = Instant::now() + time;
    while Instant::now() < until {
        std::hint::spin_loop();
    }
}
