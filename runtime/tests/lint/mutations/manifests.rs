//! Mistakes in `manifest.json`, and assets that do not go with it.

use serde_json::{Value, json};

use super::{FINE, Mutation};
use crate::base::{Metrics, folder_with_checks, service_checks};
use crate::folder::Folder;

pub(super) fn all() -> Vec<Mutation> {
    let base = Metrics::new().folder();
    let manifest: Value = serde_json::from_str(&base.manifest).expect("JSON");
    let edited = |pointer: &str, value: Value| {
        let mut manifest = manifest.clone();
        *manifest.pointer_mut(pointer).expect("it is there") = value;
        Folder { manifest: manifest.to_string(), ..base.clone() }
    };
    let without = |pointer: &str| {
        let mut manifest = manifest.clone();
        let (parent, key) = pointer.rsplit_once('/').expect("a path");
        let parent = manifest.pointer_mut(parent).and_then(Value::as_object_mut);
        let _ = parent.expect("an object").remove(key);
        Folder { manifest: manifest.to_string(), ..base.clone() }
    };
    let text = |text: String| Folder { manifest: text, ..base.clone() };
    let integration = "/assets/integration";
    vec![
        ("missing-prefix", "no prefix".into(), without(&format!("{integration}/metrics/prefix"))),
        (
            "missing-prefix",
            "an empty prefix".into(),
            edited(&format!("{integration}/metrics/prefix"), json!("")),
        ),
        ("missing-prefix", "no metrics".into(), without(&format!("{integration}/metrics"))),
        (
            "missing-prefix",
            "a prefix of null".into(),
            edited(&format!("{integration}/metrics/prefix"), json!(null)),
        ),
        (
            "manifest-shape",
            "a prefix of 1".into(),
            edited(&format!("{integration}/metrics/prefix"), json!(1)),
        ),
        ("manifest-shape", "no version".into(), without("/manifest_version")),
        ("manifest-shape", "version 3".into(), edited("/manifest_version", json!("3.0.0"))),
        ("manifest-shape", "a list".into(), text("[]".into())),
        ("not-json", "half a manifest".into(), text(base.manifest[..40].into())),
        (
            "missing-file",
            "another metadata.csv".into(),
            edited(&format!("{integration}/metrics/metadata_path"), json!("x.csv")),
        ),
        (
            "missing-file",
            "other service checks".into(),
            edited(&format!("{integration}/service_checks/metadata_path"), json!("x.json")),
        ),
        (FINE, "no service checks".into(), without(&format!("{integration}/service_checks"))),
        (
            FINE,
            "no path of metadata.csv".into(),
            without(&format!("{integration}/metrics/metadata_path")),
        ),
        ("integration", "no name".into(), without(&format!("{integration}/source_type_name"))),
        (
            FINE,
            "no name, no metrics, no service checks".into(),
            Folder {
                manifest: without(&format!("{integration}/source_type_name")).manifest,
                ..folder_with_checks("[]")
            },
        ),
        (
            "service-integration",
            "no name, but service checks".into(),
            Folder {
                manifest: without(&format!("{integration}/source_type_name")).manifest,
                ..folder_with_checks(service_checks().to_string())
            },
        ),
        (
            "integration",
            "another name".into(),
            edited(&format!("{integration}/source_type_name"), json!("Acme")),
        ),
        (
            "integration",
            "a name with other signs".into(),
            edited(&format!("{integration}/source_type_name"), json!("Acme-Queue")),
        ),
        (
            FINE,
            "a name that is normalised".into(),
            edited(&format!("{integration}/source_type_name"), json!("__ACME (é) Queue!")),
        ),
        (
            "metric-prefix",
            "another prefix".into(),
            edited(&format!("{integration}/metrics/prefix"), json!("acme.queue.")),
        ),
        (
            FINE,
            "a short prefix".into(),
            edited(&format!("{integration}/metrics/prefix"), json!("a")),
        ),
    ]
}
