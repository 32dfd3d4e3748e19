//! Assets against the check of the same name in this binary.

use allwell::prelude::*;
use serde_json::json;

use crate::folder::Folder;
use crate::messages::golden;
use crate::run;

/// Turns things.
#[check(can_connect = "gadget.can_connect")]
fn gadget() -> Gear {
    Gear { speed: 1.into(), turns: 2.into(), time: 3.into(), turning: Status::Ok.into() }
}

#[derive(Metrics)]
#[metrics(namespace = "gadget")]
struct Gear {
    /// How fast it turns.
    speed: Gauge<Per<Operation, Second>>,
    /// Turns so far.
    turns: MonotonicCount<Operation>,
    /// Time of a turn.
    time: Gauge<Second>,
    /// OK while it turns, CRITICAL if it does not.
    turning: ServiceCheck,
}

const HEADER: &str = "metric_name,metric_type,interval,unit_name,per_unit_name,description,orientation,integration,short_name,curated_metric,sample_tags\n";

/// A folder named as the check is, in a directory of its own.
fn gadget_folder(rows: &str, service_checks: &str) -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().expect("a directory");
    let folder = Folder {
        metadata: Some(format!("{HEADER}{rows}").into()),
        service_checks: Some(service_checks.into()),
        ..Folder::new("gadget.", "Gadget")
    };
    folder.write_as(directory.path(), "gadget");
    let path = directory.path().join("gadget").to_str().expect("a text").to_owned();
    (directory, path)
}

fn service_checks(names: &[&str]) -> String {
    let check = |name: &&str| {
        json!({
            "agent_version": "6.0.0",
            "integration": "Gadget",
            "check": name,
            "statuses": ["ok", "warning"],
            "groups": [],
            "name": name,
            "description": "Turns.",
        })
    };
    names.iter().map(check).collect::<serde_json::Value>().to_string()
}

#[test]
fn what_is_exported_is_fine() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().to_str().expect("a text");
    let exported = run::allwell(&["export", "integration", "gadget", "--out", path]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    let ran = run::lint(&[path]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let place = format!("{path}/");
    assert_eq!(
        ran.out.replace(&place, ""),
        "ENTRIES  ERRORS  WARNINGS  FILE\n\
         \x20     3       0         0  gadget/metadata.csv\n\
         \x20     2       0         0  gadget/assets/service_checks.json\n"
    );
}

#[test]
fn what_differs_from_the_check_is_a_warning() {
    let rows = "gadget.speed,gauge,,operation,,S.,0,gadget,s,,\n\
                gadget.turn,count,,operation,,T.,0,gadget,t,,\n\
                gadget.time,rate,,second,,T.,0,gadget,t,,\n\
                gadget.weight,gauge,,gram,,W.,0,gadget,w,,\n";
    let rows = rows.replace(",gram,", ",,");
    let (directory, path) =
        gadget_folder(&rows, &service_checks(&["gadget.turnin", "gadget.lost", "gadget.turning"]));
    let ran = run::lint(&[&path]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let place = format!("{}/", directory.path().display());
    golden("code.txt", &ran.err.replace(&place, ""));
    assert_eq!(run::lint(&["--strict", &path]).code, 5);
}

#[test]
fn a_file_that_stands_alone_is_compared_if_its_integration_is_named() {
    let (directory, _) = gadget_folder("", "[]");
    let file = directory.path().join("metrics.csv");
    let row = "gadget.sped,gauge,,operation,second,S.,0,gadget,s,,\n";
    std::fs::write(&file, format!("{HEADER}{row}")).expect("a file");
    let file = file.to_str().expect("a text");
    let rules = |arguments: &[&str]| {
        let (code, findings) = run::findings(arguments);
        (code, findings.into_iter().map(|finding| finding.rule).collect::<Vec<_>>())
    };
    assert_eq!(rules(&[file]), (0, vec![]));
    let missing = "missing-metric".to_owned();
    let expected = [&missing, &missing, &missing, &"not-submitted".to_owned()].map(Clone::clone);
    assert_eq!(rules(&[file, "--integration", "Gadget"]), (0, expected.to_vec()));
}
