//! `config`: what is wrong with files of configuration.

use serde_json::json;

use crate::run::{Directory, allwell};

#[test]
fn files_without_problems_are_counted() {
    let confd = Directory::with("guest.d/conf.yaml", "instances: [{mood: a}, {mood: b}]")
        .and("shelf.yaml", "instances: [{}]");
    let ran = allwell(&["config", "validate", "--confd", confd.path()]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        ran.out.replace(confd.path(), "DIR"),
        "CHECK  INSTANCES  ERRORS  WARNINGS  FILE\n\
         guest     2 of 2       0         0  DIR/guest.d/conf.yaml\n\
         shelf     1 of 1       0         0  DIR/shelf.yaml\n"
    );
}

#[test]
fn every_problem_of_every_file_is_reported() {
    let confd =
        Directory::with("guest.d/conf.yaml", "instances:\n- mod: a\n- mood: b\n  room: x\n")
            .and("shelf.yaml", "instance: [{}]\n");
    let ran = allwell(&["config", "validate", confd.path()]);
    assert_eq!(ran.code, 3);
    let err = ran.err.replace(confd.path(), "DIR");
    for expected in [
        "error: unknown option `mod`\n --> DIR/guest.d/conf.yaml:2:3\n",
        "DIR/guest.d/conf.yaml:4:9\n",
        "error: unknown key `instance` at the top of the file\n --> DIR/shelf.yaml:1:1\n",
    ] {
        assert!(err.contains(expected), "{expected}\nis not in\n{err}");
    }
    assert!(ran.out.contains("guest     0 of 2       2         0"), "{}", ran.out);
}

#[test]
fn a_folder_of_one_check_is_validated_as_such() {
    let confd = Directory::with("guest.d/conf.yaml", "instances: [{mod: a}]")
        .and("shelf.yaml", "instance: [{}]");
    let folder = format!("{}/guest.d", confd.path());
    let ran = allwell(&["config", "validate", &folder]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.starts_with("error: unknown option `mod`\n"), "{}", ran.err);
    assert_eq!(
        ran.out.replace(confd.path(), "DIR"),
        "CHECK  INSTANCES  ERRORS  WARNINGS  FILE\n\
         guest     0 of 1       1         0  DIR/guest.d/conf.yaml\n"
    );
}

#[test]
fn the_json_has_files_problems_and_what_was_skipped() {
    let confd = Directory::with("guest.d/conf.yaml", "instances:\n- mood: b\n  room: x\n")
        .and("guest.d/metrics.yaml", "a: b");
    let ran = allwell(&["config", "validate", confd.path(), "--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (3, ""));
    let report = ran.json();
    let file = format!("{}/guest.d/conf.yaml", confd.path());
    assert_eq!(
        report["files"],
        json!([{
            "file": file,
            "check": "guest",
            "instances": 1,
            "valid_instances": 0,
            "errors": 1,
            "warnings": 0,
        }])
    );
    assert_eq!(report["problems"][0]["file"], json!(file));
    assert_eq!(report["problems"][0]["line"], 3);
    assert_eq!(report["problems"][0]["column"], 9);
    assert_eq!(report["problems"][0]["option"], "instances[0].room");
    assert_eq!(report["skipped"][0]["reason"], "a list of JMX metrics");
}

#[test]
fn a_file_alone_is_for_the_check_of_its_name_or_its_folder() {
    let confd = Directory::with("guest.d/anything.yaml", "instances: [{mood: a}]")
        .and("conf.d/shelf.yaml", "instances: [{}]");
    for (file, check) in [("guest.d/anything.yaml", "guest"), ("conf.d/shelf.yaml", "shelf")] {
        let ran = allwell(&["config", "validate", &format!("{}/{file}", confd.path())]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{file}");
        assert!(ran.out.contains(&format!("\n{check}     1 of 1")), "{}", ran.out);
    }
}

#[test]
fn a_file_for_a_check_that_is_not_there_is_a_warning() {
    let confd = Directory::with("gest.yaml", "instances: [{}]");
    let ran = allwell(&["config", "validate", confd.path()]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("warning: this binary has no check `gest`"), "{}", ran.err);
    assert!(ran.err.contains("hint: did you mean `guest`?"), "{}", ran.err);
}

#[test]
fn nothing_to_validate_is_an_error() {
    let ran = allwell(&["config", "validate"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert_eq!(
        ran.err,
        "error: there is no directory `conf.d` here\n\
         hint: name files or directories, or set `ALLWELL_CONFD`\n"
    );
}

#[test]
fn what_is_not_there_is_an_error() {
    let ran = allwell(&["config", "validate", "/nowhere/conf.d"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("cannot list the directory"), "{}", ran.err);
}

#[test]
fn an_example_is_a_file_that_runs() {
    let example = allwell(&["config", "example", "guest"]);
    assert_eq!((example.code, example.err.as_str()), (0, ""));
    assert!(
        example.out.contains(
            "    ## @param mood - string - required\n    ## How the guest feels.\n    #\n  - mood: shy\n"
        ),
        "{}",
        example.out
    );
    let confd = Directory::with("guest.d/conf.yaml", &example.out);
    let ran = allwell(&["config", "validate", confd.path()]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("guest     1 of 1 "), "{}", ran.out);
}

#[test]
fn a_schema_is_json_schema() {
    let ran = allwell(&["config", "schema", "guest"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(
        ran.json()["$schema"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://json-schema.org/"))
    );
    assert!(ran.out.contains("How the guest feels."));
}

#[test]
fn an_unknown_check_has_neither() {
    for verb in ["example", "schema"] {
        let ran = allwell(&["config", verb, "gest"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert_eq!(ran.err, "error: there is no check `gest`\nhint: did you mean `guest`?\n");
    }
}

#[test]
fn an_example_can_tell_editors_where_its_schema_is() {
    let plain = allwell(&["config", "example", "guest"]);
    let ran = allwell(&["config", "example", "guest", "--schema", "../guest.schema.json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let line = "# yaml-language-server: $schema=../guest.schema.json\n";
    assert_eq!(ran.out.strip_prefix(line), Some(plain.out.as_str()));
    let ran = allwell(&["config", "example", "guest", "--schema", "my schema.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("hint: write `%20` for each"), "{}", ran.err);
}
