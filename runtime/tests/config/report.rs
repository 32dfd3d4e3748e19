//! The report of everything that is wrong with a file.

use allwell::check::load;
use allwell::config::report;

use crate::support::{self, entry, file};

const SIX_MISTAKES: &str = "\
init_config:
  port: 6379

instances:
  - hots: localhost
    port: 99999
    password: [hunter2]
  - host: example.org
    ssl: yse
    tls:
      verify: true
      cipher: all
";

#[test]
fn two_instances_with_six_mistakes_give_all_six() {
    let file = file(SIX_MISTAKES);
    let loaded = load(entry("rich"), &file);
    assert!(loaded.instances.is_empty());
    let text = report::text(&[(&file, &loaded.problems)], false);
    support::golden("six_mistakes.txt", &text);
}

#[test]
fn control_characters_show_as_what_they_are_not() {
    let file = file("instances:\r\n  - host: a\r\n    \"x\\e\u{98}\u{202e}\": 1\r\n");
    let loaded = load(entry("rich"), &file);
    let text = report::text(&[(&file, &loaded.problems)], false);
    let shown = text.lines().take(5).collect::<Vec<_>>().join("\n");
    let expected = "\
error: unknown option `x\\u{1b}\\u{98}\\u{202e}`
 --> conf.d/rich.yaml:3:5
  |
3 |     \"x\\e\u{fffd}\u{fffd}\": 1
  |     ^^^^^^^";
    assert_eq!(shown, expected);
}
