//! The container that this process runs in, as Datadog's clients find it out.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use regex_lite::{Captures, Regex};

/// What `ns/cgroup` links to in the namespace of the host: the number is fixed in the kernel.
const HOST_NAMESPACE: &str = "cgroup:[4026531835]";

/// An id at the end of a control group's path: of a container, a task of ECS Fargate, or a UUID.
const ID_IN_CGROUP: &str =
    r"([0-9a-f]{64}|[0-9a-f]{32}-\d+|[0-9a-f]{8}([-_][0-9a-f]{4}){3}[-_][0-9a-f]{12})(\.scope)?$";

/// A container's file `hostname` is mounted from a directory that is named after the container.
const ID_IN_MOUNTS: &str =
    r"([^\s/]+)/([0-9a-f]{64}|[0-9a-f]{32}-\d+|[0-9a-f]{8}(-[0-9a-f]{4}){4}$)/\S*hostname";

/// The container as the field `c:` names it: `ci-` and its id, or else `in-` and the inode of its control group, which the
/// Agent knows, too. None outside of a container.
pub(super) fn local_data(process: &Path, cgroups: &Path) -> Option<String> {
    let paths = fs::read_to_string(process.join("cgroup")).unwrap_or_default();
    let id = id_in_cgroup(&paths).or_else(|| {
        let mounts = fs::read_to_string(process.join("mountinfo")).ok()?;
        id_in_mounts(&mounts)
    });
    match id {
        Some(id) => Some(format!("ci-{id}")),
        None => inode(process, cgroups, &paths).map(|inode| format!("in-{inode}")),
    }
}

fn id_in_cgroup(paths: &str) -> Option<String> {
    let pattern = Regex::new(ID_IN_CGROUP).ok()?;
    let id = |line: &str| Some(pattern.captures(line.splitn(3, ':').nth(2)?)?[1].to_owned());
    paths.lines().find_map(id)
}

/// The last one of a line; a sandbox is not the container that runs in it.
fn id_in_mounts(mounts: &str) -> Option<String> {
    let pattern = Regex::new(ID_IN_MOUNTS).ok()?;
    let id = |line: &str| {
        let last = pattern.captures_iter(line).last();
        last.filter(|found: &Captures<'_>| &found[1] != "sandboxes")
            .map(|found| found[2].to_owned())
    };
    mounts.lines().find_map(id)
}

/// The inode of the control group, unless it is the host's own.
fn inode(process: &Path, cgroups: &Path, paths: &str) -> Option<u64> {
    /// The inode of the root of a file system says nothing.
    const ROOT: u64 = 2;
    let namespace = fs::read_link(process.join("ns/cgroup")).ok()?;
    if namespace == Path::new(HOST_NAMESPACE) {
        return None;
    }
    // Of version 1, the group of the controller `memory`; of version 2, the one without a controller.
    let inode = |controller: &str| {
        let path = paths.lines().find_map(|line| {
            let mut parts = line.splitn(3, ':').skip(1);
            (parts.next()? == controller).then(|| parts.next()).flatten()
        })?;
        let directory = cgroups.join(controller).join(path.trim_start_matches('/'));
        let inode = fs::metadata(directory).ok()?.ino();
        (inode > ROOT).then_some(inode)
    };
    inode("memory").or_else(|| inode(""))
}

#[cfg(test)]
mod tests;
