//! Records that `#[derive(Metrics)]` makes: what they declare and what they submit.
#![forbid(unsafe_code)]
#![deny(warnings, clippy::pedantic, unused_qualifications, missing_docs)]

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use allwell::metric::{Batch, Declaration, Kind, Limits, Orientation};
use allwell::prelude::*;

#[derive(PartialEq, Eq, Hash, TagValue)]
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
        format!("{} {} {}{host}", sample.metric.name(), sample.value, tags.join(","))
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

#[test]
fn reply_becomes_a_record() {
    /// Serde's attributes and ours do not mind each other.
    #[derive(serde::Deserialize, Metrics)]
    #[serde(rename_all = "kebab-case", deny_unknown_fields)]
    #[metrics(namespace = "redis")]
    struct Info {
        /// Memory in use.
        #[serde(rename = "used_memory")]
        #[metric(name = "mem.used")]
        used: Gauge<Byte>,
        /// Commands so far.
        #[serde(default)]
        total_commands: Option<MonotonicCount<Command>>,
    }
    let info: Info = serde_json::from_str(r#"{"used_memory": 1024, "total-commands": 7}"#).unwrap();
    assert_eq!(
        submitted(&info),
        ["redis.mem.used 1024 env:test", "redis.total_commands 7 env:test"]
    );
}

#[test]
fn generic_records() {
    #[derive(Metrics)]
    #[metrics(namespace = "pair")]
    struct Pair<'a, U, T, N: ?Sized> {
        #[tag]
        name: &'a N,
        #[tag(display)]
        number: Option<std::num::NonZeroU8>,
        /// The first.
        first: Gauge<U>,
        #[metrics(flatten)]
        rest: T,
    }
    let pair = |rest| Pair {
        name: "x",
        number: std::num::NonZeroU8::new(5),
        first: Gauge::<Byte>::new(1.0),
        rest,
    };
    assert_eq!(
        submitted(&pair(vec![Keys { r#type: 2.into() }])),
        ["pair.first 1 env:test,name:x,number:5", "keys.type 2 env:test,name:x,number:5"]
    );
    assert_eq!(submitted(&pair(Vec::<Keys>::new())), ["pair.first 1 env:test,name:x,number:5"]);
}

#[test]
fn maps_of_every_kind() {
    #[derive(Metrics)]
    struct Maps {
        #[metrics(each = "pair")]
        pairs: Vec<(u8, Keys)>,
        #[metrics(each = "hash")]
        hash: Option<HashMap<Mode, Keys>>,
    }
    let keys = || Keys { r#type: 1.into() };
    let maps =
        Maps { pairs: vec![(7, keys())], hash: Some(HashMap::from([(Mode::ReadOnly, keys())])) };
    assert_eq!(
        submitted(&maps),
        ["keys.type 1 env:test,pair:7", "keys.type 1 env:test,hash:read_only"]
    );
    let mut declared = Vec::new();
    Maps::DECLARATION.visit(&mut |item, tags| {
        declared.extend(tags.iter().map(|tag| (item.name, tag.key, tag.values)));
    });
    assert_eq!(
        declared,
        [("keys.type", "pair", None), ("keys.type", "hash", Some(&["read_only", "rw"][..]))]
    );
}

#[test]
fn what_a_record_declares() {
    let Declaration::Record(record) = Filesystem::DECLARATION else {
        panic!("a struct is a record")
    };
    assert_eq!(record.type_name, "Filesystem");
    let tags: Vec<_> =
        record.tags.iter().map(|tag| (tag.key, tag.description, tag.optional)).collect();
    assert_eq!(
        tags,
        [("device", "The device file.", false), ("mount_point", "", false), ("mode", "", true)]
    );
    let items: Vec<_> = record.items.iter().map(|item| (item.name, item.description)).collect();
    assert_eq!(
        items,
        [
            ("system.disk.total", "Size of the filesystem."),
            ("system.disk.in_use", "Share of the space in use."),
            ("system.disk.read", "Bytes read since the device was attached."),
            ("system.fs.inodes", "Inodes in use."),
        ]
    );
    let [_, in_use, read, _] = record.items else { panic!("four metrics") };
    assert_eq!((in_use.orientation, in_use.short_name), (Orientation::LowerIsBetter, Some("used")));
    assert_eq!((in_use.curated, in_use.flush_first_value), (&["cpu", "memory"][..], false));
    assert_eq!((read.kind(), read.flush_first_value), (Some(Kind::MonotonicCount), true));
}
