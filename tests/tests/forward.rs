//! The forwarder in a process of its own: killed at the worst moments, with a disk that is full, with servers that nobody trusts.
#![allow(clippy::print_stdout, reason = "figures for those who look")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use allwell::http::HttpOptions;
use allwell::output::Amount;
use allwell::output::forward::{ForwardOptions, Forwarder, HttpEndpoint, Payload};
use allwell::testing::http::matchers::any;
use allwell::testing::http::{Mock, MockServer, ResponseTemplate};
use allwell_tests::{Authority, Nginx};

/// What the process says of itself.
#[derive(Debug, Clone, Default)]
struct Counts {
    when: String,
    pushed: u64,
    restored: u64,
    delivered: u64,
    queued: u64,
    stored: u64,
    dropped: u64,
    refused: u64,
    errors: u64,
    /// Of all processes.
    taken: u64,
    killed: u64,
    lost: u64,
    again: u64,
    error: String,
}

impl Counts {
    fn read(line: &str) -> Self {
        let mut words = line.splitn(14, ' ');
        let when = words.next().unwrap().to_owned();
        let mut number = || words.next().unwrap().parse().unwrap();
        let [pushed, restored, delivered, queued, stored, dropped, refused, errors] =
            std::array::from_fn(|_| number());
        let [taken, killed, lost, again] = std::array::from_fn(|_| number());
        Self {
            when,
            pushed,
            restored,
            delivered,
            queued,
            stored,
            dropped,
            refused,
            errors,
            taken,
            killed,
            lost,
            again,
            error: words.next().unwrap_or_default().to_owned(),
        }
    }

    fn conserved(self) -> Self {
        let gone = self.delivered + self.queued + self.dropped + self.refused;
        assert_eq!(self.pushed + self.restored, gone, "{self:?}");
        self
    }
}

struct Process {
    child: Child,
    lines: Receiver<Counts>,
    last: Counts,
}

impl Process {
    /// Starts it, with a limit of the size of a file in blocks of 512 bytes if there is to be one.
    fn start(url: &str, spool: &Path, first: u64, count: u64, limit: Option<u64>) -> Self {
        let binary = env!("CARGO_BIN_EXE_forwarder");
        let mut command = match limit {
            None => Command::new(binary),
            Some(blocks) => {
                let mut shell = Command::new("sh");
                let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
                shell.args(["-c", &script, binary]);
                shell
            }
        };
        let arguments = [url.to_owned(), spool.display().to_string()];
        command.args(arguments).args([first.to_string(), count.to_string()]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it can be started");
        let (out, (sender, lines)) = (child.stdout.take().unwrap(), channel());
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if sender.send(Counts::read(&line).conserved()).is_err() {
                    return;
                }
            }
        });
        Self { child, lines, last: Counts::default() }
    }

    /// Waits until it says something.
    async fn wait(&mut self, what: &str, is_so: impl Fn(&Counts) -> bool) -> Counts {
        let deadline = Instant::now() + Duration::from_mins(2);
        while Instant::now() < deadline {
            while let Ok(counts) = self.lines.try_recv() {
                self.last = counts;
                if is_so(&self.last) {
                    return self.last.clone();
                }
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("{what}: {:?}", self.last);
    }

    /// Kills it, and gives the last that it said.
    fn kill(mut self) -> Counts {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        while let Ok(counts) = self.lines.recv() {
            self.last = counts;
        }
        self.last
    }

    /// Ends it, and gives what it says at the end.
    async fn end(mut self) -> Counts {
        drop(self.child.stdin.take());
        let counts = self.wait("an end", |counts| counts.when == "end").await;
        assert!(self.child.wait().unwrap().success());
        counts
    }
}

/// A directory in memory, where the system has one there: what a killed process has written stays, and nothing waits for a disk.
fn directory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

async fn answer(server: &MockServer, status: u16) {
    server.reset().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(status)).mount(server).await;
}

/// The numbers that the server has been sent since it was last told what to answer.
async fn sent(server: &MockServer) -> Vec<u64> {
    let number = |body: &[u8]| {
        let text = std::str::from_utf8(body).unwrap();
        text.split(' ').next().unwrap().parse().unwrap()
    };
    let requests = server.received_requests().await.unwrap();
    requests.iter().map(|request| number(&request.body)).collect()
}

#[tokio::test]
async fn killed_again_and_again_it_loses_nothing_that_was_on_the_disk() {
    let (server, dir) = (MockServer::start().await, directory());
    let (mut accepted, mut safe) = (Vec::new(), Vec::new());
    let rounds = 4;
    for round in 0..rounds {
        // In turn: killed in an outage, while it writes, and after it, while what waits is sent.
        answer(&server, 503).await;
        let first = round * 10_000;
        let mut process = Process::start(&server.uri(), dir.path(), first, 10_000, None);
        let stored = 40 + 37 * round;
        process.wait("stored", |counts| counts.stored >= stored + counts.restored).await;
        if round % 2 == 1 {
            answer(&server, 202).await;
            let enough = 20 + 11 * round;
            process.wait("delivered", |counts| counts.delivered >= enough).await;
        }
        let last = process.kill();
        accepted.extend(if round % 2 == 1 { sent(&server).await } else { Vec::new() });
        safe.push((first, last));
    }
    answer(&server, 202).await;
    let mut process = Process::start(&server.uri(), dir.path(), 1_000_000, 10, None);
    process.wait("all", |counts| counts.pushed == 10 && counts.queued == 0).await;
    let counts = process.end().await;
    assert_eq!((counts.stored, counts.dropped, counts.refused), (0, 0, 0));
    accepted.extend(sent(&server).await);
    check(&accepted, &safe, rounds);
}

/// Every number that was on the disk was accepted, in order, and once but for those that were under way when it was killed.
fn check(accepted: &[u64], safe: &[(u64, Counts)], kills: u64) {
    let mut times = BTreeMap::<u64, u64>::new();
    for number in accepted {
        *times.entry(*number).or_default() += 1;
    }
    let twice = times.values().map(|times| times - 1).sum::<u64>();
    assert!(twice <= kills, "{twice} sent again after {kills} kills");
    assert!((1_000_000..1_000_010).all(|number| times[&number] == 1));
    let mut lost = 0;
    for (first, counts) in safe {
        // What this process was given is accepted up to a number, and that is not less than it knew to be safe: what it had
        // found on the disk comes before.
        let accepted = times.range(first..&(first + 10_000)).count() as u64;
        assert!((*first..first + accepted).all(|number| times.contains_key(&number)));
        let known = counts.delivered + counts.stored - counts.restored;
        assert!(accepted >= known, "{accepted} accepted of {counts:?}");
        lost += counts.pushed.saturating_sub(accepted);
    }
    println!(
        "{} accepted, {twice} of them twice, {lost} lost in memory by {kills} kills",
        times.len()
    );
}

#[tokio::test]
async fn killed_at_any_time_it_accounts_for_every_payload_and_keeps_their_order() {
    let (server, dir) = (MockServer::start().await, directory());
    let (mut accepted, rounds, count) = (Vec::new(), 50, 30);
    for round in 0..rounds {
        // An outage in the middle, and answers that come late before and after it.
        let outage = (20..30).contains(&round);
        server.reset().await;
        let late = Duration::from_millis(round * 7 % 40);
        let answer = ResponseTemplate::new(if outage { 503 } else { 202 }).set_delay(late);
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let process = Process::start(&server.uri(), dir.path(), round * 10_000, count, None);
        // From its start to when all has been pushed, in steps that share no factor.
        tokio::time::sleep(Duration::from_millis(round * 7919 % 191)).await;
        process.kill();
        accepted.extend(if outage { Vec::new() } else { sent(&server).await });
    }
    answer(&server, 202).await;
    let mut process = Process::start(&server.uri(), dir.path(), rounds * 10_000, count, None);
    let is_over = |counts: &Counts| counts.pushed == count && counts.queued == 0;
    let counts = process.wait("all", is_over).await;
    process.end().await;
    accepted.extend(sent(&server).await);
    let mut once = Vec::new();
    for number in &accepted {
        if !once.contains(number) {
            once.push(*number);
        }
    }
    let (twice, once_count) = ((accepted.len() - once.len()) as u64, once.len() as u64);
    println!(
        "{} taken: {once_count} accepted, {} lost with {rounds} processes; {twice} twice, {} perhaps",
        counts.taken, counts.killed, counts.again
    );
    assert!(once.is_sorted(), "{once:?}");
    assert_eq!(once_count + counts.killed, counts.taken);
    assert!(twice <= counts.again && counts.lost == 0, "{counts:?}");
    // A process that was killed before it had begun took nothing; of each other one all is known.
    assert!(counts.taken % count == 0 && counts.taken >= count, "{counts:?}");
    assert!((rounds * 10_000..rounds * 10_000 + count).all(|number| once.contains(&number)));
}

#[tokio::test]
async fn a_disk_that_is_full_is_told_and_nothing_is_sent_twice() {
    let (server, dir) = (MockServer::start().await, directory());
    answer(&server, 503).await;
    // Files may have 2 MiB, and memory has 1 MiB: of what would take 6 MB there the oldest in memory have to go.
    let mut process = Process::start(&server.uri(), dir.path(), 0, 750, Some(4096));
    // What the server says is an error, too: either may be the last one.
    let is_told = |counts: &Counts| counts.error.contains("cannot be written: File too large");
    let counts = process.wait("all pushed", |counts| counts.pushed == 750 && is_told(counts)).await;
    assert!(counts.stored > 50 && counts.dropped > 200 && counts.errors > 1, "{counts:?}");
    answer(&server, 202).await;
    process.wait("all sent", |counts| counts.queued == 0).await;
    let counts = process.end().await;
    assert_eq!((counts.stored, counts.refused), (0, 0));
    let numbers = sent(&server).await;
    assert!(numbers.is_sorted(), "{numbers:?}");
    let mut once = numbers.clone();
    once.dedup();
    assert_eq!((numbers.len() as u64, once.len() as u64), (counts.delivered, counts.delivered));
    assert_eq!(counts.delivered + counts.dropped, 750);
    println!("{} of 750 accepted once, {} dropped and counted", counts.delivered, counts.dropped);
}

fn forwarder(url: &str, http: &HttpOptions) -> Forwarder {
    let endpoint = HttpEndpoint::new("server", url, http).unwrap();
    Forwarder::new(Arc::new(endpoint), ForwardOptions::default())
}

fn payload() -> Payload {
    Payload {
        route: "/".into(),
        content_type: "text/plain".into(),
        content_encoding: None,
        body: b"1".to_vec().into(),
        amount: Amount { series: 1, ..Amount::default() },
        made: std::time::SystemTime::now(),
    }
}

#[tokio::test]
async fn a_server_that_nobody_trusts_is_sent_nothing() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls(&authority);
    let untrusting = forwarder(&nginx.url(""), &HttpOptions::default());
    untrusting.push(payload());
    tokio::time::sleep(Duration::from_millis(500)).await;
    let held = untrusting.held();
    assert_eq!((held.queued.series, held.retrying), (1, true));
    let message = held.last_error.unwrap().1;
    assert!(
        message.ends_with("cannot be reached: invalid peer certificate: UnknownIssuer"),
        "{message}"
    );
    // With its authority it is heard.
    let tls_ca_cert = Some(authority.certificate());
    let trusting =
        forwarder(&nginx.url(""), &HttpOptions { tls_ca_cert, ..HttpOptions::default() });
    trusting.push(payload());
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(trusting.statistics().delivered.series, 1);
}
