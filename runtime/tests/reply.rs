//! Replies that are lines of keys and values, read into records.

use std::collections::BTreeMap;

use allwell::metric::{Gauge, Rate, units::*};
use allwell::reply::{ReplyError, key_values};
use serde::Deserialize;

#[derive(Debug, PartialEq, Deserialize)]
struct Info {
    role: Role,
    used_memory: Gauge<Byte>,
    total_commands_processed: Rate<Command>,
    loading: bool,
    connected_slaves: Option<u32>,
    executable: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    Master,
    Slave,
}

const INFO: &str = "# Server\r\nrole:master\r\nexecutable:/usr/bin/redis-server\r\n\r\n# Memory\r\n\
                    used_memory: 1048576\r\ntotal_commands_processed:12.5\r\nloading:0\r\nunknown:x,y\r\n";

#[test]
fn a_reply_becomes_a_record() {
    let info: Info = key_values(INFO, ':').unwrap();
    let expected = Info {
        role: Role::Master,
        used_memory: 1_048_576.into(),
        total_commands_processed: 12.5.into(),
        loading: false,
        connected_slaves: None,
        executable: Some("/usr/bin/redis-server".to_owned()),
    };
    assert_eq!(info, expected);
}

#[test]
fn a_value_may_hold_the_separator() {
    let paths: BTreeMap<&str, &str> = key_values("socket:tcp://host:80\n", ':').unwrap();
    assert_eq!(paths, BTreeMap::from([("socket", "tcp://host:80")]));
}

#[test]
fn a_unit_may_follow_a_number() {
    let values: BTreeMap<&str, Gauge<Kibibyte>> =
        key_values("MemTotal:   16384 kB\nHugePages_Total:  0\nshare: 85.4%\n", ':').unwrap();
    let expected =
        [("MemTotal", 16384.into()), ("HugePages_Total", 0.into()), ("share", 85.4.into())];
    assert_eq!(values, BTreeMap::from(expected));
}

#[derive(Debug, PartialEq, Deserialize)]
struct Database {
    keys: u64,
    expires: u64,
}

#[test]
fn a_value_may_be_a_record_of_its_own() {
    let text = "# Keyspace\ndb0:keys=3,expires=1,avg_ttl=0\ndb7:keys=1,expires=0,avg_ttl=0\n";
    let databases: BTreeMap<String, Database> = key_values(text, ':').unwrap();
    let expected = [
        ("db0".to_owned(), Database { keys: 3, expires: 1 }),
        ("db7".to_owned(), Database { keys: 1, expires: 0 }),
    ];
    assert_eq!(databases, BTreeMap::from(expected));
}

#[test]
fn nothing_but_comments_is_an_empty_map() {
    assert_eq!(key_values::<BTreeMap<&str, &str>>("# Keyspace\r\n\r\n", ':').unwrap().len(), 0);
}

#[test]
fn an_empty_value_is_none() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Files {
        config_file: Option<String>,
    }
    assert_eq!(key_values("config_file=\n", '='), Ok(Files { config_file: None }));
}

fn error<'t, T: Deserialize<'t>>(text: &'t str) -> ReplyError {
    key_values::<T>(text, ':').err().expect("this reply is wrong")
}

#[test]
fn a_wrong_number_is_reported_with_its_line_and_key() {
    let wrong = INFO.replace("1048576", "1.05M");
    let error = error::<Info>(&wrong);
    assert_eq!(error.line(), Some(6));
    assert_eq!(error.key(), "used_memory");
    assert_eq!(
        error.to_string(),
        "line 6 of the reply: `used_memory`: expected a number, found `1.05M`"
    );
}

#[test]
fn a_wrong_value_within_a_value_is_reported_with_the_way_to_it() {
    let error = error::<BTreeMap<String, Database>>("db0:keys=3,expires=few\n");
    assert_eq!(error.to_string(), "line 1 of the reply: `db0.expires`: expected u64, found `few`");
}

#[test]
fn a_missing_key_is_named() {
    let error = error::<Database>("keys:3\n");
    assert_eq!(error.to_string(), "key `expires` is missing from the reply");
    assert_eq!(error.line(), None);
}

#[test]
fn a_missing_key_within_a_value_is_reported_with_its_line() {
    let error = error::<BTreeMap<String, Database>>("db0:keys=3\n");
    let expected = "line 1 of the reply: `db0`: key `expires` is missing from the reply";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_key_that_appears_twice_is_reported_with_its_second_line() {
    let error = error::<Database>("keys:3\nexpires:1\nkeys:4\n");
    assert_eq!(error.to_string(), "line 3 of the reply: key `keys` appears twice");
}

#[test]
fn a_line_that_is_no_pair_is_shown() {
    let error = error::<Database>("keys:3\n<html>\n");
    assert_eq!(error.to_string(), "line 2 of the reply: expected `key:value`, found `<html>`");
}

#[test]
fn an_unknown_variant_and_a_wrong_flag_are_reported() {
    let wrong = INFO.replace("master", "sentinel");
    assert_eq!(
        error::<Info>(&wrong).to_string(),
        "line 2 of the reply: `role`: unknown variant `sentinel`, expected `master` or `slave`"
    );
    let wrong = INFO.replace("loading:0", "loading:maybe");
    assert_eq!(
        error::<Info>(&wrong).to_string(),
        "line 8 of the reply: `loading`: expected a boolean, found `maybe`"
    );
}
