//! `list`, `describe`, `export metadata`: what is known of checks without running them.

use serde_json::json;

use crate::run::{Directory, allwell};

#[test]
fn list_shows_every_check() {
    let ran = allwell(&["list"]);
    assert_eq!(
        ran.out,
        "NAME   INTERVAL  ENABLED        METRICS  SUMMARY\n\
         guest  30s       if configured        0  Asks a guest\n\
         shelf  15s       by default           5  Room on a shelf\n\
         sloth  15s       if configured        0  Takes its time\n"
    );
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn list_as_json_says_where_a_check_is_written() {
    let list = allwell(&["list", "--format", "json"]).json();
    let guest = &list[0];
    assert_eq!(guest["name"], "guest");
    assert_eq!(guest["interval_seconds"], json!(30.0));
    assert_eq!(guest["timeout_seconds"], json!(0.2));
    assert_eq!(guest["crate"], "cli");
    assert_eq!(guest["file"], "runtime/tests/cli/checks.rs");
    assert_eq!(guest["line"], 44);
    assert_eq!(guest["service_checks"], 1);
    assert_eq!(list[1]["metrics"], 5);
    assert_eq!(list[1]["enabled_by_default"], true);
    assert_eq!(list[1]["blocking"], true);
}

#[test]
fn describe_shows_options_metrics_and_service_checks() {
    let guest = allwell(&["describe", "guest"]);
    assert_eq!(guest.code, 0);
    assert_eq!(
        guest.out,
        "guest\n\
         \n\
         Asks a guest.\n\
         \n\
         Runs every 30s, 200ms at most, when configured.\n\
         Written at runtime/tests/cli/checks.rs:44:1 in cli 0.1.0.\n\
         \n\
         Options\n\
         \x20 mood (text, required)\n\
         \x20     How the guest feels.\n\
         \x20     Example: \"shy\"\n\
         \x20 room (integer, optional)\n\
         \x20     The room.\n\
         \x20     Default: 12\n\
         \x20     Becomes the tag `room` of everything submitted\n\
         \x20 door (mapping, optional)\n\
         \x20     What the door is like.\n\
         \x20     lock (boolean, optional)\n\
         \x20         It can be locked.\n\
         \x20         Default: false\n\
         \n\
         \x20 Every check also has: tags, service, min_collection_interval, empty_default_hostname,\n\
         \x20 metric_patterns, max_returned_metrics, name\n\
         \n\
         Metrics\n\
         \x20 none\n\
         \n\
         Service checks\n\
         \x20 guest.can_connect\n\
         \x20     Returns `OK` if a run succeeds, `CRITICAL` with the error otherwise.\n"
    );
    let shelf = allwell(&["describe", "shelf"]).out;
    assert!(shelf.contains(
        "  shelf.read (monotonic_count, object) by name\n      Books taken out to be read.\n"
    ));
}

#[test]
fn describe_as_json_has_units_and_tags() {
    let shelf = allwell(&["describe", "shelf", "--format", "json"]).json();
    assert_eq!(
        shelf["metrics"][0],
        json!({
            "name": "shelf.room",
            "kind": "gauge",
            "unit": "byte",
            "per_unit": "",
            "description": "Room that is left.",
            "orientation": 1,
            "tags": [{
                "key": "name",
                "description": "Which board it is.",
                "optional": false,
                "values": null,
            }],
        })
    );
    assert_eq!(shelf["service_checks"][0]["name"], "shelf.firm");
}

const SHELF: &str = "\
metric_name,metric_type,interval,unit_name,per_unit_name,description,orientation,integration,short_name,curated_metric,sample_tags
shelf.bending.95percentile,gauge,,second,,Time that a book bends the board (95th percentile).,0,shelf,bending p95,,name
shelf.bending.avg,gauge,,second,,Time that a book bends the board (average).,0,shelf,bending avg,,name
shelf.bending.count,rate,,,,Time that a book bends the board (values per second).,0,shelf,bending count,,name
shelf.bending.max,gauge,,second,,Time that a book bends the board (maximum).,0,shelf,bending max,,name
shelf.bending.median,gauge,,second,,Time that a book bends the board (median).,0,shelf,bending median,,name
shelf.bent,gauge,,fraction,,\"Share of the board, which is bent.\",0,shelf,bent,,name
shelf.read,count,,object,,Books taken out to be read.,0,shelf,read,,name
shelf.room,gauge,,byte,,Room that is left.,1,shelf,room,,name
shelf.weight,gauge,,,,Weight of a book.,0,shelf,weight,,name
";

#[test]
fn metadata_has_a_row_for_every_metric_that_arrives() {
    let ran = allwell(&["export", "metadata", "shelf"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, SHELF, ""));
}

#[test]
fn metadata_goes_to_a_file_for_each_check() {
    let directory = Directory::new();
    let ran = allwell(&["export", "metadata", "--out", directory.path()]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    assert_eq!(directory.read("shelf/metadata.csv"), SHELF);
    assert_eq!(directory.read("guest/metadata.csv").lines().count(), 1);
}

#[test]
fn metadata_as_json_has_the_same_rows() {
    let rows = allwell(&["export", "metadata", "--format", "json"]).json();
    assert_eq!(rows.as_array().map(Vec::len), Some(9));
    assert_eq!(rows[7]["metric_name"], "shelf.room");
    assert_eq!(rows[7]["sample_tags"], json!(["name"]));
}

#[test]
fn a_directory_that_cannot_be_written_is_an_error() {
    let ran = allwell(&["export", "metadata", "shelf", "--out", "/dev/null"]);
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.err,
        "error: `/dev/null/shelf/metadata.csv` cannot be written: Not a directory (os error 20)\n\
         hint: name another directory with `--out`\n"
    );
}
