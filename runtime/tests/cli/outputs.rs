//! Outputs as `diagnose` tries them out and `check --output` sends through them.

use serde_json::json;

use crate::run::{Directory, Ran, allwell};

fn with_settings(settings: &str, arguments: &[&str]) -> Ran {
    let directory = Directory::with("allwell.yaml", settings);
    let config = format!("{}/allwell.yaml", directory.path());
    allwell(&[arguments, &["--config", &config]].concat())
}

#[test]
fn an_output_that_nothing_can_be_wrong_with_is_well() {
    let ran = with_settings("", &["diagnose"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "console\n  nothing to try\n"));
    let two = "outputs: [{console: {}}, {console: {format: json}}]\n";
    let ran = with_settings(two, &["diagnose", "--format", "json"]);
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.json(),
        json!([{ "output": "console", "trials": [] }, { "output": "console", "trials": [] }])
    );
}

#[test]
fn an_output_that_is_not_configured_is_told_before_anything_runs() {
    let ran = with_settings("", &["check", "--output", "datadog"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(
        ran.err,
        "error: no output `datadog` is configured\n\
         hint: the settings have `console`; `all` is all of them\n"
    );
}
