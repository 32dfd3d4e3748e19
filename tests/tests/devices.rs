//! The checks of disks, against `df` and what the kernel of this machine says.
#![expect(
    clippy::float_cmp,
    reason = "what is computed in the same way is the same to the last bit"
)]

use std::collections::BTreeMap;
use std::process::Command;

use allwell::metric::Status;
use allwell::testing::{Run, instance, problems_of, run};
use allwell_examples::disk::disk;
use allwell_examples::io::Io;
use allwell_tests::kernel::{self, proc, tagged};

/// A column of `df` about the root directory.
fn df(column: &str) -> f64 {
    let run = Command::new("df").args(["-k", &format!("--output={column}"), "/"]).output();
    let output = String::from_utf8(run.expect("`df` is installed").stdout).expect("numbers");
    output.lines().nth(1).and_then(|line| line.trim().parse().ok()).expect("`df` shows a number")
}

#[tokio::test]
async fn space_is_that_of_df() {
    let run = run::<disk>("{}").await;
    run.assert_ok().assert_all_covered_except(["disk.read_write"]);
    let root = |name: &str| tagged(&run, name, "mount_point:/");
    assert_eq!(root("system.disk.total"), df("size"));
    assert_eq!(root("system.fs.inodes.total"), df("itotal"));
    let (used, free) = (root("system.disk.used"), root("system.disk.free"));
    // Others write meanwhile, but hardly 1 GiB.
    assert!((used - df("used")).abs() < 1024.0 * 1024.0, "{used} KiB");
    assert!((free - df("avail")).abs() < 1024.0 * 1024.0, "{free} KiB");
    assert_eq!(root("system.disk.in_use"), used / (used + free));
    assert_eq!(root("system.disk.utilized"), 100.0 * root("system.disk.in_use"));
    assert_eq!(
        root("system.fs.inodes.used") + root("system.fs.inodes.free"),
        root("system.fs.inodes.total")
    );
}

#[tokio::test]
async fn each_directory_is_reported_once() {
    let run = run::<disk>("{}").await;
    let totals = run.metrics.iter().filter(|metric| metric.name == "system.disk.total");
    let mut directories = BTreeMap::<_, usize>::new();
    for tag in totals.flat_map(|m| &m.tags).filter(|tag| tag.starts_with("mount_point:")) {
        *directories.entry(tag).or_default() += 1;
    }
    assert!(directories.values().all(|&times| times == 1), "{directories:?}");
    assert!(!directories.contains_key(&"mount_point:/proc".to_owned()), "it has no size");
}

fn filesystems(run: &Run) -> usize {
    run.values("system.disk.total").len()
}

#[tokio::test]
async fn patterns_and_a_least_size_leave_filesystems_out() {
    for everything in
        ["mount_point_exclude: ['^/']", "file_system_exclude: ['']", "device_exclude: [.]"]
    {
        assert_eq!(filesystems(&run::<disk>(everything).await), 0, "{everything}");
    }
    assert_eq!(filesystems(&run::<disk>("min_disk_size: 4294967295").await), 0);
    let all = filesystems(&run::<disk>("{}").await);
    let without_root = filesystems(&run::<disk>("mount_point_exclude: ['^/$']").await);
    assert_eq!(all - without_root, 1);
}

#[tokio::test]
async fn the_type_of_a_filesystem_and_its_access_are_reported_if_asked_for() {
    let run = run::<disk>("tag_by_filesystem: true\nservice_check_rw: true").await;
    run.assert_ok().assert_all_covered();
    let mounts = proc("self/mounts");
    let root = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let mut root = root.filter(|fields| fields[1] == "/");
    let root = root.next_back().expect("there is a root directory");
    let [device, _, kind, options, ..] = root[..] else { panic!("{root:?}") };
    let name = device.rsplit('/').next().expect("a last part");
    let writable = options.split(',').any(|option| option == "rw");
    let expected = if writable { Status::Ok } else { Status::critical("mounted read-only") };
    let mut tags: Vec<String> = vec!["mount_point:/".into(), format!("filesystem:{kind}")];
    tags.extend([format!("device:{device}"), format!("device_name:{name}")]);
    tags.sort();
    let access = run.service_checks.iter().find(|check| check.tags == tags);
    assert_eq!(access.map(|check| &check.status), Some(&expected), "{run}");
}

#[test]
fn a_wrong_pattern_is_a_problem_of_its_option() {
    let problems = problems_of::<disk>("mount_point_exclude: ['/home', '(']");
    assert!(problems.contains("instance.yaml:3:36"), "{problems}");
    assert!(problems.contains("`(` is not a regular expression"), "{problems}");
}

/// The reads of each device that has been used.
fn reads() -> BTreeMap<String, f64> {
    let stats = proc("diskstats");
    let rows = stats.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let used = rows.filter(|row| row[3] != "0" || row[7] != "0");
    used.map(|row| (row[2].to_owned(), row[3].parse().expect("a number"))).collect()
}

#[tokio::test]
async fn devices_are_those_of_the_kernel() {
    let before = reads();
    let mut instance = instance::<Io>("{}");
    let first = instance.run().await;
    let after = reads();
    first.assert_ok().assert_not_submitted("system.io.util");
    assert_eq!(first.values("system.io.r_s").len(), after.len());
    for (device, (before, after)) in kernel::both(&before, &after) {
        let count = tagged(&first, "system.io.r_s", &format!("device:{device}"));
        assert!((before..=after).contains(&count), "{device}: {count} is not from {before} on");
    }
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let second = instance.run().await;
    second.assert_ok().assert_all_covered();
    assert!(second.values("system.io.util").iter().all(|busy| (0.0..=200.0).contains(busy)));
}
