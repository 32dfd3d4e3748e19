//! Traffic and delays of block devices.

use std::collections::HashMap;
use std::time::Instant;

use allwell::prelude::*;
use procfs::DiskStat;

/// Traffic and delays of block devices.
#[check(name = "io", enabled_by_default)]
impl Check for Io {
    type Config = ();
    type Metrics = (Vec<Device>, Blocks);

    async fn start((): (), _cx: &Context) -> Result<Self> {
        Ok(Self::default())
    }

    async fn run(&mut self, _cx: &Context) -> Result<Self::Metrics> {
        let now = Instant::now();
        let stats = procfs::diskstats()?.into_iter().filter(|stat| stat.reads + stat.writes > 0);
        let stats: HashMap<String, DiskStat> =
            stats.map(|stat| (stat.name.clone(), stat)).collect();
        let last = self.last.as_ref();
        let devices = stats.values().map(|stat| {
            let before = last.and_then(|(time, stats)| Some((*time, stats.get(&stat.name)?)));
            let since = before.map(|(time, before)| Since::new(before, stat, now - time));
            Device::new(stat, since)
        });
        let devices = devices.collect();
        self.last = Some((now, stats));
        Ok((devices, Blocks::read()?))
    }
}

/// The counters of the last look; there are no delays at the first.
#[derive(Default)]
pub struct Io {
    last: Option<(Instant, HashMap<String, DiskStat>)>,
}

/// A block device that has been read from or written to.
#[derive(Metrics)]
#[metrics(namespace = "system.io")]
pub struct Device {
    /// The device, as `sda`.
    #[tag]
    device: String,
    /// The same, under the name that other checks of disks tag it with.
    #[tag]
    device_name: String,
    /// Reads.
    #[metric(name = "r_s")]
    reads: Rate<Per<Request, Second>>,
    /// Writes.
    #[metric(name = "w_s")]
    writes: Rate<Per<Request, Second>>,
    /// Reads that were merged into others before they reached the device.
    #[metric(name = "rrqm_s")]
    reads_merged: Rate<Per<Request, Second>>,
    /// Writes that were merged into others before they reached the device.
    #[metric(name = "wrqm_s")]
    writes_merged: Rate<Per<Request, Second>>,
    #[metrics(flatten)]
    since: Option<Since>,
}

impl Device {
    fn new(stat: &DiskStat, since: Option<Since>) -> Self {
        Self {
            device: stat.name.clone(),
            device_name: stat.name.clone(),
            reads: stat.reads.into(),
            writes: stat.writes.into(),
            reads_merged: stat.merged.into(),
            writes_merged: stat.writes_merged.into(),
            since,
        }
    }
}

/// What a device did since the last look, as `iostat` shows it.
#[derive(Metrics)]
#[metrics(namespace = "system.io")]
pub struct Since {
    /// Data read.
    #[metric(name = "rkb_s")]
    read: Gauge<Per<Kibibyte, Second>>,
    /// Data written.
    #[metric(name = "wkb_s")]
    written: Gauge<Per<Kibibyte, Second>>,
    /// Size of a request.
    #[metric(name = "avg_rq_sz")]
    request_size: Gauge<Sector>,
    /// Requests that waited or were served at a time.
    #[metric(name = "avg_q_sz", orientation = lower_is_better)]
    queue: Gauge<Request>,
    /// Time from a request to its answer, that in the queue included.
    #[metric(name = "await", orientation = lower_is_better)]
    wait: Gauge<Millisecond>,
    /// Time from a read to its answer.
    #[metric(name = "r_await", orientation = lower_is_better)]
    read_wait: Gauge<Millisecond>,
    /// Time from a write to its answer.
    #[metric(name = "w_await", orientation = lower_is_better)]
    write_wait: Gauge<Millisecond>,
    /// Busy time for each request; says little about devices that serve several at a time.
    #[metric(name = "svctm")]
    service_time: Gauge<Millisecond>,
    /// Time in which the device served at least one request.
    #[metric(name = "util", orientation = lower_is_better)]
    busy: Gauge<Percent>,
}

impl Since {
    fn new(last: &DiskStat, now: &DiskStat, elapsed: Duration) -> Self {
        // A device that was replaced under its name begins at zero again; that look counts nothing.
        let grown = |count: fn(&DiskStat) -> u64| count(now).saturating_sub(count(last)) as f64;
        let (reads, writes) = (grown(|stat| stat.reads), grown(|stat| stat.writes));
        let (read_time, write_time) =
            (grown(|stat| stat.time_reading), grown(|stat| stat.time_writing));
        let sectors_read = grown(|stat| stat.sectors_read);
        let sectors_written = grown(|stat| stat.sectors_written);
        let busy = grown(|stat| stat.time_in_progress);
        let seconds = elapsed.as_secs_f64();
        Self {
            read: (sectors_read / SECTORS_PER_KIBIBYTE / seconds).into(),
            written: (sectors_written / SECTORS_PER_KIBIBYTE / seconds).into(),
            request_size: each(sectors_read + sectors_written, reads + writes).into(),
            queue: (grown(|stat| stat.weighted_time_in_progress) / 1000.0 / seconds).into(),
            wait: each(read_time + write_time, reads + writes).into(),
            read_wait: each(read_time, reads).into(),
            write_wait: each(write_time, writes).into(),
            service_time: each(busy, reads + writes).into(),
            busy: (busy / 10.0 / seconds).into(),
        }
    }
}

/// A sector of the kernel's counters has 512 bytes, whatever the device's own are.
const SECTORS_PER_KIBIBYTE: f64 = 2.0;

/// The part of each of `count`, zero if there was none.
fn each(sum: f64, count: f64) -> f64 {
    if count > 0.0 { sum / count } else { 0.0 }
}

/// Traffic of all block devices, as the memory management counts it.
#[derive(Metrics)]
#[metrics(namespace = "system.io")]
pub struct Blocks {
    /// Data read.
    #[metric(name = "block_in")]
    paged_in: Option<Rate<Per<Kibibyte, Second>>>,
    /// Data written.
    #[metric(name = "block_out")]
    paged_out: Option<Rate<Per<Kibibyte, Second>>>,
}

impl Blocks {
    fn read() -> Result<Self> {
        let counters = procfs::vmstat()?;
        let kibibytes = |name| counters.get(name).map(|&count| count.into());
        Ok(Self { paged_in: kibibytes("pgpgin"), paged_out: kibibytes("pgpgout") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stat(numbers: &str) -> DiskStat {
        DiskStat::from_line(&format!("254 0 vda {numbers}")).expect("a line of `/proc/diskstats`")
    }

    #[test]
    fn what_a_device_did_is_computed_as_iostat_does() {
        let last = stat("100 0 1000 50 10 0 200 20 0 300 70");
        let now = stat("140 0 1800 130 20 0 600 70 0 800 2070");
        let since = Since::new(&last, &now, Duration::from_secs(2));
        assert_eq!((since.read, since.written), (200.into(), 100.into()));
        assert_eq!((since.request_size, since.queue), (24.into(), 1.into()));
        assert_eq!((since.read_wait, since.write_wait), (2.into(), 5.into()));
        assert_eq!((since.wait, since.service_time), (2.6.into(), 10.into()));
        assert_eq!(since.busy, 25.into());
    }

    #[test]
    fn an_idle_device_and_one_that_was_replaced_did_nothing() {
        let last = stat("100 0 1000 50 10 0 200 20 0 300 70");
        for now in [last.clone(), stat("0 0 0 0 0 0 0 0 0 0 0")] {
            let since = Since::new(&last, &now, Duration::from_secs(2));
            assert_eq!((since.read, since.written), (0.into(), 0.into()));
            assert_eq!(
                (since.wait, since.service_time, since.busy),
                (0.into(), 0.into(), 0.into())
            );
        }
    }
}
