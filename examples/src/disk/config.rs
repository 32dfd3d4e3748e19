//! Which filesystems the disk check looks at.

use allwell::prelude::*;
use procfs::process::MountInfo;
use rustix::fs::StatVfs;

use crate::pattern::Pattern;

/// Which filesystems to look at: all that have a device and a size, but CDs, which are always full.
#[derive(Config)]
pub struct Disk {
    /// Looks at filesystems without a device, too.
    #[config(default = false)]
    all_partitions: bool,
    /// The least size of a filesystem, in MiB.
    #[config(default = 0)]
    min_disk_size: u32,
    /// Patterns of devices to leave out.
    #[config(default = [], example = ["^/dev/loop"])]
    device_exclude: Vec<Pattern>,
    /// Patterns of types of filesystems to leave out.
    #[config(default = [], example = ["^tmpfs$", "^overlay$"])]
    file_system_exclude: Vec<Pattern>,
    /// Patterns of directories to leave out.
    #[config(default = [], example = ["^/run/", "^/var/lib/docker"])]
    mount_point_exclude: Vec<Pattern>,
    /// Tags each filesystem with its type.
    #[config(default = false)]
    pub(super) tag_by_filesystem: bool,
    /// Submits the service check `disk.read_write` for each filesystem.
    #[config(default = false)]
    pub(super) service_check_rw: bool,
}

impl Disk {
    /// Whether to look at a mounted filesystem at all.
    pub(super) fn covers(&self, mount: &MountInfo) -> bool {
        let device = mount.mount_source.as_deref().unwrap_or_default();
        let has_device = !matches!(device, "" | "none");
        let directory = mount.mount_point.to_string_lossy();
        (has_device || self.all_partitions)
            && mount.fs_type != "iso9660"
            && !Pattern::any(&self.device_exclude, device)
            && !Pattern::any(&self.file_system_exclude, &mount.fs_type)
            && !Pattern::any(&self.mount_point_exclude, &directory)
    }

    /// Whether a filesystem has a size, and one that is worth a look. Those of the kernel (`proc`, `sysfs`) have none.
    pub(super) fn large_enough(&self, stat: &StatVfs) -> bool {
        let mebibytes = (u128::from(stat.f_blocks) * u128::from(stat.f_frsize)) >> 20;
        stat.f_blocks > 0 && mebibytes >= u128::from(self.min_disk_size)
    }
}
