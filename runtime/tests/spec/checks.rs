//! What is rendered for registered checks.

use std::path::Path;

use allwell::check::Registry;
use allwell::export::{config_default, config_example, config_spec};

use crate::driver::ddev;
use crate::registered::entry;

#[test]
fn datadog_renders_the_same_example_from_the_specification() {
    let Some(mut ddev) = ddev() else { return };
    for entry in Registry::collect().entries() {
        let spec = config_spec(entry);
        let yaml = spec.to_yaml().expect("the specification is right");
        let rendered = ddev.render(entry.name(), &yaml);
        assert_eq!(rendered.errors, [""; 0], "{yaml}");
        for (name, text) in spec.examples().expect("the specification is right") {
            pretty_eq(&text, rendered.files[&name].as_str().expect("the file is rendered"));
        }
        assert_eq!(rendered.files["conf.yaml.example"], config_example(entry));
        let default = rendered.files.get("conf.yaml.default").and_then(|text| text.as_str());
        assert_eq!(default, config_default(entry).as_deref());
    }
}

#[test]
fn datadog_makes_models_of_the_specification() {
    let Some(mut ddev) = ddev() else { return };
    for entry in Registry::collect().entries() {
        let yaml = config_spec(entry).to_yaml().expect("the specification is right");
        let rendered = ddev.models(entry.name(), &yaml);
        assert_eq!(rendered.errors, [""; 0], "{yaml}");
        let instance = rendered.files["instance.py"].as_str().expect("the file is rendered");
        assert!(instance.contains("class InstanceConfig"), "{instance}");
    }
}

fn pretty_eq(ours: &str, theirs: &str) {
    let differing = ours.lines().zip(theirs.lines()).enumerate().find(|(_, (a, b))| a != b);
    if let Some((index, (ours, theirs))) = differing {
        panic!("line {}:\n  ours   {ours:?}\n  theirs {theirs:?}", index + 1);
    }
    assert_eq!(ours, theirs);
}

#[test]
fn the_specification_and_the_example_are_these() {
    for name in ["hard", "bare", "namesakes", "encrypted"] {
        let spec = config_spec(entry(name));
        let yaml = spec.to_yaml().expect("the specification is right");
        golden(&format!("{name}.spec.yaml"), &yaml);
        golden(&format!("{name}.yaml"), &config_example(entry(name)));
    }
    golden("conf.yaml.default", &config_default(entry("bare")).expect("it runs by default"));
    assert_eq!(config_default(entry("hard")), None);
}

/// Compares a text with a file of `golden/`, which `UPDATE_GOLDEN=1` writes anew.
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).expect("the golden file can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("the golden file is there");
    assert_eq!(text, expected, "{} differs; `UPDATE_GOLDEN=1` accepts it", path.display());
}
