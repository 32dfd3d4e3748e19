//! Points through a socket to DogStatsD that a thread drains: ours, `cadence` (buffered, with packets of the same size), and
//! Datadog's Python client, in turns.
//!
//! All send the same lines: gauges with five tags and a time. Ours has points as the sampler leaves them, ten to a record; the
//! others are called once a point. `bench-dogstatsd PYTHON SCRIPT` prints one JSON object a kind of socket: the most points a
//! second of several rounds, the least processor time of the sender, and how much arrived.

use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use allwell::aggregate::Sampler;
use allwell::metric::{Batch, Limits};
use allwell::output::dogstatsd::{DogStatsd, DogStatsdOptions};
use allwell::output::{Delivery, Output};
use allwell::prelude::*;
use cadence::prelude::*;
use cadence::{BufferedUdpMetricSink, BufferedUnixMetricSink, MetricSink, StatsdClient};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How many points a round of ours and of `cadence` sends, and one of the Python client. Short rounds find a quiet moment.
const POINTS: u32 = 500_000;
const PYTHON_POINTS: u32 = 50_000;

/// How many times each has its turn.
const ROUNDS: usize = 15;

/// How many points are delivered at once: as many as the hub hands on at once.
const AT_ONCE: u32 = 10_000;

/// The size of packets, as the Agent takes them.
const PACKET: usize = 8192;

const TIME: u64 = 1_700_000_000;

#[derive(Metrics)]
#[metrics(namespace = "bench.disk")]
struct Disk {
    #[tag]
    device: u32,
    #[tag]
    mount_point: u32,
    #[tag]
    filesystem: &'static str,
    /// A value.
    a: Gauge<Byte>,
    /// A value.
    b: Gauge<Byte>,
    /// A value.
    c: Gauge<Byte>,
    /// A value.
    d: Gauge<Byte>,
    /// A value.
    e: Gauge<Byte>,
    /// A value.
    f: Gauge<Byte>,
    /// A value.
    g: Gauge<Byte>,
    /// A value.
    h: Gauge<Byte>,
    /// A value.
    i: Gauge<Byte>,
    /// A value.
    j: Gauge<Byte>,
}

const NAMES: [&str; 10] = [
    "bench.disk.a",
    "bench.disk.b",
    "bench.disk.c",
    "bench.disk.d",
    "bench.disk.e",
    "bench.disk.f",
    "bench.disk.g",
    "bench.disk.h",
    "bench.disk.i",
    "bench.disk.j",
];

fn disk(number: u32) -> Disk {
    let value = |metric: u32| value(number * 10 + metric).into();
    Disk {
        device: number,
        mount_point: number,
        filesystem: "ext4",
        a: value(0),
        b: value(1),
        c: value(2),
        d: value(3),
        e: value(4),
        f: value(5),
        g: value(6),
        h: value(7),
        i: value(8),
        j: value(9),
    }
}

/// Every second one is whole.
fn value(point: u32) -> f64 {
    f64::from(point) * 0.5
}

/// What one round came to.
#[derive(Clone, Copy)]
struct Round {
    points: u32,
    received: u64,
    wall: Duration,
    cpu: Duration,
}

/// The best of several rounds.
struct Best {
    per_second: f64,
    cpu_ns: f64,
    received: f64,
}

impl Best {
    fn of(rounds: &[Round]) -> Self {
        let each = |value: fn(&Round) -> f64| rounds.iter().map(value);
        Self {
            per_second: each(|round| round.received as f64 / round.wall.as_secs_f64())
                .fold(0.0, f64::max),
            cpu_ns: each(|round| round.cpu.as_secs_f64() * 1e9 / f64::from(round.points))
                .fold(f64::INFINITY, f64::min),
            received: each(|round| round.received as f64 / f64::from(round.points))
                .fold(1.0, f64::min),
        }
    }
}

/// A socket that is drained.
enum Socket {
    Unix(PathBuf),
    Udp(u16),
}

impl Socket {
    const fn name(&self) -> &'static str {
        match self {
            Self::Unix(_) => "unix",
            Self::Udp(_) => "udp",
        }
    }

    fn url(&self) -> String {
        match self {
            Self::Unix(path) => format!("unixgram://{}", path.display()),
            Self::Udp(port) => format!("udp://127.0.0.1:{port}"),
        }
    }

    /// Ends the count of a round: an empty datagram comes behind all others.
    fn end(&self) -> io::Result<()> {
        match self {
            Self::Unix(path) => UnixDatagram::unbound()?.send_to(&[], path)?,
            Self::Udp(port) => {
                // What is still in the queue is read first.
                thread::sleep(Duration::from_millis(100));
                UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?
                    .send_to(&[], (Ipv4Addr::LOCALHOST, *port))?
            }
        };
        Ok(())
    }
}

/// Counts the lines of datagrams up to an empty one, and says when the last one came.
fn drain(receive: impl Fn(&mut [u8]) -> io::Result<usize>) -> io::Result<(u64, Instant)> {
    let (mut lines, mut last, mut buffer) = (0, Instant::now(), vec![0; 1 << 16]);
    loop {
        let length = receive(&mut buffer)?;
        if length == 0 {
            return Ok((lines, last));
        }
        let packet = &buffer[..length];
        // Python ends its packets with a line break.
        lines += line_breaks(packet) + u64::from(packet.last() != Some(&b'\n'));
        last = Instant::now();
    }
}

/// Counts by pieces in which a byte can count, so that the reader is never the slower one.
fn line_breaks(packet: &[u8]) -> u64 {
    let pieces = packet.chunks(255);
    let counts = pieces.map(|piece| piece.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>());
    counts.map(u64::from).sum()
}

/// One round: sends, and waits until all has been drained.
fn round(
    points: u32,
    unix: bool,
    send: impl FnOnce(&Socket) -> Result<Option<(Duration, Duration)>>,
) -> Result<Round> {
    let path = std::env::temp_dir().join(format!("bench-dogstatsd-{}", std::process::id()));
    let (socket, reader) = if unix {
        let _ = std::fs::remove_file(&path);
        let socket = UnixDatagram::bind(&path)?;
        let reader = thread::spawn(move || drain(|buffer| socket.recv(buffer)));
        (Socket::Unix(path.clone()), reader)
    } else {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = socket.local_addr()?.port();
        let reader = thread::spawn(move || drain(|buffer| socket.recv(buffer)));
        (Socket::Udp(port), reader)
    };
    let (start, before) = (Instant::now(), own_cpu());
    let told = send(&socket)?;
    let cpu = own_cpu().saturating_sub(before);
    socket.end()?;
    let (received, last) = reader.join().map_err(|_| "the reader has panicked")??;
    let _ = std::fs::remove_file(&path);
    let (wall, cpu) = told.unwrap_or((last.saturating_duration_since(start), cpu));
    Ok(Round { points, received, wall, cpu })
}

/// The processor time of this thread.
fn own_cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = stat.split_whitespace().next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}

fn ours(socket: &Socket, batch: &[Arc<Delivery>]) -> Result<()> {
    let mut options = DogStatsdOptions::new(socket.url().parse().map_err(|_| "an address")?);
    options.patience = Duration::from_secs(10);
    let output = DogStatsd::new(options);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        for _ in 0..POINTS / AT_ONCE {
            output.deliver(batch).await?;
        }
        Ok(())
    })
}

fn cadence(socket: &Socket) -> Result<()> {
    match socket {
        Socket::Unix(path) => {
            let socket = UnixDatagram::unbound()?;
            send_by_cadence(BufferedUnixMetricSink::with_capacity(path, socket, PACKET))
        }
        Socket::Udp(port) => {
            let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
            let address = (Ipv4Addr::LOCALHOST, *port);
            send_by_cadence(BufferedUdpMetricSink::with_capacity(address, socket, PACKET)?)
        }
    }
}

fn send_by_cadence(
    sink: impl MetricSink + Send + Sync + std::panic::RefUnwindSafe + 'static,
) -> Result<()> {
    let client = StatsdClient::from_sink("", sink);
    for point in 0..POINTS {
        let point = point % AT_ONCE;
        let number = (point / 10).to_string();
        client
            .gauge_with_tags(NAMES[point as usize % 10], value(point))
            .with_tag("env", "bench")
            .with_tag("team", "allwell")
            .with_tag("device", &number)
            .with_tag("mount_point", &number)
            .with_tag("filesystem", "ext4")
            .with_timestamp(TIME)
            .try_send()?;
    }
    client.flush()?;
    Ok(())
}

/// The client's own times: those of starting Python are not in them.
fn python(socket: &Socket, python: &str, script: &str) -> Result<Option<(Duration, Duration)>> {
    let output =
        Command::new(python).args([script, &socket.url(), &PYTHON_POINTS.to_string()]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let mut seconds = text.split_whitespace().map(str::parse);
    let (Some(wall), Some(cpu)) = (seconds.next(), seconds.next()) else {
        return Err("no times".into());
    };
    Ok(Some((Duration::from_secs_f64(wall?), Duration::from_secs_f64(cpu?))))
}

fn batch() -> Vec<Arc<Delivery>> {
    // Runs of a thousand points.
    let run = |run: u32| {
        let mut batch = Batch::new(["env:bench", "team:allwell"], Limits::default());
        (run * 100..(run + 1) * 100).for_each(|number| disk(number).emit(&mut batch.emitter()));
        let mut sampler = Sampler::new();
        sampler.add(&batch, TIME as f64);
        let series = sampler.commit(TIME as f64).series;
        Arc::new(Delivery {
            check: "bench",
            instance: "bench:1".into(),
            host: Some("bench".into()),
            time: TIME as f64,
            tags: Arc::from([]),
            series,
            sketches: Vec::new(),
            service_checks: Vec::new(),
            events: Vec::new(),
            logs: Vec::new(),
        })
    };
    (0..AT_ONCE / 1000).map(run).collect()
}

#[expect(clippy::print_stdout, reason = "the result")]
fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let peer = arguments.next().zip(arguments.next());
    let batch = batch();
    for unix in [true, false] {
        let (mut own, mut theirs, mut pythons) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            own.push(round(POINTS, unix, |socket| ours(socket, &batch).map(|()| None))?);
            theirs.push(round(POINTS, unix, |socket| cadence(socket).map(|()| None))?);
            if let Some((interpreter, script)) = &peer {
                pythons.push(round(PYTHON_POINTS, unix, |socket| {
                    python(socket, interpreter, script)
                })?);
            }
        }
        let socket = if unix { Socket::Unix(PathBuf::new()) } else { Socket::Udp(0) };
        let own = Best::of(&own);
        print!("{{\"socket\": \"{}\"", socket.name());
        for (name, best) in
            [("allwell", &own), ("cadence", &Best::of(&theirs)), ("python", &Best::of(&pythons))]
        {
            if best.per_second > 0.0 {
                print!(
                    ", \"{name}\": {{\"points_per_second\": {:.0}, \"cpu_ns_per_point\": {:.0}, \"received\": {:.3}, \
                     \"ratio\": {:.1}, \"cpu_ratio\": {:.1}}}",
                    best.per_second,
                    best.cpu_ns,
                    best.received,
                    own.per_second / best.per_second,
                    best.cpu_ns / own.cpu_ns
                );
            }
        }
        println!("}}");
    }
    Ok(())
}
