//! Specifications that Datadog's validator would refuse are refused before they are written, with the place and the reason.

use allwell::export::{
    ShownDefault, SpecContent, SpecLimits, SpecOption, SpecProperty, SpecSchema, SpecType,
    SpecValue,
};
use serde_json::{Number, Value, json};

use crate::agree::instance;

#[test]
fn each_fault_has_its_place_and_reason() {
    let text = || SpecOption::new("a", value(SpecType::Text, None));
    let cases: Vec<(SpecOption, &str)> = vec![
        (
            SpecOption { description: "x".repeat(114), ..text() },
            "a line of the description is too long",
        ),
        (
            SpecOption { description: "\u{1b}[1m".into(), ..text() },
            "a character of the description cannot be shown",
        ),
        (
            SpecOption { deprecation: vec![("Migration".into(), "x".repeat(103))], ..text() },
            "a line of the description is too long",
        ),
        (
            SpecOption { template: Some("instances/http.b".into()), ..text() },
            "the template of Datadog has no such option",
        ),
        (
            SpecOption { template: Some("instances/http.timeout".into()), ..text() },
            "the template of Datadog has no such option",
        ),
        (
            SpecOption::new("a", value(SpecType::Boolean, None)),
            "the example is not of the option's type",
        ),
        (
            SpecOption::new("a", value(SpecType::Integer, Some(json!("1")))),
            "the example is not of the option's type",
        ),
        (
            SpecOption::new("a", value(SpecType::Text, Some(json!("1\n2")))),
            "the default does not fit into a line",
        ),
        (shown(json!("a\tb")), "the default does not fit into a line"),
        (shown(json!([])), "the default does not fit into a line"),
        (
            SpecOption::new("a", value(SpecType::AnyOf(vec![SpecType::Text.into()]), None)),
            "there is a choice of types, and only one type",
        ),
        (SpecOption::new("a", bounded(5, 5)), "the greatest number is not greater than the least"),
        (SpecOption::new("a", twice()), "two properties have one name"),
    ];
    let long = SpecOption { name: "a".repeat(123), ..text() };
    let error = instance(vec![long]).to_yaml().expect_err("it is too long");
    assert_eq!(
        error.fault,
        "the name is longer than 122 characters, and an example of a list would not be YAML"
    );
    for (option, fault) in cases {
        let error = instance(vec![option.clone()]).to_yaml().expect_err(fault);
        assert_eq!(
            (error.place.as_str(), error.fault),
            ("check.yaml.instances.a", fault),
            "{option:?}"
        );
        assert_eq!(instance(vec![option]).examples(), Err(error));
    }
}

#[test]
fn lines_may_be_as_long_as_datadog_allows() {
    let with = |description: String| {
        instance(vec![SpecOption {
            description,
            ..SpecOption::new("a", value(SpecType::Text, None))
        }])
    };
    assert!(with("x".repeat(113)).to_yaml().is_ok());
    let examples = with(format!("{} /noqa", "x".repeat(200))).examples().expect("it is marked");
    assert!(examples[0].1.contains(&format!("    ## {}\n", "x".repeat(200))), "{}", examples[0].1);
}

#[test]
fn names_stand_once_and_lists_have_a_beginning() {
    let a = || SpecOption::new("a", value(SpecType::Text, None));
    let error = instance(vec![a(), a()]).to_yaml().expect_err("a name stands twice");
    assert_eq!(
        error.to_string(),
        "`check.yaml.instances.a`: another option has the same name\nhint: give it another name: `#[config(name = \"…\")]`"
    );
    // That is how one takes the place of a template's.
    assert!(instance(vec![a(), SpecOption { hidden: true, ..a() }]).to_yaml().is_ok());

    let section = |enabled| SpecOption {
        enabled: Some(enabled),
        ..SpecOption::new("s", SpecContent::Section { multiple: false, options: vec![a()] })
    };
    let no_beginning = "`check.yaml.instances`: the first option of a list item is hidden or a section, so the item has no beginning";
    for first in [section(true), SpecOption { hidden: true, ..a() }] {
        let error = instance(vec![first, SpecOption { name: "b".into(), ..a() }])
            .to_yaml()
            .expect_err("there is no beginning");
        assert_eq!(error.to_string(), no_beginning);
    }
    assert!(instance(vec![section(false), a()]).to_yaml().is_ok());
    let first = SpecOption { display_priority: 1, ..a() };
    assert!(instance(vec![section(true), first]).to_yaml().is_ok());
}

#[test]
fn a_section_is_commented_out_as_a_whole() {
    let section = |enabled, multiple| {
        let inner =
            SpecOption { enabled: Some(true), ..SpecOption::new("b", value(SpecType::Text, None)) };
        let content = SpecContent::Section { multiple, options: vec![inner] };
        instance(vec![SpecOption { enabled, ..SpecOption::new("a", content) }])
    };
    let error = section(None, false).to_yaml().expect_err("an option is in use");
    assert_eq!(
        error.to_string(),
        "`check.yaml.instances.a`: the section is commented out, but not all that is in it"
    );
    assert_eq!(section(Some(false), true).to_yaml(), Err(error));
}

#[test]
fn a_section_has_a_name_that_needs_no_quotes() {
    let section = |name: &str| {
        let content = SpecContent::Section { multiple: false, options: Vec::new() };
        instance(vec![
            SpecOption::new("a", value(SpecType::Text, None)),
            SpecOption::new(name, content),
        ])
    };
    assert!(section("tls").to_yaml().is_ok());
    for name in ["on", "1", "a: b", "<<", "#a"] {
        let error = section(name).to_yaml().expect_err(name);
        assert_eq!(
            error.fault,
            "the name of a section stands without quotes, and would be something else"
        );
    }
}

#[test]
fn a_section_of_a_template_is_as_the_template_has_it() {
    for change in [
        (|section| section.enabled = None) as fn(&mut SpecOption),
        |section| section.template = Some("init_config".into()),
        |section| section.template = Some("logs".into()),
        |section| {
            let options = Vec::new();
            section.content = SpecContent::Section { multiple: false, options };
        },
    ] {
        let mut spec = instance(Vec::new());
        assert!(spec.to_yaml().is_ok());
        change(&mut spec.files[0].options[0]);
        let error = spec.to_yaml().expect_err("it is another section");
        assert_eq!(error.fault, "the template of Datadog is another section");
    }
}

#[test]
fn files_have_names_of_their_own() {
    let mut spec = instance(Vec::new());
    spec.files[0].name = "conf.yaml.default".into();
    let error = spec.to_yaml().expect_err("it is delivered by another name");
    assert_eq!(error.fault, "a file of this name is delivered by the same name");
    let mut spec = instance(Vec::new());
    spec.files.push(spec.files[0].clone());
    let error = spec.to_yaml().expect_err("a file stands twice");
    assert_eq!(error.to_string(), "`check.yaml`: another file has the same name");
}

fn value(kind: SpecType, example: Option<Value>) -> SpecContent {
    SpecContent::Value(SpecValue { example, ..SpecValue::new(kind.into()) })
}

fn shown(default: Value) -> SpecOption {
    let value = SpecValue {
        default: ShownDefault::Value(default),
        ..SpecValue::new(SpecType::Text.into())
    };
    SpecOption::new("a", SpecContent::Value(value))
}

fn bounded(minimum: i64, maximum: i64) -> SpecContent {
    let limits = SpecLimits {
        minimum: Some(Number::from(minimum)),
        maximum: Some(Number::from(maximum)),
        ..SpecLimits::default()
    };
    let items = SpecSchema { kind: SpecType::Integer, limits };
    value(SpecType::Array(Box::new(items)), None)
}

fn twice() -> SpecContent {
    let property = SpecProperty {
        name: "p".into(),
        description: String::new(),
        required: false,
        schema: SpecType::Text.into(),
    };
    value(SpecType::Object { properties: vec![property.clone(), property], additional: None }, None)
}
