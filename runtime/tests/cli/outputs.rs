//! Outputs as `diagnose` tries them out and `check --output` sends through them.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

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

#[test]
fn dogstatsd_is_tried_out_and_sent_to() {
    let directory = Directory::new();
    let path = format!("{}/dsd.socket", directory.path());
    let settings = format!("outputs: [{{dogstatsd: {{url: {path}, origin_detection: false}}}}]\n");
    let ran = with_settings(&settings, &["diagnose"]);
    assert_eq!(ran.code, 7);
    assert!(ran.out.contains("No such file or directory"), "{}", ran.out);
    let socket = UnixDatagram::bind(&path).expect("a socket");
    assert_eq!(with_settings(&settings, &["diagnose"]).code, 0);
    let ran = with_settings(&settings, &["check", "shelf", "--output", "dogstatsd"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    socket.set_read_timeout(Some(Duration::from_secs(1))).expect("a timeout");
    let mut packet = vec![0; 8192];
    let length = socket.recv(&mut packet).expect("a packet");
    let text = String::from_utf8_lossy(&packet[..length]);
    let starts: Vec<&str> =
        text.lines().filter_map(|line| line.split_once('|')).map(|(start, _)| start).collect();
    assert_eq!(starts[..2], ["shelf.room:1572864", "shelf.bent:0"]);
    assert!(
        text.lines()
            .any(|line| line.starts_with("_sc|shelf.firm|2|") && line.ends_with("|m:it bends"))
    );
}
