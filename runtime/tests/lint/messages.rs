//! What each rule says, in files of `golden/` that `UPDATE_GOLDEN=1` writes anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use allwell::export::lint::RULES;
use serde_json::json;

use crate::base::{DISPLAY_NAME, Metrics, PREFIX, folder_with_checks, folder_with_metrics};
use crate::folder::Folder;
use crate::run;

/// A heading, and what it says of a folder.
type Section = (&'static str, Folder);

/// Rows under the full header.
fn rows(rows: &str) -> Folder {
    let header = Metrics::new().csv().lines().next().expect("the header").to_owned();
    folder_with_metrics(format!("{header}\n{rows}"))
}

/// A table without a header of its own.
fn table(text: &str) -> Folder {
    folder_with_metrics(text)
}

/// A list of one service check, some of whose text is another.
fn check(from: &str, to: &str) -> Folder {
    folder_with_checks(CHECK.replacen(from, to, 1))
}

const CHECK: &str = r#"[
    {
        "agent_version": "6.0.0",
        "integration": "Acme Queue",
        "check": "acme.can_connect",
        "statuses": ["ok", "critical"],
        "groups": ["host"],
        "name": "Can Connect",
        "description": "CRITICAL if it cannot be reached."
    }
]
"#;

fn metadata() -> Vec<Section> {
    let long = "x".repeat(401);
    let long = format!("acme.a,gauge,,byte,,{long},0,acme_queue,a,,\n");
    let cell = format!("acme.a,gauge,,byte,,,0,acme_queue,a,,{}\n", "x".repeat(131_073));
    vec![
        ("empty-file", table("")),
        ("byte-order-mark", rows("acme.a,gauge,,byte,,A.,0,acme_queue,a,,\n").marked()),
        (
            "unknown-column",
            table(
                "metric_name,type,interval,unit_name,per_unit_name,description,orientation,integration,short_name,curated_metric,sample_tags,Sample Tags,owner\nacme.a,gauge,,byte,,A.,0,acme_queue,a,,,,\n",
            ),
        ),
        (
            "missing-column, but nothing is refused without rows",
            table(
                "metric_name,metric_type,interval,unit_name,per_unit_name,description,orientation,integration,short_name\n",
            ),
        ),
        (
            "duplicate-column",
            table(
                "metric_name,metric_type,interval,unit_name,per_unit_name,description,orientation,integration,short_name,curated_metric,orientation\nacme.a,gauge,,byte,,A.,up,acme_queue,a,,0\n",
            ),
        ),
        (
            "row-length",
            rows(
                "acme.a,gauge,,byte,,A.,0,acme_queue,a,\nacme.b,gauge,,byte,,Bytes, read,0,acme_queue,b,,\n\nacme.c,gauge,,byte,,C.,0,acme_queue,c,\n",
            ),
        ),
        ("cell-length", rows(&cell)),
        (
            "unclosed-quote",
            rows(
                "acme.a,gauge,,byte,,\"A.,0,acme_queue,a,,\nacme.b,gauge,,byte,,B.,0,acme_queue,b,,\n",
            ),
        ),
        ("empty-cell", rows(",,,byte,,A.,,,a,,\nacme.b,,,byte,,B.,,acme_queue,b,,\n")),
        (
            "duplicate-metric",
            rows(
                "acme.a,gauge,,byte,,A.,0,acme_queue,a,,\nacme.b,gauge,,byte,,B.,0,acme_queue,b,,\nacme.a,count,,byte,,A.,0,acme_queue,a,,\n",
            ),
        ),
        (
            "metric-name",
            rows(
                "acme._in-use,gauge,,byte,,A.,0,acme_queue,a,,\n--,gauge,,byte,,B.,0,acme_queue,b,,\n",
            ),
        ),
        (
            "metric-prefix",
            rows(
                "acm.a,gauge,,byte,,A.,0,acme_queue,a,,\nacm.b,gauge,,byte,,B.,0,acme_queue,b,,\nsystem.c,gauge,,byte,,C.,0,acme_queue,c,,\n",
            ),
        ),
        (
            "metric-type",
            rows(
                "acme.a,Gauge,,byte,,A.,0,acme_queue,a,,\nacme.b,histogram,,byte,,B.,0,acme_queue,b,,\nacme.c,monotonic_count,,byte,,C.,0,acme_queue,c,,\nacme.d,boolean,,byte,,D.,0,acme_queue,d,,\n",
            ),
        ),
        (
            "unit-name",
            rows(
                "acme.a,gauge,,Byte,,A.,0,acme_queue,a,,\nacme.b,gauge,,queries,,B.,0,acme_queue,b,,\nacme.c,gauge,,ms,,C.,0,acme_queue,c,,\nacme.d,gauge,,bytes/sec,,D.,0,acme_queue,d,,\nacme.n,gauge,,name,,N.,0,acme_queue,n,,\nacme.e,gauge,,furlong,,E.,0,acme_queue,e,,\nacme.f,gauge,,Byte,,F.,0,acme_queue,f,,\n",
            ),
        ),
        ("per-unit-name", rows("acme.a,gauge,,request,s,A.,0,acme_queue,a,,\n")),
        ("time-per-time", rows("acme.a,gauge,,millisecond,second,A.,0,acme_queue,a,,\n")),
        (
            "integration",
            rows(
                "acme.a,gauge,,byte,,A.,0,Acme Queue,a,,\nacme.b,gauge,,byte,,B.,0,acme_queue,b,,\nacme.c,gauge,,byte,,C.,0,Acme Queue,c,,\nacme.d,gauge,,byte,,D.,0,Acme Queue,d,,\n",
            ),
        ),
        ("orientation", rows("acme.a,gauge,,byte,,A.,up,acme_queue,a,,\n")),
        ("description-pipe", rows("acme.a,gauge,,byte,,Read | written.,0,acme_queue,a,,\n")),
        (
            "non-ascii",
            rows(
                "acme.a,gauge,,byte,,The queue\u{2019}s size \u{2013} in bytes.,0,acme_queue,größe,,\n",
            ),
        ),
        ("description-length", rows(&long)),
        ("interval", rows("acme.a,gauge,15s,byte,,A.,0,acme_queue,a,,\n")),
        ("curated-metric", rows("acme.a,gauge,,byte,,A.,0,acme_queue,a,cpu|CPU|disk|cpu,\n")),
        (
            "missing-unit, missing-description, missing-short-name, per-unit-alone",
            rows(
                "acme.a,gauge,,,,A.,0,acme_queue,,,\nacme.b,gauge,,,second,,0,acme_queue,b,,\nacme.c,gauge,,,,,0,acme_queue,,,\n",
            ),
        ),
        (
            "unreadable",
            folder_with_metrics(b"metric_name,description\nacme.a,Gr\xf6\xdfe\n".to_vec()),
        ),
    ]
}

fn service_checks() -> Vec<Section> {
    let second = CHECK.trim_end().trim_start_matches("[\n").trim_end_matches("\n]");
    let twice = CHECK.replace("\n]", &format!(",\n{second}\n]"));
    vec![
        ("not-json: a comma too many", check("reached.\"", "reached.\",")),
        ("not-json: no comma", check("\"6.0.0\",", "\"6.0.0\"")),
        ("not-json: single quotes", check("\"6.0.0\"", "'6.0.0'")),
        ("not-json: a comment", check("[\n", "[\n    # all\n")),
        ("not-json: NaN", check("[\"host\"]", "[NaN]")),
        ("not-json: a line break", check("Can Connect", "Can\nConnect")),
        ("not-json: the end", check("\n]\n", "\n")),
        ("not-json: a byte order mark", check("[\n", "\u{feff}[\n")),
        ("duplicate-key", check("\"groups\"", "\"statuses\": [],\n        \"groups\"")),
        ("service-checks-shape: an object", folder_with_checks("{\n  \"checks\": []\n}\n")),
        ("service-checks-shape: nothing, which is not refused", folder_with_checks("{}\n")),
        (
            "service-checks-shape: a list of other things",
            folder_with_checks("[\"acme.can_connect\", null]\n"),
        ),
        ("unknown-attribute, missing-attribute", check("\"description\"", "\"desc\"")),
        ("unknown-attribute", check("\"name\"", "\"Groups\": [], \"owner\": 1, \"name\"")),
        ("agent-version", check("6.0.0", "6.0")),
        ("check-name: a character", check("acme.can_connect", "acme.can-connect")),
        ("check-name: a sequence", check("acme.can_connect", "acme._can__connect_")),
        ("check-name: no text", check("\"acme.can_connect\"", "{\"name\":\n 1}")),
        ("description", check("\"CRITICAL if it cannot be reached.\"", "null")),
        ("groups", check("[\"host\"]", "\"host\"")),
        ("service-integration", check("Acme Queue", "acme_queue")),
        ("name", check("Can Connect", "")),
        ("duplicate-check, duplicate-name", folder_with_checks(twice)),
        ("statuses", check("[\"ok\", \"critical\"]", "[]")),
        ("statuses: no list", check("[\"ok\", \"critical\"]", "\"ok\"")),
        ("status, duplicate-status", check("\"critical\"", "\"CRITICAL\", \"ok\", \"down\", 3")),
    ]
}

fn manifests() -> Vec<Section> {
    let manifest = |text: &str| Folder {
        manifest: text.to_owned(),
        ..rows("acme.a,gauge,,byte,,A.,0,acme_queue,a,,\n")
    };
    let integration = |integration: serde_json::Value| {
        let text = json!({ "manifest_version": "2.0.0", "assets": { "integration": integration } });
        manifest(&format!("{text:#}"))
    };
    let metrics = json!({ "prefix": PREFIX });
    vec![
        ("not-json", manifest("{\n  \"manifest_version\": \"2.0.0\",\n}\n")),
        ("manifest-shape", manifest("[]\n")),
        (
            "manifest-shape: a value",
            integration(json!({ "source_type_name": ["Acme Queue"], "metrics": metrics })),
        ),
        (
            "manifest-shape: a version",
            manifest(
                "{\n  \"manifest_version\": \"1.0.0\",\n  \"assets\": {\"integration\": {\"source_type_name\": \"Acme Queue\", \"metrics\": {\"prefix\": \"acme.\"}}}\n}\n",
            ),
        ),
        (
            "service-integration: no name in the manifest",
            Folder {
                metadata: None,
                service_checks: Some(CHECK.into()),
                ..integration(
                    json!({ "service_checks": { "metadata_path": "assets/service_checks.json" } }),
                )
            },
        ),
        ("missing-prefix, unlisted-file", integration(json!({ "source_type_name": DISPLAY_NAME }))),
        (
            "missing-file",
            integration(
                json!({ "source_type_name": DISPLAY_NAME, "metrics": { "prefix": PREFIX, "metadata_path": "assets/metrics.csv" } }),
            ),
        ),
    ]
}

impl Folder {
    fn marked(mut self) -> Self {
        if let Some(text) = &mut self.metadata {
            text.splice(0..0, *b"\xef\xbb\xbf");
        }
        self
    }
}

/// What is said of each folder, as one text.
fn said(sections: Vec<Section>) -> String {
    let mut said = String::new();
    for (heading, folder) in sections {
        let directory = tempfile::tempdir().expect("a directory");
        folder.write_as(directory.path(), "acme");
        let ran = run::lint(&[directory.path().join("acme").to_str().expect("a text")]);
        let place = format!("{}/", directory.path().display());
        let _ = writeln!(
            said,
            "# {heading}: exit code {}\n\n{}",
            ran.code,
            ran.err.replace(&place, "")
        );
    }
    said
}

/// Compares a text with a golden file.
pub(crate) fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).expect("the golden file can be written");
    }
    let expected = fs::read_to_string(&path).expect("the golden file is there");
    assert_eq!(text, expected, "{} differs; `UPDATE_GOLDEN=1` accepts it", path.display());
}

#[test]
fn of_metadata() {
    golden("metadata.txt", &said(metadata()));
}

#[test]
fn of_service_checks() {
    golden("service_checks.txt", &said(service_checks()));
}

#[test]
fn of_manifests() {
    golden("manifests.txt", &said(manifests()));
}

/// Rules of paths and of code, which other tests break.
const ELSEWHERE: [&str; 10] = [
    "no-assets",
    "not-toml",
    "no-manifest",
    "not-submitted",
    "missing-metric",
    "type-differs",
    "unit-differs",
    "undeclared-service-check",
    "undeclared-status",
    "missing-service-check",
];

#[test]
fn every_rule_is_among_them_and_documented() {
    let golden = ["metadata.txt", "service_checks.txt", "manifests.txt"].map(|name| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/golden").join(name);
        fs::read_to_string(path).expect("the golden file is there")
    });
    let golden = golden.concat();
    let documents = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/cli.md");
    let documents = fs::read_to_string(documents).expect("the document is there");
    for rule in RULES {
        let shown = golden.contains(&format!("[{}]: ", rule.name));
        assert_eq!(shown, !ELSEWHERE.contains(&rule.name), "{}", rule.name);
        let row = format!("| `{}` | {} |", rule.name, rule.meaning);
        assert!(documents.contains(&row), "{row}");
    }
}
