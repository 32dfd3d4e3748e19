//! Payloads of the intake, read by others' implementations of zstd, zlib, protobuf and of Datadog's API.

use std::fs;

use allwell::output::intake::{Compression, Encoder, Form};
use allwell_tests::intake::{disks, python};
use serde_json::{Value, json};
use tempfile::TempDir;

const MESSAGES: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/src/output/intake/agent_payload.proto");
const READER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/receivers/intake.py");

/// What Python reads in the payloads of so many disks.
fn read(count: u32, compression: Compression) -> Option<Value> {
    let mut python = python()?;
    let directory = TempDir::new().expect("a directory");
    let encoded = Encoder::new(Form { compression, ..Form::default() })
        .encode(&[disks(count)])
        .expect("memory for it");
    assert_eq!(encoded.refused.amount.total(), 0);
    for (number, payload) in encoded.payloads.iter().chain(&encoded.logs).enumerate() {
        let route = payload.route.trim_end_matches('/').replace('/', "_");
        let encoding = payload.content_encoding.as_deref().unwrap_or("none");
        let file = directory.path().join(format!("{number:03}-{route}.{encoding}"));
        fs::write(file, &payload.body).expect("a file");
    }
    let output = python.args([READER, MESSAGES]).arg(directory.path()).output().expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

#[test]
fn datadogs_client_takes_what_others_decode() {
    for compression in [Compression::Zstd, Compression::Deflate, Compression::None] {
        let Some(read) = read(1, compression) else { return };
        let time = read["/api/v2/series"][0]["points"][0]["timestamp"].clone();
        let device = [
            json!({ "type": "host", "name": "web-1" }),
            json!({ "type": "device", "name": "sd0" }),
        ];
        let series = |name: &str, kind: u8, unit: &str, value: Option<f64>| {
            let mut point = json!({ "timestamp": time });
            if let Some(value) = value {
                point["value"] = json!(value);
            }
            json!({
                "metric": name, "type": kind, "unit": unit, "source_type_name": "System",
                "tags": ["env:test", "team:größe", "mount:/srv/0"], "resources": device, "points": [point],
            })
        };
        // A zero is not on the wire: it is what a field that is not there says.
        let expected = [
            series("sent.disk.used", 3, "byte", None),
            series("sent.disk.in_use", 3, "fraction", Some(0.25)),
            series("sent.disk.reads", 1, "operation", None),
        ];
        assert_eq!(read["/api/v2/series"], json!(expected));
        assert_eq!(
            read["/api/beta/sketches"],
            json!([{
                "metric": "sent.disk.wait", "host": "web-1",
                "tags": ["env:test", "team:größe", "device:sd0", "mount:/srv/0"],
                "dogsketches": [{
                    "ts": time.to_string(), "cnt": "4", "min": -1.0, "max": 100.0, "avg": 49.75, "sum": 199.0,
                    "k": [-1338, 0, 1635], "n": [1, 1, 2],
                }],
            }])
        );
        assert_eq!(
            read["/api/v1/check/run"],
            json!([{
                "check": "sent.can_read", "host_name": "web-1", "timestamp": 1_800_000_000, "status": 1,
                "message": "slow \"today\"", "tags": ["env:test", "team:größe"],
            }])
        );
        let logs = read["/api/v2/logs"].as_array().expect("a list");
        assert_eq!(
            (&logs[0]["message"], &logs[1]["message"]),
            (&json!("a line"), &json!("another"))
        );
        assert_eq!(logs[0]["ddtags"], "env:test,team:größe");
        assert_eq!(read["/intake"][0]["events"]["disk"][0]["msg_text"], "text\nmore");
    }
}

#[test]
fn nothing_is_lost_where_payloads_are_split() {
    let Some(read) = read(3_334, Compression::Zstd) else { return };
    let series = read["/api/v2/series"].as_array().expect("a list");
    assert_eq!(series.len(), 10_002);
    for (number, disk) in series.chunks(3).enumerate() {
        assert_eq!(disk[0]["resources"][1]["name"], format!("sd{number}"));
        // protobuf leaves a zero out.
        let value = disk[0]["points"][0]["value"].as_f64().unwrap_or_default();
        assert!((value - number as f64 * 0.5).abs() < f64::EPSILON, "{number}: {value}");
    }
}
