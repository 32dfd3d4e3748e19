//! Space and inodes of mounted filesystems, and the time that their devices spend.

mod config;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use allwell::prelude::*;
use procfs::DiskStat;
use procfs::process::MountInfo;
use rustix::fs::{StatVfs, statvfs};

pub use config::Disk;

/// Space and inodes of mounted filesystems, and the time that their devices spend.
#[check(enabled_by_default)]
pub fn disk(config: &Disk, cx: &Context) -> Result<(Vec<Filesystem>, Vec<Device>)> {
    let mut filesystems = Vec::new();
    for mount in mounts()?.values().filter(|mount| config.covers(mount)) {
        match statvfs(&mount.mount_point) {
            Ok(stat) if config.large_enough(&stat) => {
                filesystems.push(Filesystem::new(mount, &stat, config));
            }
            Ok(_) => {}
            Err(error) => cx.warn(format!("{}: {error}", mount.mount_point.display())),
        }
    }
    // Some containers do not see the devices.
    let devices = procfs::diskstats().inspect_err(|error| cx.warn(error)).unwrap_or_default();
    let used = devices.into_iter().filter(|stat| stat.reads + stat.writes > 0);
    Ok((filesystems, used.map(Device::new).collect()))
}

/// What is mounted where; of several mounts on one directory, the last is what one sees there.
fn mounts() -> Result<BTreeMap<PathBuf, MountInfo>> {
    let mounts = procfs::process::Process::myself()?.mountinfo()?;
    Ok(mounts.into_iter().map(|mount| (mount.mount_point.clone(), mount)).collect())
}

/// A mounted filesystem.
#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
pub struct Filesystem {
    /// What is mounted, as `/dev/sda1`.
    #[tag]
    device: String,
    /// The last part of the device, as `sda1`.
    #[tag]
    device_name: String,
    /// The directory that it is mounted on.
    #[tag]
    mount_point: PathBuf,
    /// The type of the filesystem, if `tag_by_filesystem` asks for it.
    #[tag]
    filesystem: Option<String>,
    /// Size of the filesystem.
    total: Gauge<Kibibyte>,
    /// Space in use.
    #[metric(orientation = lower_is_better)]
    used: Gauge<Kibibyte>,
    /// Space that ordinary users may still fill.
    #[metric(orientation = higher_is_better)]
    free: Gauge<Kibibyte>,
    /// Share of the space in use, of what ordinary users may fill.
    #[metric(orientation = lower_is_better)]
    in_use: Gauge<Fraction>,
    /// The same share in percent.
    #[metric(orientation = lower_is_better)]
    utilized: Gauge<Percent>,
    #[metrics(flatten)]
    inodes: Option<Inodes>,
    #[metrics(flatten)]
    access: Option<Access>,
}

impl Filesystem {
    fn new(mount: &MountInfo, stat: &StatVfs, config: &Disk) -> Self {
        let kibibytes = |blocks: u64| (blocks as f64 * stat.f_frsize as f64 / 1024.0).into();
        let used = stat.f_blocks.saturating_sub(stat.f_bfree);
        let in_use = share(used, used + stat.f_bavail);
        let device = mount.mount_source.clone().unwrap_or_default();
        Self {
            device_name: last_part(&device),
            device,
            mount_point: mount.mount_point.clone(),
            filesystem: config.tag_by_filesystem.then(|| mount.fs_type.clone()),
            total: kibibytes(stat.f_blocks),
            used: kibibytes(used),
            free: kibibytes(stat.f_bavail),
            in_use: in_use.into(),
            utilized: (100.0 * in_use).into(),
            inodes: Inodes::new(stat),
            access: config.service_check_rw.then(|| Access::new(mount)),
        }
    }
}

/// Inodes of a filesystem. Not every type of filesystem has a fixed number of them.
#[derive(Metrics)]
#[metrics(namespace = "system.fs.inodes")]
pub struct Inodes {
    /// Inodes in all.
    total: Gauge<Inode>,
    /// Inodes in use.
    #[metric(orientation = lower_is_better)]
    used: Gauge<Inode>,
    /// Inodes that are free.
    #[metric(orientation = higher_is_better)]
    free: Gauge<Inode>,
    /// Share of the inodes in use.
    #[metric(orientation = lower_is_better)]
    in_use: Gauge<Fraction>,
    /// The same share in percent.
    #[metric(orientation = lower_is_better)]
    utilized: Gauge<Percent>,
}

impl Inodes {
    fn new(stat: &StatVfs) -> Option<Self> {
        let used = stat.f_files.saturating_sub(stat.f_ffree);
        let in_use = share(used, stat.f_files);
        (stat.f_files > 0).then(|| Self {
            total: stat.f_files.into(),
            used: used.into(),
            free: stat.f_ffree.into(),
            in_use: in_use.into(),
            utilized: (100.0 * in_use).into(),
        })
    }
}

/// Whether a filesystem can be written to.
#[derive(Metrics)]
#[metrics(namespace = "disk")]
pub struct Access {
    /// OK if the filesystem is mounted for reading and writing, CRITICAL if it is mounted for reading only.
    read_write: ServiceCheck,
}

impl Access {
    fn new(mount: &MountInfo) -> Self {
        let read_only = mount.mount_options.contains_key("ro");
        let status = if read_only { Status::critical("mounted read-only") } else { Status::Ok };
        Self { read_write: status.into() }
    }
}

/// The time that a device has spent on requests.
#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
pub struct Device {
    /// The device, as `sda`.
    #[tag]
    device: String,
    /// The same, under the name that filesystems tag it with.
    #[tag]
    device_name: String,
    /// Time that reads took, summed over all of them.
    read_time: MonotonicCount<Millisecond>,
    /// Time that writes took, summed over all of them.
    write_time: MonotonicCount<Millisecond>,
}

impl Device {
    fn new(stat: DiskStat) -> Self {
        Self {
            device: stat.name.clone(),
            device_name: stat.name,
            read_time: stat.time_reading.into(),
            write_time: stat.time_writing.into(),
        }
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole > 0 { part as f64 / whole as f64 } else { 0.0 }
}

fn last_part(device: &str) -> String {
    let name = Path::new(device).file_name();
    name.map_or_else(|| device.to_owned(), |name| name.to_string_lossy().into_owned())
}
