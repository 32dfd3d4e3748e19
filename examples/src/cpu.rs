//! What the processors spend their time on.

use allwell::prelude::*;
use procfs::{CpuTime, CurrentSI as _, KernelStats};

/// What the processors spend their time on.
#[check(name = "cpu", enabled_by_default)]
impl Check for Cpu {
    type Config = ();
    type Metrics = (Processors, Option<Shares>, Vec<CoreTimes>);

    async fn start((): (), _cx: &Context) -> Result<Self> {
        Ok(Self::default())
    }

    async fn run(&mut self, _cx: &Context) -> Result<Self::Metrics> {
        let now = KernelStats::current()?;
        let processors =
            Processors { num_cores: now.cpu_time.len().into(), context_switches: now.ctxt.into() };
        let cores = now.cpu_time.iter().enumerate().map(CoreTimes::new).collect();
        let shares = self.last.as_ref().and_then(|last| Shares::between(last, &now.total));
        self.last = Some(now.total);
        Ok((processors, shares, cores))
    }
}

/// The processors' times at the last look; there are no shares at the first.
#[derive(Default)]
pub struct Cpu {
    last: Option<CpuTime>,
}

/// The processors as a whole.
#[derive(Metrics)]
#[metrics(namespace = "system.cpu")]
pub struct Processors {
    /// Processors that the kernel schedules on.
    num_cores: Gauge<Core>,
    /// How often a processor went from one thread to another.
    context_switches: MonotonicCount<Event>,
}

/// Shares of all processors' time since the last look. User, system, iowait, idle and stolen are the whole.
#[derive(Metrics)]
#[metrics(namespace = "system.cpu")]
pub struct Shares {
    /// Time in programs.
    #[metric(orientation = lower_is_better)]
    user: Gauge<Percent>,
    /// Time in the kernel, its interrupts included.
    #[metric(orientation = lower_is_better)]
    system: Gauge<Percent>,
    /// Time in interrupts of devices and of the kernel itself.
    interrupt: Gauge<Percent>,
    /// Time with nothing to do but to wait for a device.
    #[metric(orientation = lower_is_better)]
    iowait: Gauge<Percent>,
    /// Time with nothing to do.
    idle: Gauge<Percent>,
    /// Time that the hypervisor gave to other guests.
    #[metric(orientation = lower_is_better)]
    stolen: Gauge<Percent>,
    /// Time in programs of guests, which is part of the time in programs.
    guest: Gauge<Percent>,
}

impl Shares {
    /// Nothing if the clock has not ticked since.
    fn between(last: &CpuTime, now: &CpuTime) -> Option<Self> {
        let spent = |time: fn(&CpuTime) -> u64| time(now).saturating_sub(time(last)) as f64;
        let whole = spent(|t| user(t) + system(t) + waiting(t) + t.idle + stolen(t));
        let share = |time| (100.0 * spent(time) / whole).into();
        (whole > 0.0).then(|| Self {
            user: share(user),
            system: share(system),
            interrupt: share(interrupt),
            iowait: share(waiting),
            idle: share(|time| time.idle),
            stolen: share(stolen),
            guest: share(|time| time.guest.unwrap_or_default()),
        })
    }
}

fn user(time: &CpuTime) -> u64 {
    time.user + time.nice
}

fn system(time: &CpuTime) -> u64 {
    time.system + interrupt(time)
}

fn interrupt(time: &CpuTime) -> u64 {
    time.irq.unwrap_or_default() + time.softirq.unwrap_or_default()
}

fn waiting(time: &CpuTime) -> u64 {
    time.iowait.unwrap_or_default()
}

fn stolen(time: &CpuTime) -> u64 {
    time.steal.unwrap_or_default()
}

/// What one processor has spent its time on since the host was started.
#[derive(Metrics)]
#[metrics(namespace = "system.cpu")]
pub struct CoreTimes {
    /// The processor, as `cpu0`, counted among those that are online.
    #[tag]
    core: String,
    /// Time in programs of normal priority.
    #[metric(name = "user.total")]
    user: Gauge<Second>,
    /// Time in programs of low priority.
    #[metric(name = "nice.total")]
    nice: Gauge<Second>,
    /// Time in the kernel, without its interrupts.
    #[metric(name = "system.total")]
    system: Gauge<Second>,
    /// Time with nothing to do.
    #[metric(name = "idle.total")]
    idle: Gauge<Second>,
    /// Time with nothing to do but to wait for a device.
    #[metric(name = "iowait.total")]
    iowait: Option<Gauge<Second>>,
    /// Time in interrupts of devices.
    #[metric(name = "irq.total")]
    irq: Option<Gauge<Second>>,
    /// Time in interrupts of the kernel itself.
    #[metric(name = "softirq.total")]
    softirq: Option<Gauge<Second>>,
    /// Time that the hypervisor gave to other guests.
    #[metric(name = "steal.total")]
    steal: Option<Gauge<Second>>,
    /// Time in programs of guests.
    #[metric(name = "guest.total")]
    guest: Option<Gauge<Second>>,
    /// Time in programs of guests that have low priority.
    #[metric(name = "guestnice.total")]
    guest_nice: Option<Gauge<Second>>,
}

impl CoreTimes {
    fn new((number, time): (usize, &CpuTime)) -> Self {
        Self {
            core: format!("cpu{number}"),
            user: time.user_duration().into(),
            nice: time.nice_duration().into(),
            system: time.system_duration().into(),
            idle: time.idle_duration().into(),
            iowait: time.iowait_duration().map(Into::into),
            irq: time.irq_duration().map(Into::into),
            softirq: time.softirq_duration().map(Into::into),
            steal: time.steal_duration().map(Into::into),
            guest: time.guest_duration().map(Into::into),
            guest_nice: time.guest_nice_duration().map(Into::into),
        }
    }
}

#[cfg(test)]
mod tests {
    use procfs::{ExplicitSystemInfo, FromBufReadSI as _};

    use super::*;

    fn time(numbers: &str) -> CpuTime {
        let host = ExplicitSystemInfo {
            boot_time_secs: 0,
            ticks_per_second: 100,
            page_size: 4096,
            is_little_endian: true,
        };
        let stat = format!("cpu {numbers}\nctxt 0\nbtime 0\nprocesses 0\n");
        KernelStats::from_buf_read(stat.as_bytes(), &host).expect("a `/proc/stat`").total
    }

    #[test]
    fn shares_are_of_the_time_since_the_last_look() {
        let last = time("1000 100 500 9000 50 10 20 5 40 0");
        // Of 200 ticks, programs had 60, 20 of them at low priority and 10 in a guest.
        let now = time("1040 120 530 9080 60 15 25 15 50 0");
        let shares = Shares::between(&last, &now).expect("time has passed");
        assert_eq!((shares.user, shares.guest), (30.into(), 5.into()));
        assert_eq!((shares.system, shares.interrupt), (20.into(), 5.into()));
        assert_eq!((shares.idle, shares.iowait, shares.stolen), (40.into(), 5.into(), 5.into()));
    }

    #[test]
    fn there_are_no_shares_of_no_time() {
        let now = time("1000 100 500 9000 50 10 20 5 40 0");
        assert!(Shares::between(&now, &now).is_none());
    }
}
