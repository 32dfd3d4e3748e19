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

/// The first lines of a report, as far as the line of the file and what is marked in it.
fn beginning(text: &str) -> String {
    let file = file(text);
    let loaded = load(entry("rich"), &file);
    let text = report::text(&[(&file, &loaded.problems)], false);
    text.lines().take(5).collect::<Vec<_>>().join("\n")
}

#[test]
fn characters_that_would_not_show_are_made_visible() {
    let turned = beginning("instances:\r\n  - host: a\r\n    \"x\\e\u{202e}\": 1\r\n");
    let expected = "\
error: unknown option `x\\u{1b}\\u{202e}`
 --> conf.d/rich.yaml:3:5
  |
3 |     \"x\\e\u{fffd}\": 1
  |     ^^^^^^";
    assert_eq!(turned, expected);
    let control = beginning("instances:\n  - host: a\n    port: \u{98}\u{1b}\n");
    let expected = "\
error: the control character U+0098
 --> conf.d/rich.yaml:3:11
  |
3 |     port: \u{fffd}\u{241b}
  |           ^";
    assert_eq!(control, expected);
}
