//! Tables of options of any kind, as macros could have made them: what comes of them can always be written, and is rendered as
//! Datadog renders it.

use std::cell::RefCell;

use allwell::check::Entry;
use allwell::config::{Constraints, Item, OptionSpec, Shape, Spec};
use allwell::export::config_spec;
use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use crate::agree::{agree, config};
use crate::hostile;
use crate::registered::bare;

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn options_of_any_kind_are_rendered_as_datadog_renders_them(table in table()) {
        VALUES.with_borrow_mut(Vec::clear);
        let mut entry = Entry::new::<bare>();
        entry.meta.name = "check";
        entry.meta.enabled_by_default = table.enabled_by_default;
        entry.meta.interval = std::time::Duration::from_millis(table.interval);
        entry.options = section(&table.groups);
        let spec = config_spec(&entry);
        prop_assert_eq!(spec.to_yaml().err(), None);
        agree(&spec)?;
    }
}

/// A check's options.
#[derive(Debug, Clone)]
struct Table {
    enabled_by_default: bool,
    interval: u64,
    groups: Vec<Group>,
}

/// Options of one struct, which another flattens.
#[derive(Debug, Clone)]
struct Group {
    template: &'static str,
    options: Vec<Row>,
}

/// An option.
#[derive(Debug, Clone)]
struct Row {
    name: String,
    description: String,
    kind: Kind,
    required: bool,
    default: Option<Value>,
    example: Option<Value>,
    limits: Limits,
    flags: [bool; 3],
    deprecated: Option<String>,
}

#[derive(Debug, Clone)]
enum Kind {
    Leaf(Shape),
    OneOf(Vec<(String, String)>),
    List(Box<Self>),
    Map(Box<Self>),
    Section(Vec<Row>),
}

#[derive(Debug, Clone)]
struct Limits {
    min: Option<f64>,
    max: Option<f64>,
    max_exclusive: bool,
    pattern: Option<String>,
    non_empty: bool,
    one_of: Vec<String>,
}

// The tables hold functions without surroundings, so each value has a function of its own.
thread_local! {
    static VALUES: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
}

fn value<const N: usize>() -> Value {
    VALUES.with_borrow(|values| values[N].clone())
}

macro_rules! functions {
    ($($n:literal)*) => { [$(value::<$n>),*] };
}

const FUNCTIONS: [fn() -> Value; 64] = functions!(
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
    32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63
);

/// A function that gives the value; none if there are too many of them.
fn function(value: &Value) -> Option<fn() -> Value> {
    VALUES.with_borrow_mut(|values| {
        values.push(value.clone());
        FUNCTIONS.get(values.len() - 1).copied()
    })
}

fn leak<T: ?Sized>(value: Box<T>) -> &'static T {
    Box::leak(value)
}

fn text(text: &str) -> &'static str {
    leak(Box::from(text))
}

fn section(groups: &[Group]) -> Spec {
    let items = groups.iter().map(|group| {
        let spec = spec(&group.options, group.template);
        Item::Flatten(leak(Box::new(spec)))
    });
    let items = leak(items.collect::<Box<[_]>>());
    Spec { type_name: "Table", description: "", template: "", items }
}

fn spec(rows: &[Row], template: &'static str) -> Spec {
    let mut names: Vec<&str> = Vec::new();
    let mut items = Vec::new();
    for row in rows.iter().filter(|row| !row.name.is_empty()) {
        if !names.contains(&row.name.as_str()) {
            names.push(&row.name);
            items.push(Item::Option(row.spec()));
        }
    }
    Spec { type_name: "Group", description: "", template, items: leak(items.into_boxed_slice()) }
}

impl Row {
    fn spec(&self) -> OptionSpec {
        let [secret, hidden, shared] = self.flags;
        let Limits { min, max, max_exclusive, ref pattern, non_empty, ref one_of } = self.limits;
        OptionSpec {
            name: text(&self.name),
            description: text(&self.description),
            shape: self.kind.shape(),
            required: self.required && self.default.is_none(),
            default: self.default.as_ref().and_then(function),
            example: self.example.as_ref().and_then(function),
            constraints: Constraints {
                min,
                max,
                max_exclusive,
                pattern: pattern.as_deref().map(text),
                non_empty,
                one_of: leak(one_of.iter().map(|name| text(name)).collect::<Box<[_]>>()),
            },
            secret,
            hidden,
            shared,
            tag: "",
            deprecated: self.deprecated.as_deref().map(text),
        }
    }
}

impl Kind {
    fn shape(&self) -> Shape {
        match self {
            Self::Leaf(shape) => *shape,
            Self::OneOf(choices) => {
                let choices = choices.iter().map(|(name, meaning)| (text(name), text(meaning)));
                Shape::OneOf(leak(choices.collect::<Box<[_]>>()))
            }
            Self::List(inner) => Shape::List(leak(Box::new(inner.shape()))),
            Self::Map(inner) => Shape::Map(leak(Box::new(inner.shape()))),
            Self::Section(rows) => Shape::Section(leak(Box::new(spec(rows, "")))),
        }
    }
}

fn table() -> impl Strategy<Value = Table> {
    let templates = vec!["", "instances/http", "instances/tls"];
    let group = (select(templates), vec(row(), 0..6));
    let group = group.prop_map(|(template, options)| Group { template, options });
    (any::<bool>(), 1..100_000_u64, vec(group, 0..3)).prop_map(
        |(enabled_by_default, interval, mut groups)| {
            // The registry refuses a check with two options of one name.
            let mut names = Vec::new();
            for row in groups.iter_mut().flat_map(|group| &mut group.options) {
                if names.contains(&row.name) {
                    row.name.clear();
                }
                names.push(row.name.clone());
            }
            Table { enabled_by_default, interval, groups }
        },
    )
}

/// Names that others have, and names that look like something else.
fn name() -> impl Strategy<Value = String> {
    let known = vec![
        "tags",
        "service",
        "min_collection_interval",
        "empty_default_hostname",
        "metric_patterns",
        "name",
        "loader",
        "timeout",
        "proxy",
        "skip_proxy",
        "headers",
        "username",
        "password",
        "tls_verify",
        "tls_ca_cert",
        "tls_private_key",
        "tls_ciphers",
        "auth_token",
        "request_size",
        "yes",
        "null",
        "on",
        "no",
        "n.o-n_e",
    ];
    prop_oneof![
        3 => "[a-z][a-z0-9_]{0,12}",
        3 => select(known).prop_map(str::to_owned),
        1 => "[A-Za-z][A-Za-z0-9_.-]{0,121}",
    ]
}

fn row() -> impl Strategy<Value = Row> {
    let leaf = rows(kind(Just(Vec::new()).boxed()).boxed());
    let inner = vec(leaf, 0..4).boxed();
    rows(kind(vec(rows(kind(inner).boxed()), 0..4).boxed()).boxed())
}

fn rows(kind: BoxedStrategy<Kind>) -> impl Strategy<Value = Row> {
    let description = prop_oneof![hostile::text(), hostile::prose(), "[A-Z][a-z ]{0,300}\\."];
    let flags = [0.1, 0.1, 0.3].map(proptest::bool::weighted);
    let values = (of(hostile::value()), of(hostile::value()));
    let kind = (kind, values).prop_flat_map(|(kind, (default, example))| {
        // Mostly of the type, as the compiler wants it; a macro cannot know of all types.
        let fitting = match &kind {
            Kind::Leaf(Shape::Boolean) => any::<bool>().prop_map(Value::from).boxed(),
            Kind::Leaf(Shape::Integer { .. } | Shape::Number | Shape::Seconds) => {
                hostile::number().boxed()
            }
            Kind::Leaf(Shape::Text { .. }) => hostile::text().prop_map(Value::from).boxed(),
            Kind::OneOf(choices) => {
                let names: Vec<_> =
                    choices.iter().map(|(name, _)| Value::from(name.as_str())).collect();
                select(names).boxed()
            }
            Kind::List(_) => hostile::list().boxed(),
            Kind::Map(_) => hostile::mapping().boxed(),
            Kind::Leaf(_) | Kind::Section(_) => Just(Value::Null).boxed(),
        };
        let one = move |wild: Option<Value>| prop_oneof![2 => of(fitting.clone()), 1 => Just(wild)];
        (Just(kind), one.clone()(default), one(example))
    });
    (name(), description, kind, any::<bool>(), limits(), flags, weighted(0.2, hostile::text()))
        .prop_map(
            |(name, description, (kind, default, example), required, limits, flags, deprecated)| {
                Row {
                    name,
                    description,
                    kind,
                    required,
                    default,
                    example,
                    limits,
                    flags,
                    deprecated,
                }
            },
        )
}

fn kind(rows: BoxedStrategy<Vec<Row>>) -> impl Strategy<Value = Kind> {
    let shapes = vec![
        Shape::Boolean,
        Shape::Integer { min: 0, max: 65_535 },
        Shape::Integer { min: i128::MIN, max: i128::MAX },
        Shape::Integer { min: 1, max: 1 },
        Shape::Number,
        Shape::Seconds,
        Shape::Text { format: "" },
        Shape::Text { format: "uri" },
        Shape::Any,
    ];
    let choices = vec((hostile::text(), hostile::text()), 1..4);
    let leaf = prop_oneof![
        4 => select(shapes).prop_map(Kind::Leaf),
        1 => choices.prop_map(Kind::OneOf),
        1 => rows.prop_map(Kind::Section),
    ];
    leaf.prop_recursive(2, 4, 1, |inner| {
        prop_oneof![
            inner.clone().prop_map(|kind| Kind::List(Box::new(kind))),
            inner.prop_map(|kind| Kind::Map(Box::new(kind))),
        ]
    })
}

fn limits() -> impl Strategy<Value = Limits> {
    let numbers = (weighted(0.3, -10.0..10.0), weighted(0.3, 0.0..20.0), any::<bool>());
    let texts = (weighted(0.2, hostile::text()), any::<bool>(), vec(hostile::text(), 0..3));
    (numbers, texts).prop_map(|((min, max, max_exclusive), (pattern, non_empty, one_of))| Limits {
        min,
        max,
        max_exclusive,
        pattern,
        non_empty,
        one_of,
    })
}
