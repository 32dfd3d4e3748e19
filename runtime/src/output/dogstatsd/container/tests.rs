//! Control groups and mounts of real container runtimes.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};

use tempfile::TempDir;

use super::{HOST_NAMESPACE, local_data};

const ID: &str = "8c046cb0b72cd4c99f51b5591cd5b095967f58ee003710a45280c28ee1a9c7fa";

/// The files of a process in `self`, its control groups in `sys`.
fn host(cgroup: &str, mounts: &str, namespace: &str) -> TempDir {
    let host = tempfile::tempdir().unwrap();
    fs::create_dir_all(host.path().join("self/ns")).unwrap();
    fs::create_dir_all(host.path().join("sys/group")).unwrap();
    fs::create_dir_all(host.path().join("sys/memory/old")).unwrap();
    fs::write(host.path().join("self/cgroup"), cgroup).unwrap();
    fs::write(host.path().join("self/mountinfo"), mounts).unwrap();
    symlink(namespace, host.path().join("self/ns/cgroup")).unwrap();
    host
}

fn found(cgroup: &str, mounts: &str, namespace: &str) -> Option<String> {
    let host = host(cgroup, mounts, namespace);
    local_data(&host.path().join("self"), &host.path().join("sys"))
}

#[test]
fn the_id_ends_the_path_of_a_control_group() {
    let task = "1e6a8e5f36dc4c0bbcf1b2b0f1a5b2c3-1265028384";
    let pod = "34dc0b5e-626f-2c5c-4c51-70e34b10e765";
    for (path, id) in [
        (format!("12:pids:/docker/{ID}"), ID),
        (format!("0::/system.slice/docker-{ID}.scope"), ID),
        (format!("1:name=systemd:/kubepods.slice/pod_x/cri-containerd-{ID}.scope"), ID),
        (format!("3:cpu:/ecs/{task}"), task),
        (format!("1:name=systemd:/garden/{pod}"), pod),
    ] {
        let cgroup = format!("not a line\n{path}\n");
        assert_eq!(found(&cgroup, "", HOST_NAMESPACE), Some(format!("ci-{id}")), "{path}");
    }
}

#[test]
fn or_it_names_the_directory_that_the_hostname_is_mounted_from() {
    let line = |path: &str| format!("608 554 254:1 {path} /etc/hostname rw - ext4 /dev/vda1 rw\n");
    let docker = line(&format!("/var/lib/docker/containers/{ID}/hostname"));
    assert_eq!(found("0::/\n", &docker, "cgroup:[1]"), Some(format!("ci-{ID}")));
    let sandbox =
        line(&format!("/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/{ID}/hostname"));
    assert_eq!(found("", &sandbox, "cgroup:[1]"), None);
}

#[test]
fn else_the_inode_of_the_control_group_stands_for_it() {
    let inode = |path: &str, cgroup: &str| {
        let host = host(cgroup, "", "cgroup:[4026532000]");
        let inode = fs::metadata(host.path().join("sys").join(path)).unwrap().ino();
        let found = local_data(&host.path().join("self"), &host.path().join("sys"));
        (found, Some(format!("in-{inode}")))
    };
    let (found, expected) = inode("group", "0::/group\n");
    assert_eq!(found, expected);
    let (found, expected) = inode("memory/old", "5:cpu:/old\n4:memory:/old\n0::/group\n");
    assert_eq!(found, expected);
}

#[test]
fn a_host_is_no_container() {
    assert_eq!(found("0::/user.slice/user-0.slice/session-1.scope\n", "", HOST_NAMESPACE), None);
    assert_eq!(found("0::/group\n", "", HOST_NAMESPACE), None);
}
