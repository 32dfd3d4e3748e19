//! What processes take, summed over all of them.

use allwell::prelude::*;
use procfs::{Current as _, CurrentSI as _, KernelStats, Meminfo, Uptime};

use super::look::{Look, Times};

/// What the processes take together. What is missing may not be seen by this user.
#[derive(Metrics)]
#[metrics(namespace = "system.processes")]
pub struct Usage {
    /// Threads.
    threads: Gauge<Thread>,
    /// Time of processors since the last look; 100 is one processor.
    #[metric(name = "cpu.pct")]
    cpu: Option<Gauge<Percent>>,
    /// Time of processors since the last look; 100 is all of the host's.
    #[metric(name = "cpu.normalized_pct")]
    cpu_normalized: Option<Gauge<Percent>>,
    /// Memory that is not swapped out, shared memory included.
    #[metric(name = "mem.rss")]
    resident: Gauge<Byte>,
    /// Memory that is not swapped out, without shared memory.
    #[metric(name = "mem.real")]
    unshared: Gauge<Byte>,
    /// Address space.
    #[metric(name = "mem.vms")]
    virtual_size: Gauge<Byte>,
    /// Share of the host's memory that is not swapped out.
    #[metric(name = "mem.pct")]
    memory: Gauge<Percent>,
    /// Pages that had to be found in memory.
    #[metric(name = "mem.page_faults.minor_faults")]
    minor_faults: Rate<Per<Occurrence, Second>>,
    /// Pages that ended children had to find in memory.
    #[metric(name = "mem.page_faults.children_minor_faults")]
    children_minor_faults: Rate<Per<Occurrence, Second>>,
    /// Pages that had to be read from a device.
    #[metric(name = "mem.page_faults.major_faults")]
    major_faults: Rate<Per<Occurrence, Second>>,
    /// Pages that ended children had to read from a device.
    #[metric(name = "mem.page_faults.children_major_faults")]
    children_major_faults: Rate<Per<Occurrence, Second>>,
    /// How often a thread waited for something, since the processes began.
    voluntary_ctx_switches: Option<Gauge<Event>>,
    /// How often a thread had to make way for another, since the processes began.
    involuntary_ctx_switches: Option<Gauge<Event>>,
    /// Open files.
    open_file_descriptors: Option<Gauge<File>>,
    /// Reads since the processes began.
    ioread_count: Option<Gauge<Read>>,
    /// Data read from devices since the processes began.
    ioread_bytes: Option<Gauge<Byte>>,
    /// Writes since the processes began.
    iowrite_count: Option<Gauge<Write>>,
    /// Data written to devices since the processes began.
    iowrite_bytes: Option<Gauge<Byte>>,
    /// Age of the processes on average.
    #[metric(name = "run_time.avg")]
    average_age: Gauge<Second>,
    /// Age of the oldest process.
    #[metric(name = "run_time.max")]
    oldest: Gauge<Second>,
    /// Age of the youngest process.
    #[metric(name = "run_time.min")]
    youngest: Gauge<Second>,
}

impl Usage {
    /// Nothing if there is no process.
    pub(super) fn of(found: &[Look], last: Option<(Duration, Times)>) -> Result<Option<Self>> {
        let uptime = Uptime::current()?.uptime_duration();
        let ages: Vec<_> = found.iter().map(|look| uptime.saturating_sub(look.began())).collect();
        let (Some(&oldest), Some(&youngest)) = (ages.iter().max(), ages.iter().min()) else {
            return Ok(None);
        };
        let sum = |part: fn(&Look) -> u64| found.iter().map(part).sum::<u64>();
        let maybe = |part: fn(&Look) -> Option<u64>| found.iter().map(part).sum::<Option<u64>>();
        let pages = |part: fn(&Look) -> u64| sum(part) * procfs::page_size();
        let cpu = last.map(|(elapsed, times)| busy(found, &times).div_duration_f64(elapsed));
        let processors = KernelStats::current()?.cpu_time.len();
        let resident = pages(|look| look.pages.resident);
        Ok(Some(Self {
            threads: sum(|look| look.status.threads).into(),
            cpu: cpu.map(|cpu| (100.0 * cpu).into()),
            cpu_normalized: cpu.map(|cpu| (100.0 * cpu / processors as f64).into()),
            resident: resident.into(),
            unshared: pages(|look| look.pages.resident.saturating_sub(look.pages.shared)).into(),
            virtual_size: pages(|look| look.pages.size).into(),
            memory: (100.0 * resident as f64 / Meminfo::current()?.mem_total as f64).into(),
            minor_faults: sum(|look| look.stat.minflt).into(),
            children_minor_faults: sum(|look| look.stat.cminflt).into(),
            major_faults: sum(|look| look.stat.majflt).into(),
            children_major_faults: sum(|look| look.stat.cmajflt).into(),
            voluntary_ctx_switches: maybe(|look| look.status.voluntary_ctxt_switches)
                .map(Into::into),
            involuntary_ctx_switches: maybe(|look| look.status.nonvoluntary_ctxt_switches)
                .map(Into::into),
            open_file_descriptors: maybe(|look| look.open_files.map(|n| n as u64)).map(Into::into),
            ioread_count: maybe(|look| Some(look.io.as_ref()?.syscr)).map(Into::into),
            ioread_bytes: maybe(|look| Some(look.io.as_ref()?.read_bytes)).map(Into::into),
            iowrite_count: maybe(|look| Some(look.io.as_ref()?.syscw)).map(Into::into),
            iowrite_bytes: maybe(|look| Some(look.io.as_ref()?.write_bytes)).map(Into::into),
            average_age: (ages.iter().map(Duration::as_secs_f64).sum::<f64>() / ages.len() as f64)
                .into(),
            oldest: oldest.into(),
            youngest: youngest.into(),
        }))
    }
}

/// The time of processors that the processes took since the last look at each.
fn busy(found: &[Look], last: &Times) -> Duration {
    let spent = |look: &Look| Some(look.time().saturating_sub(*last.get(&look.id())?));
    found.iter().filter_map(spent).sum()
}
