//! `check` as people read it.

use crate::run::{Directory, allwell, allwell_at};

#[test]
fn a_check_that_needs_no_configuration_runs_at_once() {
    let ran = allwell(&["check", "shelf"]);
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.out,
        "shelf OK shelf:d884b5186b651429 default\n\
         \n\
         \x20 METRIC                      TYPE   VALUE       TAGS\n\
         \x20 shelf.bending.95percentile  gauge      3  ms   name:lower\n\
         \x20 shelf.bending.95percentile  gauge      3  ms   name:upper\n\
         \x20 shelf.bending.avg           gauge      3  ms   name:lower\n\
         \x20 shelf.bending.avg           gauge      3  ms   name:upper\n\
         \x20 shelf.bending.count         rate       1       name:lower\n\
         \x20 shelf.bending.count         rate       1       name:upper\n\
         \x20 shelf.bending.max           gauge      3  ms   name:lower\n\
         \x20 shelf.bending.max           gauge      3  ms   name:upper\n\
         \x20 shelf.bending.median        gauge      3  ms   name:lower\n\
         \x20 shelf.bending.median        gauge      3  ms   name:upper\n\
         \x20 shelf.bent                  gauge    100  %    name:lower\n\
         \x20 shelf.bent                  gauge      0  %    name:upper\n\
         \x20 shelf.room                  gauge      2  KiB  name:lower\n\
         \x20 shelf.room                  gauge    1.5  MiB  name:upper\n\
         \n\
         \x20 DISTRIBUTION  COUNT  MIN  AVG  MAX  TAGS\n\
         \x20 shelf.weight      1  2.5  2.5  2.5  name:lower\n\
         \x20 shelf.weight      1  2.5  2.5  2.5  name:upper\n\
         \n\
         \x20 STATUS    SERVICE CHECK  MESSAGE   TAGS\n\
         \x20 OK        shelf.firm               name:upper\n\
         \x20 CRITICAL  shelf.firm     it bends  name:lower\n\
         \n\
         \x20 1 run, …: 10 samples, 2 service checks\n\
         \n"
    );
    assert_eq!(
        ran.err,
        "note: rates and monotonic counts of `shelf` have a value from the second run on\n\
         hint: `--rate` runs twice, a second apart\n"
    );
}

#[test]
fn more_runs_give_counts_their_values() {
    let ran = allwell(&["check", "shelf", "--times", "3", "--pause", "1"]);
    assert!(
        ran.out.contains("\n  shelf.read                  count      0  objects  name:lower\n")
    );
    assert!(ran.out.contains("\n  3 runs, "), "{}", ran.out);
    assert!(ran.out.contains("the last: 10 samples, 2 service checks\n"), "{}", ran.out);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

const GUESTS: &str = "
init_config:
instances:
  - mood: angry
  - mood: mad
    name: bob
  - mood: mute
  - mood: shy
    tags: ['home:far']
  - mood: loud
    room: 14
    door: {lock: yes}
";

#[test]
fn instances_that_fail_panic_or_hang_are_shown_and_the_others_go_on() {
    let confd = Directory::with("guest.d/conf.yaml", GUESTS);
    let ran = allwell(&["check", "guest", "--confd", confd.path()]);
    assert_eq!(ran.code, 1);
    let source = format!("file:{}/guest.d/conf.yaml", confd.path());
    let out = ran.out.replace(&source, "SOURCE");
    assert_eq!(
        out,
        "guest FAILED guest:726edc91b854e356 SOURCE\n\
         \x20 error: the guest left\n\
         \n\
         \x20 STATUS    SERVICE CHECK      MESSAGE         TAGS\n\
         \x20 CRITICAL  guest.can_connect  the guest left  room:12\n\
         \x20 version: 1.2.3\n\
         \n\
         \x20 1 run, …: 0 samples, 1 service check\n\
         \n\
         guest FAILED guest:bob:117896d87861ebc8 SOURCE\n\
         \x20 error: the check panicked: the guest bit the host\n\
         \n\
         \x20 STATUS    SERVICE CHECK      MESSAGE                                     TAGS\n\
         \x20 CRITICAL  guest.can_connect  the check panicked: the guest bit the host  room:12\n\
         \x20 version: 1.2.3\n\
         \n\
         \x20 1 run, …: 0 samples, 1 service check\n\
         \n\
         guest FAILED guest:2051653eaa3a4113 SOURCE\n\
         \x20 error: the run did not end within 200ms\n\
         \n\
         \x20 STATUS    SERVICE CHECK      MESSAGE                           TAGS\n\
         \x20 CRITICAL  guest.can_connect  the run did not end within 200ms  room:12\n\
         \x20 version: 1.2.3\n\
         \n\
         \x20 1 run, …: 0 samples, 1 service check\n\
         \n\
         guest WARNING guest:d7f3f3bca5372e56 SOURCE\n\
         \x20 warning: the guest says little\n\
         \n\
         \x20 STATUS  SERVICE CHECK      MESSAGE  TAGS\n\
         \x20 OK      guest.can_connect           home:far room:12\n\
         \x20 version: 1.2.3\n\
         \n\
         \x20 1 run, …: 0 samples, 1 service check\n\
         \n\
         guest OK guest:d358af5ed884883b SOURCE\n\
         \n\
         \x20 STATUS  SERVICE CHECK      MESSAGE  TAGS\n\
         \x20 OK      guest.can_connect           room:14\n\
         \x20 event (info) a song key:C\n\
         \x20   la\n\
         \x20   la\n\
         \x20 log (info) la la\n\
         \x20 door: locked\n\
         \x20 version: 1.2.3\n\
         \n\
         \x20 1 run, …: 0 samples, 1 service check, 1 event, 1 log\n\
         \n"
    );
    assert_eq!(
        ran.err,
        "error: 3 of 5 instances failed: `guest:726edc91b854e356`, `guest:bob:117896d87861ebc8`, \
         `guest:2051653eaa3a4113`\n"
    );
}

#[test]
fn without_a_name_all_that_can_run_does() {
    let confd = Directory::with("guest.yaml", "instances: [{mood: calm}]");
    let ran = allwell(&["check", "--confd", confd.path()]);
    assert_eq!(ran.code, 0);
    let headings: Vec<_> =
        ran.out.lines().filter(|line| line.contains(" OK ") && !line.starts_with(' ')).collect();
    assert_eq!(headings.len(), 2);
    assert!(headings[0].starts_with("guest OK guest:"));
    assert!(headings[1].starts_with("shelf OK shelf:"));
}

#[test]
fn a_check_that_needs_a_configuration_says_so() {
    let ran = allwell(&["check", "guest"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert_eq!(
        ran.err,
        "error: check `guest` needs a configuration and has none\n\
         hint: `config example guest` prints one to put into `conf.d/guest.d/conf.yaml`\n"
    );
}

#[test]
fn a_configuration_with_errors_is_told_and_the_rest_runs() {
    let confd = Directory::with("guest.yaml", "instances:\n- mod: calm\n- mood: calm\n");
    let ran = allwell(&["check", "--confd", confd.path()]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("error: unknown option `mod`"), "{}", ran.err);
    assert!(ran.err.contains("hint: did you mean `mood`?"), "{}", ran.err);
    assert!(ran.out.starts_with("guest OK "), "{}", ran.out);
    assert!(ran.out.contains("\nshelf OK "), "{}", ran.out);
}

#[test]
fn a_check_whose_file_is_broken_does_not_run_on_defaults() {
    let confd = Directory::with("shelf.yaml", "instances: [{wood: oak}]");
    let ran = allwell(&["check", "shelf", "--confd", confd.path()]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(ran.err.contains("unknown option `wood`"), "{}", ran.err);
}

#[test]
fn problems_of_other_checks_do_not_matter_to_a_named_one() {
    let confd = Directory::with("guest.yaml", "instances: [{mod: calm}]");
    let ran = allwell(&["check", "shelf", "--confd", confd.path(), "--times", "2"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn a_directory_that_is_not_there_is_an_error() {
    let ran = allwell(&["check", "shelf", "--confd", "/nowhere/conf.d"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("cannot list the directory"), "{}", ran.err);
}

#[test]
fn a_narrow_screen_wraps_tags() {
    let text = "instances: [{mood: calm, tags: ['region:north', 'team:kitchen', 'env:prod']}]";
    let confd = Directory::with("guest.yaml", text);
    let ran = allwell_at(60, &["check", "guest", "--confd", confd.path()]);
    assert!(
        ran.out.contains(
            "  STATUS  SERVICE CHECK      MESSAGE  TAGS\n\
             \x20 OK      guest.can_connect           region:north\n\
             \x20                                     team:kitchen\n\
             \x20                                     env:prod room:12\n"
        ),
        "{}",
        ran.out
    );
}

fn rooms_found(filters: &[&str]) -> Vec<String> {
    let confd = Directory::with(
        "guest.yaml",
        "instances:\n- {mood: calm, room: 1}\n- {mood: 'a=b', room: '0x10'}\n- mood: calm\n  door: {lock: yes}\n  tags: [a:1, b:2]\n",
    );
    let mut arguments = vec!["check", "guest", "--confd", confd.path()];
    for filter in filters {
        arguments.extend(["--instance-filter", filter]);
    }
    let ran = allwell(&arguments);
    let rooms = ran.out.split_whitespace().filter(|word| word.starts_with("room:"));
    rooms.map(str::to_owned).collect()
}

#[test]
fn instances_are_filtered_by_option_values() {
    let one = ["room:1"];
    let rest = ["room:12"];
    assert_eq!(rooms_found(&["room=1"]), one);
    assert_eq!(rooms_found(&[".room == 1"]), one);
    assert_eq!(rooms_found(&["room = 1.0"]), one);
    assert_eq!(rooms_found(&["mood == \"a=b\""]), ["room:16"]);
    assert_eq!(rooms_found(&["mood=a=b"]), ["room:16"], "the first operator counts");
    assert_eq!(rooms_found(&["mood=a!=b"]), [""; 0], "the first operator counts");
    assert_eq!(rooms_found(&["mood=calm", "room!=1"]), rest);
    assert_eq!(rooms_found(&["door.lock=true"]), rest);
    assert_eq!(rooms_found(&["tags=b:2"]), rest);
    assert_eq!(rooms_found(&["room=12"]), rest, "the default counts");
    assert_eq!(rooms_found(&["empty_default_hostname=false"]).len(), 3, "every default counts");
    assert_eq!(rooms_found(&[]).len(), 3);
}

#[test]
fn a_filter_that_nothing_passes_is_an_error() {
    let ran = allwell(&["check", "shelf", "--instance-filter", "name=x"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.starts_with("error: none of 1 instances passes `--instance-filter`\n"));
}

#[test]
fn a_filter_without_a_value_is_a_usage_error() {
    for filter in ["port", "=6379", ".", "a..b=1"] {
        let ran = allwell(&["check", "shelf", "--instance-filter", filter]);
        assert_eq!(ran.code, 2, "{filter}");
        assert_eq!(
            ran.err,
            format!(
                "error: `{filter}` is not an instance filter\n\
                 hint: write an option and its value: `--instance-filter port=6379`\n"
            )
        );
    }
}
