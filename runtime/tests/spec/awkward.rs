//! Texts and numbers that writers of YAML do not agree on, as Python writes them.

use allwell::export::{
    ConfigSpec, ShownDefault, SpecContent, SpecOption, SpecSchema, SpecType, SpecValue,
};
use serde_json::{Value, json};

use crate::agree::{agree, instance};

#[test]
fn values_are_written_as_python_writes_them() {
    let long = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen";
    let address = "https://example.com/".to_owned() + &"path/".repeat(20);
    for (value, expected) in [
        (json!("yes"), "# a: 'yes'"),
        (json!("Yes"), "# a: 'Yes'"),
        (json!("yES"), "# a: yES"),
        (json!(""), "# a: ''"),
        (json!("1:60"), "# a: 1:60"),
        (json!("1:59"), "# a: '1:59'"),
        (json!("0o7"), "# a: 0o7"),
        (json!("08"), "# a: 08"),
        (json!("1e3"), "# a: 1e3"),
        (json!("1.5e+3"), "# a: '1.5e+3'"),
        (json!("-.inf"), "# a: '-.inf'"),
        (json!("2026-11-24 08:30:00"), "# a: '2026-11-24 08:30:00'"),
        (json!("2026-11-24 08:30"), "# a: 2026-11-24 08:30"),
        (json!("it's"), "# a: it's"),
        (json!("'"), "# a: ''''"),
        (json!("a #b"), "# a: 'a #b'"),
        (json!("a#b:c"), "# a: a#b:c"),
        (json!("-a"), "# a: -a"),
        (json!("---"), "# a: '---'"),
        (json!(" a"), "# a: ' a'"),
        (json!("a\nb\n\nc"), "# a: 'a\n# \n#   b\n# \n# \n#   c'"),
        (json!("a \nb"), "# a: \"a \\nb\""),
        (json!("\u{85}\u{a0}\u{2028}\u{2029}\u{feff}"), "# a: \"\\N\\_\\L\\P\\uFEFF\""),
        (json!("\u{7f}\u{1f600}\0\u{1b}"), "# a: \"\\x7F\\U0001F600\\0\\e\""),
        (
            json!(format!("{long} {long}")),
            "# a: one two three four five six seven eight nine ten eleven twelve thirteen fourteen\n#   one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
        ),
        (
            json!(format!("é {long} x")),
            "# a: \"\\xE9 one two three four five six seven eight nine ten eleven twelve thirteen fourteen\\\n#   \\ x\"",
        ),
        (json!(address), &format!("# a: {address}")),
        (json!(1e-5), "# a: 1.0e-05"),
        (json!(1e16), "# a: 1.0e+16"),
        (json!(1e15), "# a: 1000000000000000.0"),
        (json!(-0.0), "# a: -0.0"),
        (json!(5e-324), "# a: 5.0e-324"),
        (json!(1.5e300), "# a: 1.5e+300"),
        (json!(0.0001), "# a: 0.0001"),
        (json!(0.000_123_45), "# a: 0.00012345"),
        (json!(-12.5), "# a: -12.5"),
        (json!(123_456_789_012_345_680.0), "# a: 1.2345678901234568e+17"),
        // As near to its text as it is to one that ends in 3.
        (json!(-3_062_682_428_650_769.0 / 4.0), "# a: -765670607162692.2"),
        (json!(u64::MAX), "# a: 18446744073709551615"),
        (json!(null), "# a: <A>"),
        (json!([]), "# a: []"),
        (json!({}), "# a: {}"),
        (json!([[1, [2]], {"b": [3]}]), "# a:\n#   - - 1\n#     - - 2\n#   - b:\n#     - 3"),
        (
            json!({"": 1, "no": {"x y": null}}),
            "# a:\n#   ? ''\n#   : 1\n#   'no':\n#     x y: null",
        ),
        (json!({"k".repeat(123): ["v"]}), &format!("# a:\n#   ? {}\n#   : - v", "k".repeat(123))),
        (json!({"k".repeat(122): ["v"]}), &format!("# a:\n#   {}:\n#   - v", "k".repeat(122))),
    ] {
        let spec = spec(value.clone());
        let example = &spec.examples().expect("it can be written")[0].1;
        let expected = expected.replace("\n#", "\n    #");
        assert!(example.contains(&format!("    {expected}\n")), "{value}: {expected}\n{example}");
        agree(&spec).unwrap_or_else(|error| panic!("{value}: {error}"));
    }
}

/// An option that may be anything, with this example.
fn spec(example: Value) -> ConfigSpec {
    let kinds = [SpecType::Text, SpecType::Number].map(SpecSchema::from);
    let value = SpecValue {
        example: (!example.is_null()).then_some(example),
        default: ShownDefault::Nothing,
        ..SpecValue::new(SpecType::AnyOf(kinds.to_vec()).into())
    };
    instance(vec![SpecOption::new("a", SpecContent::Value(value))])
}
