//! Mistakes in `service_checks.json`: in values, in objects, in the file as a whole.

use serde_json::{Value, json};

use super::{FINE, Mutation};
use crate::base::{folder_with_checks, service_checks};
use crate::folder::Folder;

pub(super) fn all() -> Vec<Mutation> {
    [attributes(), objects(), documents()].concat()
}

/// Another value of an attribute, and the rule that it breaks.
fn attributes() -> Vec<Mutation> {
    let values = [
        (
            "agent-version",
            "agent_version",
            json!(["", "6", "6.0", "6.0.0.0", "x.y.z", null, 6, ["6", "0", "0"], "-6.0.0"]),
        ),
        (FINE, "agent_version", json!(["7.0.0", "6.0.0.beta", "v.1.2.3", "0.0.0"])),
        (
            "check-name",
            "check",
            json!([
                "", null, 1, "acme-x", "acme x", "acme__x", "acme..x", "acme._x", "acme_.x",
                "_acme", "acme_", "é", "a\n"
            ]),
        ),
        (FINE, "check", json!(["acme.x", ".acme", "acme.", "9", "A.b_c.d"])),
        ("description", "description", json!(["", null, 0, [], {}])),
        (FINE, "description", json!([" ", "é", "a\nb"])),
        ("groups", "groups", json!([null, "host", {}, 1, true])),
        (FINE, "groups", json!([[], [1], [null, "host"], [["x"]]])),
        (
            "service-integration",
            "integration",
            json!(["", null, "acme", "acme queue", "Acme Queue ", 1, ["Acme Queue"]]),
        ),
        ("name", "name", json!(["", null, 1, ["x"]])),
        (FINE, "name", json!(["x", "Can connect", "é"])),
        ("statuses", "statuses", json!([[], null, "ok", {}, 0, {"ok": 1}])),
        (
            "status",
            "statuses",
            json!([["OK"], ["ok", "crit"], [1], [null], [["ok"]], [true], ["ok", ""]]),
        ),
        (FINE, "statuses", json!([["ok"], ["ok", "ok"], ["unknown", "warning", "critical", "ok"]])),
    ];
    let mut mutations = Vec::new();
    for (rule, attribute, values) in values {
        for value in values.as_array().expect("a list") {
            let mut checks = service_checks();
            checks[1][attribute] = value.clone();
            let what = format!("{attribute} {value}");
            mutations.push((rule, what, folder_with_checks(checks.to_string())));
        }
    }
    mutations
}

fn objects() -> Vec<Mutation> {
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut checks = service_checks();
        edit(&mut checks);
        folder_with_checks(checks.to_string())
    };
    let mut mutations = Vec::new();
    let first = service_checks()[0].clone();
    for attribute in first.as_object().expect("an object").keys() {
        let without = |checks: &mut Value| {
            let _ = checks[1].as_object_mut().expect("an object").remove(attribute);
        };
        mutations.push(("missing-attribute", format!("no {attribute}"), edited(&without)));
        let more = |checks: &mut Value| checks[0][format!("{attribute}_")] = json!(null);
        mutations.push(("unknown-attribute", format!("{attribute}_"), edited(&more)));
    }
    for (rule, attribute) in [("duplicate-check", "check"), ("duplicate-name", "name")] {
        let same = |checks: &mut Value| checks[1][attribute] = checks[0][attribute].clone();
        mutations.push((rule, format!("the same {attribute}"), edited(&same)));
        let again = |checks: &mut Value| {
            let first = checks[0].clone();
            checks.as_array_mut().expect("a list").push(first);
        };
        mutations.push((rule, format!("the first again, {attribute}"), edited(&again)));
        let thrice = |checks: &mut Value| *checks = json!([checks[0], checks[0], checks[0]]);
        mutations.push((rule, format!("the first thrice, {attribute}"), edited(&thrice)));
    }
    mutations
}

fn documents() -> Vec<Mutation> {
    let text = service_checks().to_string();
    let of = |text: &str| folder_with_checks(text);
    vec![
        (FINE, "as it is".into(), of(&text)),
        (
            FINE,
            "laid out, \\r\\n".into(),
            of(&format!("{:#}", service_checks()).replace('\n', "\r\n")),
        ),
        (
            FINE,
            "white space of Unicode around".into(),
            of(&format!("\u{a0}\u{2003}{text}\u{85}\u{1c}\n")),
        ),
        (FINE, "an empty list".into(), of("[]")),
        (FINE, "an empty object".into(), of("{}")),
        (FINE, "an empty text".into(), of("\"\"")),
        (FINE, "a key twice".into(), of(&text.replacen('{', "{\"name\": 1, ", 1))),
        (FINE, "half of a pair".into(), of(&text.replacen("WARNING", "\\ud800", 1))),
        (
            FINE,
            "escapes".into(),
            of(&text.replacen("ok", "\\u006fk", 1).replacen("\"name\"", "\"\\u006eame\"", 1)),
        ),
        (
            FINE,
            "a large number".into(),
            of(&text.replacen("[]", "[1e999, 123456789012345678901234567890]", 1)),
        ),
        (
            "name",
            "a key twice, the last one wrong".into(),
            of(&text.replacen("\"Can Connect\"", "\"Can Connect\", \"name\": 1", 1)),
        ),
        ("not-json", "nothing".into(), of("")),
        ("not-json", "blanks".into(), of(" \n ")),
        ("not-json", "a comma too many".into(), of(&text.replace("}]", "},]"))),
        ("not-json", "a mark".into(), of(&format!("\u{feff}{text}"))),
        ("not-json", "single quotes".into(), of(&text.replace('"', "'"))),
        ("not-json", "a comment".into(), of(&format!("// all\n{text}"))),
        ("not-json", "not closed".into(), of(text.trim_end_matches(']'))),
        ("not-json", "two of them".into(), of(&format!("{text}{text}"))),
        (
            "not-json",
            "a line break in a text".into(),
            of(&text.replacen("Can Connect", "Can\nConnect", 1)),
        ),
        ("not-json", "a bad escape".into(), of(&text.replacen("Can", "\\x43an", 1))),
        ("not-json", "a leading zero".into(), of(&text.replacen("[]", "[01]", 1))),
        ("service-checks-shape", "an object".into(), of("{\"a\": 1}")),
        ("service-checks-shape", "a text".into(), of("\"a\"")),
        ("service-checks-shape", "null".into(), of("null")),
        ("service-checks-shape", "a number".into(), of("0")),
        ("service-checks-shape", "a list of lists".into(), of("[[]]")),
        ("service-checks-shape", "a list of texts".into(), of("[\"a\", \"\"]")),
        ("service-checks-shape", "a list with null".into(), of(&text.replacen('[', "[null, ", 1))),
        ("unreadable", "Latin-1".into(), folder_with_checks(b"[\"\xe9\"]".to_vec())),
        ("missing-attribute", "an empty object in it".into(), of("[{}]")),
        ("missing-file", "no file".into(), Folder { service_checks: None, ..of("") }),
    ]
}
