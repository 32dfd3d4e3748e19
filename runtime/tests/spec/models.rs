//! Specifications of any kind: what we render is what Datadog renders of what we wrote.

use allwell::export::{
    ConfigSpec, ShownDefault, SpecAdditional, SpecContent, SpecFile, SpecLimits, SpecOption,
    SpecProperty, SpecSchema, SpecType, SpecValue,
};
use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Number, Value};

use crate::agree::{agree, config};
use crate::hostile;

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn a_specification_of_any_kind_is_rendered_as_datadog_renders_it(spec in spec()) {
        agree(&spec)?;
    }
}

/// Most can be written; what cannot is refused before it is.
fn spec() -> impl Strategy<Value = ConfigSpec> {
    (hostile::text(), vec(option(), 0..4), vec(option(), 0..8)).prop_map(
        |(name, others, instance)| {
            let section = |name: &str, multiple, options| SpecOption {
                description: format!("What stands in {name}."),
                enabled: Some(true),
                template: Some(name.to_owned()),
                ..SpecOption::new(name, SpecContent::Section { multiple, options: named(options) })
            };
            let options = named(others);
            let sections = [
                section("init_config", false, options.clone()),
                section("instances", true, instance),
            ];
            let options = sections.into_iter().chain(options).collect();
            let file = SpecFile {
                name: String::from("check.yaml"),
                example_name: String::from("conf.yaml.example"),
                options,
            };
            ConfigSpec { name, files: vec![file] }
        },
    )
}

/// No two of the same name; one that can come first does.
fn named(mut options: Vec<SpecOption>) -> Vec<SpecOption> {
    let mut names = Vec::new();
    options.iter_mut().for_each(settle);
    options.retain(|option| {
        let new = !names.contains(&option.name);
        names.push(option.name.clone());
        new
    });
    let value = |option: &SpecOption| matches!(option.content, SpecContent::Value(_));
    options.sort_by_key(|option| option.hidden || (!value(option) && option.is_enabled()));
    if let Some(first) = options.first_mut() {
        first.display_priority = 9;
    }
    options
}

/// What is in a section that is commented out is, too.
fn settle(option: &mut SpecOption) {
    let enabled = option.is_enabled();
    let SpecContent::Section { multiple, options } = &mut option.content else { return };
    if *multiple {
        option.enabled = Some(true);
    } else if !enabled {
        for option in options {
            option.enabled = Some(false);
            if let SpecContent::Section { multiple, .. } = &mut option.content {
                *multiple = false;
            }
            settle(option);
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z][a-z0-9_]{0,12}",
        1 => select(vec!["yes", "null", "1", "1.5", "a: b", "- a", "#a", "é", "it's", "a b", "~", "<<"]).prop_map(str::to_owned),
        1 => "[A-Za-z][A-Za-z0-9_.-]{0,125}",
    ]
}

fn option() -> impl Strategy<Value = SpecOption> {
    let content = value().prop_map(SpecContent::Value);
    with(name(), content).prop_recursive(3, 24, 5, |inner| {
        let section = (any::<bool>(), vec(inner.clone(), 0..5)).prop_map(|(multiple, options)| {
            SpecContent::Section { multiple, options: named(options) }
        });
        prop_oneof![2 => inner, 1 => with("[a-z]{1,3}_", section)]
    })
}

fn with(
    name: impl Strategy<Value = String>,
    content: impl Strategy<Value = SpecContent>,
) -> impl Strategy<Value = SpecOption> {
    let deprecation = prop_oneof![
        6 => Just(Vec::new()),
        1 => vec(("[A-Z][a-z ]{0,8}", hostile::prose()), 1..3),
    ];
    let deprecation = deprecation.prop_map(|mut lines: Vec<(String, String)>| {
        lines.dedup_by(|a, b| a.0 == b.0);
        lines
    });
    let flags = (any::<bool>(), proptest::bool::weighted(0.1), weighted(0.2, any::<bool>()));
    (name, hostile::prose(), flags, -2..2_i64, deprecation, content).prop_map(
        |(
            name,
            description,
            (required, hidden, enabled),
            display_priority,
            deprecation,
            content,
        )| SpecOption {
            description,
            required,
            hidden,
            enabled,
            display_priority,
            deprecation,
            ..SpecOption::new(name, content)
        },
    )
}

/// A value whose example has its type.
fn value() -> impl Strategy<Value = SpecValue> {
    let default = prop_oneof![
        3 => Just(ShownDefault::Example),
        1 => Just(ShownDefault::Nothing),
        2 => hostile::scalar().prop_map(ShownDefault::Value),
        1 => select(vec!["none", "None", "", "<A>", "true"]).prop_map(|text| ShownDefault::Value(Value::from(text))),
    ];
    (schema().prop_flat_map(exemplified), default, any::<bool>()).prop_map(
        |((schema, example), default, secret)| SpecValue { schema, example, default, secret },
    )
}

fn exemplified(schema: SpecSchema) -> impl Strategy<Value = (SpecSchema, Option<Value>)> {
    let example = match &schema.kind {
        SpecType::Boolean => any::<bool>().prop_map(|flag| Some(Value::from(flag))).boxed(),
        SpecType::Integer | SpecType::Number => of(hostile::number()).boxed(),
        SpecType::Text => of(hostile::text().prop_map(Value::from)).boxed(),
        SpecType::Array(_) => of(hostile::list()).boxed(),
        SpecType::Object { .. } => of(hostile::mapping()).boxed(),
        SpecType::AnyOf(_) => {
            of(hostile::value().prop_filter("an example", |v| !v.is_null())).boxed()
        }
    };
    example.prop_map(move |example| (schema.clone(), example))
}

fn schema() -> impl Strategy<Value = SpecSchema> {
    let leaf = prop_oneof![
        Just(SpecSchema::from(SpecType::Boolean)),
        (numeric(), numbers()).prop_map(|(kind, limits)| SpecSchema { kind, limits }),
        texts().prop_map(|limits| SpecSchema { kind: SpecType::Text, limits }),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let list = (inner.clone(), of(0..3_u64)).prop_map(|(items, min_items)| SpecSchema {
            kind: SpecType::Array(Box::new(items)),
            limits: SpecLimits { min_items, ..SpecLimits::default() },
        });
        let property = (name(), hostile::text(), any::<bool>(), inner.clone());
        let property = property.prop_map(|(name, description, required, schema)| SpecProperty {
            name,
            description,
            required,
            schema,
        });
        let additional = prop_oneof![
            Just(None),
            Just(Some(SpecAdditional::Any)),
            inner.clone().prop_map(|schema| Some(SpecAdditional::Schema(Box::new(schema)))),
        ];
        let mapping = (vec(property, 0..3), additional).prop_map(|(properties, additional)| {
            SpecType::Object { properties, additional }.into()
        });
        let choice = vec(inner, 2..4).prop_map(|kinds| SpecType::AnyOf(kinds).into());
        prop_oneof![list, mapping, choice]
    })
}

fn numeric() -> impl Strategy<Value = SpecType> {
    prop_oneof![Just(SpecType::Integer), Just(SpecType::Number)]
}

fn numbers() -> impl Strategy<Value = SpecLimits> {
    let bound = |low: i64| of((low..low + 100).prop_map(Number::from));
    (bound(-100), any::<bool>(), bound(1), any::<bool>()).prop_map(
        |(minimum, exclusive_minimum, maximum, exclusive_maximum)| SpecLimits {
            minimum,
            exclusive_minimum,
            maximum,
            exclusive_maximum,
            ..SpecLimits::default()
        },
    )
}

fn texts() -> impl Strategy<Value = SpecLimits> {
    let choices = vec(hostile::text().prop_map(Value::from), 0..3);
    (of(0..3_u64), of(hostile::text()), weighted(0.1, "[a-z-]{1,9}"), choices).prop_map(
        |(min_length, pattern, format, choices)| SpecLimits {
            min_length,
            pattern,
            format,
            choices,
            ..SpecLimits::default()
        },
    )
}
