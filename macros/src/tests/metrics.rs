//! Messages of `#[derive(Metrics)]`.

fn errors(item: &str) -> Vec<String> {
    super::derive_errors(crate::metrics::derive, item)
}

/// The messages about a field of a record that is right otherwise.
fn field_errors(field: &str) -> Vec<String> {
    errors(&format!("#[metrics(namespace = \"system.disk\")] struct Filesystem {{ {field} }}"))
}

#[test]
fn right_record_has_no_errors() {
    let field =
        "#[tag] device: String, #[hostname] host: String, #[doc = \" Size.\"] total: Gauge<Byte>,";
    assert_eq!(field_errors(field), [""; 0]);
}

#[test]
fn metric_without_description() {
    assert_eq!(
        field_errors("total: Gauge<Byte>"),
        ["`total` has no description\nhint: write a doc comment above it: `/// …`"]
    );
}

#[test]
fn description_that_metadata_csv_refuses() {
    assert_eq!(
        field_errors("#[doc = \" Größe.\"] total: Gauge<Byte>"),
        [
            "the description has the character `ö`, and Datadog's metadata.csv takes ASCII only\nhint: write it in ASCII"
        ]
    );
    assert_eq!(
        field_errors("#[doc = \" a|b\"] total: Gauge<Byte>"),
        [
            "the description has the character `|`, which Datadog's metadata.csv forbids\nhint: write `or` or a comma"
        ]
    );
    assert_eq!(
        field_errors(&format!("#[doc = \"{}\"] total: Gauge<Byte>", "x".repeat(401))),
        [
            "the description has 401 characters, and Datadog's metadata.csv takes 400\nhint: shorten it, or move details into a `//` comment"
        ]
    );
}

#[test]
fn names_outside_the_grammar() {
    assert_eq!(
        field_errors("#[doc = \" x\"] #[metric(name = \"in use\")] in_use: Gauge<Byte>"),
        [
            "`system.disk.in use` is not the name of a metric: ` ` is no ASCII letter, digit, `_` or `.`\nhint: write `system.disk.in_use`"
        ]
    );
    assert_eq!(
        field_errors("#[doc = \" x\"] _in_use: Gauge<Byte>"),
        [
            "`system.disk._in_use` is not the name of a metric: Datadog drops a `_` beside a `.` and at the end\nhint: write `system.disk.in_use`"
        ]
    );
    assert_eq!(
        errors("#[metrics(namespace = \"\")] struct R { #[doc = \" x\"] x: Gauge<Byte> }"),
        [
            "`` is not a namespace: it does not begin with a letter\nhint: choose one such as `system.disk`"
        ]
    );
    assert_eq!(
        field_errors("#[tag] Device: String"),
        [
            "`Device` is not the key of a tag: `D` is no lower-case ASCII letter, digit, `_`, `-`, `.` or `/`\nhint: write `device`"
        ]
    );
}

#[test]
fn record_without_namespace() {
    assert_eq!(
        errors("struct R { #[doc = \" x\"] x: Gauge<Byte> }"),
        [
            "the record has no namespace\nhint: write `#[metrics(namespace = \"system.disk\")]` above it; it stands before the name of each metric"
        ]
    );
    let without_need = "struct R { #[tag] t: String, #[metrics(flatten)] more: More,
        #[doc = \" x\"] #[metric(full_name = \"other.x\")] x: Gauge<Byte> }";
    assert_eq!(errors(without_need), [""; 0]);
}

#[test]
fn misspelt_namespace_is_one_error() {
    assert_eq!(
        errors("#[metrics(namespce = \"x\")] struct R { #[doc = \" x\"] x: Gauge<Byte> }"),
        [
            "unknown option `namespce` of `#[metrics]` on a record\nhint: did you mean `namespace`? known options are `namespace`, `crate` and `scraped`"
        ]
    );
}

#[test]
fn options_that_are_types() {
    assert_eq!(
        field_errors("#[doc = \" x\"] #[metric(unti = \"byte\")] x: Gauge<Byte>"),
        [
            "unknown option `unti` of `#[metric]` on a field\nhint: did you mean `unit`? the unit is the type: `Gauge<Byte>`"
        ]
    );
    assert_eq!(
        field_errors("#[doc = \" x\"] #[metric(description = \"x\")] x: Gauge<Byte>"),
        [
            "`description` does not belong on a field\nhint: the description is the doc comment: `/// …`"
        ]
    );
}

#[test]
fn values_of_options() {
    assert_eq!(
        field_errors(
            "#[doc = \" x\"] #[metric(orientation = up, curated = [cpu, disk])] x: Gauge<Byte>"
        ),
        [
            "unknown orientation `up`\nhint: it is `lower_is_better`, `neutral` or `higher_is_better`",
            "`disk` is no list that Datadog curates\nhint: it is `cpu` or `memory`",
        ]
    );
    assert_eq!(
        field_errors("#[doc = \" x\"] #[metric(name = \"a\", full_name = \"b\")] x: Gauge<Byte>"),
        [
            "`name` and `full_name` exclude each other\nhint: `name` stands behind the namespace, `full_name` stands alone"
        ]
    );
}

#[test]
fn intervals() {
    let of = |value: &str| {
        field_errors(&format!("#[doc = \" x\"] #[metric(interval = {value})] x: Gauge<Byte>"))
    };
    assert_eq!(of("60"), [""; 0]);
    for wrong in ["0", "-1", "1.5", "60u8", "\"1m\"", "4294967296"] {
        assert_eq!(
            of(wrong),
            ["`interval` takes whole seconds, at least 1\nhint: write `interval = 60`"],
            "{wrong}"
        );
    }
}

#[test]
fn types_that_datadog_shows() {
    let of = |value: &str| {
        field_errors(&format!("#[doc = \" x\"] #[metric(in_app = {value})] x: Rate<Byte>"))
    };
    for right in ["rate", "gauge", "count"] {
        assert_eq!(of(right), [""; 0], "{right}");
    }
    assert_eq!(
        of("histogram"),
        ["`histogram` is no type that Datadog shows\nhint: it is `rate`, `gauge` or `count`"]
    );
    assert_eq!(
        of("\"rate\""),
        ["`in_app` takes a path, without quotes\nhint: write `in_app = some::path`"]
    );
}

#[test]
fn undocumented_metrics() {
    assert_eq!(field_errors("#[metric(undocumented)] x: Gauge<Byte>"), [""; 0]);
    assert_eq!(
        field_errors("#[doc = \" x\"] #[metric(undocumented)] x: Gauge<Byte>"),
        ["`x` is `undocumented` and has a doc comment\nhint: take one of them away"]
    );
    assert_eq!(
        field_errors("#[metric(undocumented = true)] x: Gauge<Byte>"),
        ["`undocumented` takes no value\nhint: write `undocumented`, or leave it out"]
    );
}

#[test]
fn one_role_a_field() {
    assert_eq!(
        field_errors("#[tag] #[metric(name = \"x\")] x: String"),
        [
            "a field is either a metric, a tag, the host or a record\nhint: take one of the attributes away"
        ]
    );
    assert_eq!(
        field_errors("#[metrics(flatten, each = \"db\")] x: More"),
        [
            "`each` and `flatten` exclude each other\nhint: `flatten` is for a record, `each` for a map of records"
        ]
    );
    assert_eq!(
        field_errors("#[metrics] x: More"),
        [
            "`#[metrics]` on a field does not say how the record is nested\nhint: write `#[metrics(flatten)]` for a record, `#[metrics(each = \"key\")]` for a map of records"
        ]
    );
    assert_eq!(
        field_errors("#[hostname] a: String, #[hostname] b: String"),
        ["a record belongs to one host, and `a` is it\nhint: take one `#[hostname]` away"]
    );
}

#[test]
fn repeated_names() {
    assert_eq!(
        field_errors(
            "#[doc = \" x\"] a: Gauge<Byte>, #[doc = \" x\"] #[metric(name = \"a\")] b: Gauge<Byte>"
        ),
        [
            "two metrics are named `system.disk.a`: `a` and `b`\nhint: give one of them another `name`"
        ]
    );
    assert_eq!(
        field_errors("#[tag] a: String, #[tag(name = \"a\")] b: String"),
        ["two tags have the key `a`: `a` and `b`\nhint: give one of them another key"]
    );
    assert_eq!(
        field_errors("#[tag] db: String, #[metrics(each = \"db\")] databases: Map"),
        ["two tags have the key `db`: `db` and `databases`\nhint: give one of them another key"]
    );
}

#[test]
fn things_that_are_no_records() {
    assert_eq!(
        errors("struct R(Gauge<Byte>);"),
        [
            "a tuple struct cannot be a record of metrics\nhint: a record is a struct with named fields, one a metric"
        ]
    );
    assert_eq!(
        errors("struct R;"),
        [
            "a struct without fields cannot be a record of metrics\nhint: a check that reports nothing returns `()`"
        ]
    );
    assert_eq!(
        errors("enum R { A, B }"),
        [
            "an enum cannot be a record of metrics\nhint: write one struct for each kind of record and return a tuple of their `Vec`s"
        ]
    );
    assert_eq!(
        errors("#[tag] union R { a: u8 }"),
        [
            "`#[tag]` does not belong on a record\nhint: put it on a field",
            "a union cannot be a record of metrics\nhint: a record is a struct with named fields, one a metric",
        ]
    );
}

/// The messages about a `from`.
fn from_errors(from: &str) -> Vec<String> {
    field_errors(&format!("#[doc = \" x\"] #[metric(from = {from:?})] x: Gauge<Byte>"))
}

#[test]
fn selectors_of_all_forms() {
    for from in [
        "x",
        "a:b_total",
        " x { a = 'b' , c != \"d\" } ",
        "x{}",
        "{'a.b'}",
        "{\"a b\", 'c.d'='e\\'f'}",
        "x{a='}'}",
    ] {
        assert_eq!(from_errors(from), [""; 0], "{from}");
    }
}

#[test]
fn selectors_that_are_none() {
    let hint = "hint: write `name`, or `name{label='value'}`; a name with other characters than letters, digits, `_` and `:` \
                stands in the braces, `{'a.b'}`";
    for (from, fault) in [
        ("x{", "it ends too early"),
        ("x{a}", "`}` is not expected there"),
        ("x{a=b}", "`b` is not expected there"),
        ("x{a='b' c='d'}", "`c` is not expected there"),
        ("x y", "`y` is not expected there"),
        ("x{a='b'}}", "`}` is not expected there"),
        ("{1='b'}", "`1` is not expected there"),
    ] {
        assert_eq!(
            from_errors(from),
            [format!("`{from}` names no sample of an exposition: {fault}\n{hint}")],
            "{from}"
        );
    }
    for (from, fault) in [
        ("x{a='b}", "a quote is not closed"),
        ("x{'y'}", "it has two names\nhint: take one of them away"),
        (
            "{a='b'}",
            "the name is missing\nhint: write it as the lines of the exposition do, such as `requests_total`",
        ),
    ] {
        assert_eq!(
            from_errors(from),
            [format!("`{from}` names no sample of an exposition: {fault}")],
            "{from}"
        );
    }
}
