//! No report shows a secret, whatever is wrong with it or beside it.

use allwell::check::load;
use allwell::config::report;

use crate::support::{entry, file};

/// Instances with something wrong and `hunter2` as a secret.
const INSTANCES: &[&str] = &[
    "host: a\n    password: [hunter2]",
    "host: a\n    password: {hunter2: hunter2}",
    "host: a\n    pasword: hunter2",
    "host: a\n    PASSWORD: hunter2",
    "host: a\n    password: hunter2\n    password: hunter2",
    "host: a\n    password: \"hunter2",
    "host: a\n    password: 'hunter2'x",
    "host: a\n    password: hunter2: hunter2",
    "host: a\n    password: %hunter2",
    "host: a\n    password: *hunter2",
    "host: a\n    password: !hunter2 x",
    "host: a\n    password: |\n      hunter2\n     hunter2",
    "host: a\n    password:\n      - hunter2\n      - hunter2",
    "host: a\n    password:\n    - hunter2\n    - hunter2",
    "host: a\n    password: \"x\n      hunter2\n      hunter2\" x",
    "{host: a, password: hunter2, prot: 1}",
    "{host: a, prot: 1, password: hunter2}",
    "host: a\n    tls: {key_phrase: [hunter2], verify: x}",
    "host: a\n    tls:\n      key_phrase: {a: [hunter2]}",
    "host: a\n    api_token: hunter2",
    "host: a\n    \"api-key\": hunter2",
    "host: a\n    mode: http://user:hunter2@localhost/",
    "host: a\n    shape: \"redis://:hunter2@localhost\"\n    port: x",
    "host: a\n    extra: {u: \"redis://:hunter2@localhost\", v: x, v: y}",
    "host: a\n    ? password\n    : [hunter2]",
];

/// The same for a check whose secret has a name that tells nothing.
const PINS: &[&str] = &["host: a\n    pin: [hunter2]", "host: a\n    pin: reject-hunter2"];

#[test]
fn no_report_shows_a_secret() {
    for (instances, name) in [(INSTANCES, "rich"), (INSTANCES, "plain"), (PINS, "plain")] {
        for instance in instances {
            let file = file(&format!("instances:\n  - {instance}\n"));
            let loaded = load(entry(name), &file);
            let files = [(&file, &loaded.problems)];
            for output in [
                report::text(&files, false),
                report::text(&files, true),
                report::json(&files).to_string(),
            ] {
                assert!(!output.contains("hunter2"), "{instance}\n{output}");
            }
            assert!(!loaded.problems.is_empty(), "{instance}");
        }
    }
}

#[test]
fn a_secret_in_init_config_stays_hidden() {
    let file = file("init_config: {password: hunter2, x: y}\ninstances:\n  - host: a\n");
    let loaded = load(entry("rich"), &file);
    let output = report::text(&[(&file, &loaded.problems)], false);
    assert!(output.contains("`password` belongs under `instances`"));
    assert!(!output.contains("hunter2"), "{output}");
}

#[test]
fn places_beside_a_mask_keep_their_columns() {
    let file = file("instances:\n  - {host: a, password: hunter2, prot: 1}\n");
    let loaded = load(entry("rich"), &file);
    let output = report::text(&[(&file, &loaded.problems)], false);
    let expected = "\
error: unknown option `prot`
 --> conf.d/rich.yaml:2:34
  |
2 |   - {host: a, password: ********
  |                         ^^^^^^^^
  |
  = hint: did you mean `port`?

1 error in 1 file
";
    assert_eq!(output, expected);
}

#[test]
fn a_secret_shows_masked_wherever_its_value_is_printed() {
    let secret = allwell::Secret::new("hunter2");
    assert_eq!(format!("{secret} {secret:?}"), "******** ********");
    assert_eq!(secret.expose(), "hunter2");
}
