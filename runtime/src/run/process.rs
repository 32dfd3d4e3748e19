//! What the system says of this process.

use std::time::Duration;

/// How many ticks of `/proc` are a second: `USER_HZ` of proc(5), the same on all of today's machines.
const TICKS: u32 = 100;

/// The memory that this process has, in bytes; nothing where there is no `/proc`.
pub(super) fn memory() -> Option<u64> {
    resident(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// The processor time that this process has taken, in a hundredth of a second; nothing where there is no `/proc`.
pub(super) fn processor_time() -> Option<Duration> {
    taken(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// Of itself and of the system for it: the 14th and the 15th field, the second of which, a name in brackets, may hold anything.
fn taken(stat: &str) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(") ")?;
    let mut fields = after_name.split(' ').skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok();
    Some(Duration::from_secs(1) / TICKS * ticks()?.checked_add(ticks()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_what_is_resident() {
        let status =
            "Name:\tchecks\nVmHWM:\t    2048 kB\nVmRSS:\t    1816 kB\nRssAnon:\t     92 kB\n";
        assert_eq!(resident(status), Some(1816 * 1024));
        assert_eq!(resident("Name:\tchecks\n"), None);
    }

    #[test]
    fn processor_time_is_that_of_both_and_the_name_may_hold_anything() {
        let stat = "12 (my ) 1 (checks) S 1 12 12 0 -1 4194304 100 7 0 0 250 51 9 9 20 0 1 0 1996380 3133440 369 1\n";
        assert_eq!(taken(stat), Some(Duration::from_millis(3010)));
        assert_eq!(taken("12 (checks"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_both() {
        assert!(memory() > Some(100_000), "{:?}", memory());
        assert!(processor_time().is_some());
    }
}
