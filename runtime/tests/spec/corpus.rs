//! Specifications of real integrations, templates resolved by Datadog's code: rendered from our model, they are the same.

use std::path::PathBuf;

use allwell::export::{
    ConfigSpec, ShownDefault, SpecAdditional, SpecContent, SpecFile, SpecLimits, SpecOption,
    SpecProperty, SpecSchema, SpecType, SpecValue,
};
use serde_json::{Value, json};

use crate::agree::agree;
use crate::driver::ddev;

#[test]
fn real_specifications_are_rendered_as_datadog_renders_them() {
    let Some(directory) = corpus() else { return };
    let files = directory.read_dir().expect("the directory of specifications");
    let mut rendered = 0;
    for path in files.map(|entry| entry.expect("an entry").path()) {
        let text = std::fs::read_to_string(&path).expect("a specification");
        let source = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let Some(mut ddev) = ddev() else { return };
        let request = json!({ "do": "resolve", "spec": text, "source": source });
        let answer = ddev.ask(&request);
        drop(ddev);
        let spec = specification(&source, &answer["data"]);
        for (name, ours) in spec.examples().unwrap_or_else(|error| panic!("{source}: {error}")) {
            assert_eq!(ours, answer["files"][&name], "{source}: {name}");
            rendered += 1;
        }
        if spec.files.len() == 1 {
            agree(&named_check(spec)).unwrap_or_else(|error| panic!("{source}: {error}"));
        }
    }
    assert!(rendered > 30, "{rendered}");
}

#[expect(clippy::print_stderr, reason = "a test that does not run says so")]
fn corpus() -> Option<PathBuf> {
    let corpus =
        std::env::var_os("ALLWELL_CORPUS").map(|corpus| PathBuf::from(corpus).join("spec"));
    if corpus.is_none() {
        eprintln!("SKIPPED: `ALLWELL_CORPUS` names no directory of real specifications");
    }
    corpus
}

fn named_check(mut spec: ConfigSpec) -> ConfigSpec {
    spec.files[0].name = String::from("check.yaml");
    spec
}

fn specification(source: &str, data: &Value) -> ConfigSpec {
    let file = |file: &Value| SpecFile {
        name: text(&file["name"]),
        example_name: text(&file["example_name"]),
        options: list(&file["options"]).iter().map(option).collect(),
    };
    let files = list(&data["files"]).iter().map(file).collect();
    ConfigSpec { name: source.to_owned(), files }
}

fn option(data: &Value) -> SpecOption {
    let content = match data.get("value") {
        Some(value) => SpecContent::Value(self::value(value, flag(&data["secret"]))),
        None => SpecContent::Section {
            multiple: flag(&data["multiple"]),
            options: list(&data["options"]).iter().map(option).collect(),
        },
    };
    let deprecation = data["deprecation"].as_object().expect("a mapping");
    SpecOption {
        description: text(&data["description"]),
        required: flag(&data["required"]),
        hidden: flag(&data["hidden"]),
        enabled: data.get("enabled").and_then(Value::as_bool),
        display_priority: data["display_priority"].as_i64().expect("a whole number"),
        deprecation: deprecation.iter().map(|(key, info)| (key.clone(), text(info))).collect(),
        ..SpecOption::new(text(&data["name"]), content)
    }
}

fn value(data: &Value, secret: bool) -> SpecValue {
    let default = match data.get("display_default").or_else(|| data.get("default")) {
        None => ShownDefault::Example,
        Some(Value::Null) => ShownDefault::Nothing,
        Some(default) => ShownDefault::Value(default.clone()),
    };
    // A number without an example was given a text to fill in.
    let number = matches!(data["type"].as_str(), Some("integer" | "number"));
    let example = data.get("example").filter(|example| !(number && example.is_string()));
    SpecValue { schema: schema(data), example: example.cloned(), default, secret }
}

fn schema(data: &Value) -> SpecSchema {
    let limits = SpecLimits {
        pattern: data.get("pattern").map(text),
        choices: data.get("enum").map(list).unwrap_or_default(),
        ..SpecLimits::default()
    };
    let kind = match data.get("type").and_then(Value::as_str) {
        None => SpecType::AnyOf(list(&data["anyOf"]).iter().map(schema).collect()),
        Some("boolean") => SpecType::Boolean,
        Some("integer") => SpecType::Integer,
        Some("number") => SpecType::Number,
        Some("string") => SpecType::Text,
        Some("array") => SpecType::Array(Box::new(schema(&data["items"]))),
        Some("object") => {
            let required = data.get("required").map(list).unwrap_or_default();
            let property = |property: &Value| SpecProperty {
                name: text(&property["name"]),
                description: property.get("description").map(text).unwrap_or_default(),
                required: required.contains(&property["name"]),
                schema: schema(property),
            };
            SpecType::Object {
                properties: list(&data["properties"]).iter().map(property).collect(),
                additional: data.get("additionalProperties").map(|more| match more {
                    Value::Bool(_) => SpecAdditional::Any,
                    more => SpecAdditional::Schema(Box::new(schema(more))),
                }),
            }
        }
        Some(other) => panic!("{other} is no type"),
    };
    SpecSchema { kind, limits }
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

fn flag(value: &Value) -> bool {
    value.as_bool().unwrap_or_default()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().expect("a list").clone()
}
