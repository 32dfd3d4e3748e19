//! Instances of a file: their ids, tags, common options and what they share.

use std::time::Duration;

use allwell::check::{InstanceSpec, load, load_default};

use crate::support::{entry, file};

fn instances(text: &str) -> Vec<InstanceSpec> {
    let file = file(text);
    let loaded = load(entry("rich"), &file);
    assert_eq!(loaded.problems.list(), []);
    loaded.instances
}

fn id(text: &str) -> String {
    instances(text).remove(0).id.to_string()
}

#[test]
fn the_id_is_that_of_the_configuration_however_it_is_written() {
    let first =
        id("init_config:\n  timeout: 5\ninstances:\n  - host: a\n    port: 1\n    names: [a, b]\n");
    let again = id(
        "# a comment\ninstances: [{\"port\": \"1\", host: 'a', names: [a, b]}]\ninit_config: {timeout: 5}\n",
    );
    assert_eq!(first, again);
    assert_eq!(first, "rich:e842e20511ef05c");
    for other in [
        "init_config:\n  timeout: 6\ninstances:\n  - {host: a, port: 1, names: [a, b]}\n",
        "init_config:\n  timeout: 5\ninstances:\n  - {host: a, port: 2, names: [a, b]}\n",
        "init_config:\n  timeout: 5\ninstances:\n  - {host: a, port: 1, names: [b, a]}\n",
        "init_config:\n  timeout: 5\ninstances:\n  - {host: a, port: 1, names: [ab]}\n",
    ] {
        assert_ne!(first, id(other), "{other}");
    }
}

#[test]
fn a_name_or_namespace_is_part_of_the_id() {
    let of = |option: &str| id(&format!("instances:\n  - host: a\n    {option}\n"));
    assert!(of("name: main").starts_with("rich:main:"));
    assert!(of("namespace: team").starts_with("rich:team:"));
    assert!(of("name: main\n    namespace: team").starts_with("rich:main:"));
    assert_eq!(of("port: 1").matches(':').count(), 1);
}

#[test]
fn common_options_are_read_for_every_instance() {
    let instance = instances(
        "instances:
  - host: a
    tags: [env:prod, team:x]
    service: web
    min_collection_interval: 30
    empty_default_hostname: yes
    max_returned_metrics: 100
    metric_patterns: {include: ['^a'], exclude: ['b$']}
    no_index: true
    loader: core
",
    )
    .remove(0);
    assert_eq!(*instance.tags, ["env:prod", "team:x", "service:web"]);
    let common = instance.common;
    assert_eq!(common.min_collection_interval, Some(Duration::from_secs(30)));
    assert!(common.empty_default_hostname && common.no_index);
    assert_eq!(common.max_returned_metrics, Some(100));
    let patterns = common.metric_patterns.as_ref().expect("patterns");
    assert_eq!(patterns.include[0].0.as_str(), "^a");
    assert_eq!(patterns.exclude[0].0.as_str(), "b$");
    assert_eq!(&*instance.source, "file:conf.d/rich.yaml");
}

#[test]
fn an_instance_replaces_what_init_config_shares() {
    let loaded = instances(
        "init_config:
  tags: [env:prod]
  service: web
  min_collection_interval: 0
instances:
  - host: a
  - host: b
    tags: [env:test]
    service: db
    min_collection_interval: 5
",
    );
    let seen: Vec<_> = loaded
        .iter()
        .map(|instance| (instance.tags.join(" "), instance.common.min_collection_interval))
        .collect();
    assert_eq!(
        seen,
        [
            ("env:prod service:web".into(), Some(Duration::ZERO)),
            ("env:test service:db".into(), Some(Duration::from_secs(5))),
        ]
    );
}

#[test]
fn an_instance_with_an_error_is_left_out_and_the_others_stay() {
    let file = file("instances:\n  - host: a\n  - host: b\n    prot: 1\n  - host: c\n");
    let loaded = load(entry("rich"), &file);
    assert_eq!(loaded.instances.len(), 2);
    assert_eq!(loaded.problems.list()[0].path, "instances[1].prot");
}

#[test]
fn an_error_in_init_config_is_one_of_every_instance() {
    let file = file("init_config:\n  timout: 1\ninstances:\n  - host: a\n  - host: b\n");
    let loaded = load(entry("rich"), &file);
    assert!(loaded.instances.is_empty());
    assert_eq!(loaded.problems.counts().errors, 1);
}

#[test]
fn a_check_without_required_options_runs_without_a_file() {
    let loaded = load_default(entry("plain"));
    assert_eq!(loaded.problems.list(), []);
    assert_eq!(&*loaded.instances[0].source, "default");
    let none = load_default(entry("rich"));
    assert!(none.instances.is_empty());
    assert_eq!(none.problems.list()[0].message, "`host` is missing");
}
