//! Records that `#[derive(Metrics)]` makes: what they declare and what they submit.
#![forbid(unsafe_code)]
#![deny(warnings, clippy::pedantic, unused_qualifications, missing_docs)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use allwell::metric::{Batch, Limits};
use allwell::prelude::*;

#[derive(TagValue)]
enum Mode {
    ReadOnly,
    #[tag(name = "rw")]
    ReadWrite,
}

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem<'a> {
    /// The device file.
    #[tag]
    device: &'a str,
    #[tag(name = "mount_point")]
    path: PathBuf,
    #[tag]
    mode: Option<Mode>,
    #[hostname]
    host: Option<String>,
    /// Size of the filesystem.
    total: Gauge<Byte>,
    /// Share of the space in use.
    #[metric(orientation = lower_is_better, short_name = "used", curated = [cpu, "memory"])]
    in_use: Gauge<Fraction>,
    /// Bytes read since the device was attached.
    #[metric(name = "read", flush_first_value)]
    bytes: MonotonicCount<Byte>,
    /// Inodes in use.
    #[metric(full_name = "system.fs.inodes")]
    inodes: Option<Gauge<Inode>>,
}

#[derive(Metrics)]
#[metrics(namespace = "keys")]
struct Keys {
    /// Keys.
    r#type: Gauge<Key>,
}

#[derive(Metrics)]
struct Server {
    #[metrics(flatten)]
    keys: Keys,
    #[metrics(each = "db")]
    databases: BTreeMap<String, Keys>,
}

fn submitted(record: &impl Metrics) -> Vec<String> {
    let mut batch = Batch::new(["env:test"], Limits::default());
    record.emit(&mut batch.emitter());
    let samples = batch.samples().map(|sample| {
        let tags: Vec<_> = sample.tags.collect();
        let host = sample.host.map(|host| format!("@{host}")).unwrap_or_default();
        format!("{} {} {}{host}", sample.descriptor.name, sample.value, tags.join(","))
    });
    samples.collect()
}

#[test]
fn record_with_tags() {
    let record = Filesystem {
        device: "sda",
        path: "/".into(),
        mode: Some(Mode::ReadWrite),
        host: Some("db-1".to_owned()),
        total: 8.into(),
        in_use: 0.5.into(),
        bytes: 3.into(),
        inodes: None,
    };
    assert_eq!(
        submitted(&record),
        [
            "system.disk.total 8 env:test,device:sda,mount_point:/,mode:rw@db-1",
            "system.disk.in_use 0.5 env:test,device:sda,mount_point:/,mode:rw@db-1",
            "system.disk.read 3 env:test,device:sda,mount_point:/,mode:rw@db-1",
        ]
    );
}

#[test]
fn tag_values() {
    assert_eq!(Mode::VALUES, Some(&["read_only", "rw"][..]));
    assert_eq!(allwell::metric::tag("mode", &Mode::ReadOnly), Some("mode:read_only".to_owned()));
}

#[test]
fn nested_records() {
    let keys = |n: u8| Keys { r#type: n.into() };
    let databases = BTreeMap::from([("db0".to_owned(), keys(1)), ("db1".to_owned(), keys(2))]);
    let record = Server { keys: keys(3), databases };
    assert_eq!(
        submitted(&record),
        ["keys.type 3 env:test", "keys.type 1 env:test,db:db0", "keys.type 2 env:test,db:db1"]
    );
}
