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
