//! Memory and swap space of the host.

use allwell::prelude::*;
use procfs::{Current as _, Meminfo};

/// Memory and swap space.
#[check(enabled_by_default)]
pub fn memory() -> Result<(Memory, Swap)> {
    let info = Meminfo::current()?;
    let counters = procfs::vmstat()?;
    let pages = |name| counters.get(name).map(|&count| count.unsigned_abs() * procfs::page_size());
    Ok((Memory::new(&info), Swap::new(&info, pages("pswpin"), pages("pswpout"))))
}

/// What the memory is used for.
#[derive(Metrics)]
#[metrics(namespace = "system.mem")]
pub struct Memory {
    /// Memory that the kernel manages.
    total: Gauge<Mebibyte>,
    /// Memory that holds nothing at all.
    #[metric(orientation = higher_is_better)]
    free: Gauge<Mebibyte>,
    /// Memory that holds something, caches included.
    #[metric(orientation = lower_is_better)]
    used: Gauge<Mebibyte>,
    /// Memory that programs could have without swapping: what is free, and caches that can be given up.
    #[metric(orientation = higher_is_better)]
    usable: Option<Gauge<Mebibyte>>,
    /// Share of the memory that programs could have without swapping.
    #[metric(orientation = higher_is_better)]
    pct_usable: Option<Gauge<Fraction>>,
    /// Contents of files, and kernel objects that can be given up.
    cached: Gauge<Mebibyte>,
    /// Blocks of devices.
    buffered: Gauge<Mebibyte>,
    /// Memory of temporary filesystems and of segments that processes share.
    shared: Option<Gauge<Mebibyte>>,
    /// Objects of the kernel.
    slab: Gauge<Mebibyte>,
    /// Objects of the kernel that can be given up.
    slab_reclaimable: Option<Gauge<Mebibyte>>,
    /// Tables that map the processes' addresses.
    page_tables: Option<Gauge<Mebibyte>>,
    /// Memory that may be promised to processes before the kernel refuses, where it refuses at all.
    commit_limit: Option<Gauge<Mebibyte>>,
    /// Memory that has been promised to processes, whether they use it or not.
    committed_as: Gauge<Mebibyte>,
}

impl Memory {
    fn new(info: &Meminfo) -> Self {
        let share = |part: u64| (part as f64 / info.mem_total as f64).into();
        Self {
            total: mebibytes(info.mem_total),
            free: mebibytes(info.mem_free),
            used: mebibytes(info.mem_total.saturating_sub(info.mem_free)),
            usable: info.mem_available.map(mebibytes),
            pct_usable: info.mem_available.map(share),
            cached: mebibytes(info.cached + info.s_reclaimable.unwrap_or_default()),
            buffered: mebibytes(info.buffers),
            shared: info.shmem.map(mebibytes),
            slab: mebibytes(info.slab),
            slab_reclaimable: info.s_reclaimable.map(mebibytes),
            page_tables: info.page_tables.map(mebibytes),
            commit_limit: info.commit_limit.map(mebibytes),
            committed_as: mebibytes(info.committed_as),
        }
    }
}

/// What the swap space is used for.
#[derive(Metrics)]
#[metrics(namespace = "system.swap")]
pub struct Swap {
    /// Swap space in all.
    total: Gauge<Mebibyte>,
    /// Swap space that is free.
    #[metric(orientation = higher_is_better)]
    free: Gauge<Mebibyte>,
    /// Swap space in use.
    #[metric(orientation = lower_is_better)]
    used: Gauge<Mebibyte>,
    /// Share of the swap space that is free; 1 where there is none.
    #[metric(orientation = higher_is_better)]
    pct_free: Gauge<Fraction>,
    /// Swapped-out memory that has been read back and still has its place in the swap space.
    cached: Gauge<Mebibyte>,
    /// Memory read back from the swap space.
    #[metric(orientation = lower_is_better)]
    swap_in: Option<Rate<Per<Mebibyte, Second>>>,
    /// Memory written to the swap space.
    #[metric(orientation = lower_is_better)]
    swap_out: Option<Rate<Per<Mebibyte, Second>>>,
}

impl Swap {
    fn new(info: &Meminfo, swapped_in: Option<u64>, swapped_out: Option<u64>) -> Self {
        let free = match info.swap_total {
            0 => 1.0,
            total => info.swap_free as f64 / total as f64,
        };
        Self {
            total: mebibytes(info.swap_total),
            free: mebibytes(info.swap_free),
            used: mebibytes(info.swap_total.saturating_sub(info.swap_free)),
            pct_free: free.into(),
            cached: mebibytes(info.swap_cached),
            swap_in: swapped_in.map(mebibytes),
            swap_out: swapped_out.map(mebibytes),
        }
    }
}

fn mebibytes<M: From<f64>>(bytes: u64) -> M {
    (bytes as f64 / f64::from(1 << 20)).into()
}
