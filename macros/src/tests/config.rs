//! Messages of `#[derive(Config)]`.

fn errors(item: &str) -> Vec<String> {
    super::derive_errors(crate::config::derive, item)
}

/// The messages about a documented option.
fn option_errors(options: &str, ty: &str) -> Vec<String> {
    errors(&format!("struct Server {{ #[doc = \" x\"] #[config({options})] port: {ty} }}"))
}

#[test]
fn right_options_have_no_errors() {
    for (options, ty) in [
        ("default = 80, range = 1..=65535, example = 8080, tag, shared", "u16"),
        ("default = -0.5, range = ..1.0", "Option<f64>"),
        ("default = \"a\", one_of = [\"a\", \"b\"], pattern = \"^.$\", non_empty", "String"),
        ("default = [\"a\"], example = [\"a\", \"b\"], non_empty", "Vec<String>"),
        ("default = \"10s\", deprecated = \"use `timeout`\"", "Duration"),
        ("default = PORT, range = 1..=MAX, validate = even", "u16"),
        ("example = { \"a\": 1 }, serde", "Limits"),
        ("default", "bool"),
        ("secret", "Option<String>"),
    ] {
        assert_eq!(option_errors(options, ty), [""; 0], "{options}");
    }
    assert_eq!(errors("struct Empty;"), [""; 0]);
    assert_eq!(
        errors("struct S { #[config(hidden)] undocumented: u16, #[config(flatten)] more: More }"),
        [""; 0]
    );
    assert_eq!(
        errors(
            "enum Mode { #[doc = \" x\"] Fast, #[doc = \" y\"] #[config(name = \"slow\")] Slow }"
        ),
        [""; 0]
    );
}

#[test]
fn defaults_and_examples_outside_of_constraints() {
    assert_eq!(
        option_errors("default = 0, example = 70000, range = 1..=65535", "u32"),
        [
            "the default is outside of the range `1..=65535`\nhint: change one of them",
            "the example is outside of the range `1..=65535`\nhint: change one of them",
        ]
    );
    assert_eq!(
        option_errors("default = 1.0, range = -1.5..1.0", "f64"),
        ["the default is outside of the range `-1.5..1.0`\nhint: change one of them"]
    );
    assert_eq!(
        option_errors("default = \"\", non_empty", "String"),
        ["the default is empty, which `non_empty` forbids\nhint: change one of them"]
    );
    assert_eq!(
        option_errors("default = \"c\", one_of = [\"a\", \"b\"]", "String"),
        ["the default is none of the texts in `one_of`\nhint: it is `a` or `b`"]
    );
}

#[test]
fn defaults_of_another_type() {
    for (options, ty, fault) in [
        (
            "default = \"80\"",
            "u16",
            "the default is text, which does not fit the type\nhint: leave the quotes out",
        ),
        (
            "default = \"http\"",
            "u16",
            "the default is text, which does not fit the type\nhint: write a whole number",
        ),
        (
            "default = 1.5",
            "u16",
            "the default is a number with a fraction, which does not fit the type\nhint: write a whole number",
        ),
        (
            "default = 1",
            "bool",
            "the default is a whole number, which does not fit the type\nhint: write `true` or `false`",
        ),
        (
            "default = 80",
            "String",
            "the default is a whole number, which does not fit the type\nhint: put it in quotes",
        ),
        (
            "example = \"a\"",
            "Vec<String>",
            "the example is text, which does not fit the type\nhint: write a list: `[…]`",
        ),
    ] {
        assert_eq!(option_errors(options, ty), [fault], "{options}");
    }
}

#[test]
fn constraints_that_the_type_cannot_have() {
    assert_eq!(
        option_errors("range = 1..=2", "String"),
        [
            "only numbers have a `range`\nhint: take it away; `pattern`, `non_empty` and `one_of` are for text"
        ]
    );
    assert_eq!(
        option_errors("pattern = \"x\", non_empty, one_of = [\"x\"]", "u16"),
        [
            "only text has a `pattern`\nhint: take it away; `range` is for numbers",
            "only text, lists and maps can be empty\nhint: take `non_empty` away; `range` is for numbers",
            "`one_of` is for text\nhint: take it away; `range` is for numbers",
        ]
    );
}

#[test]
fn constraints_that_nothing_fulfils() {
    assert_eq!(
        option_errors("range = 5..=1", "u16"),
        ["no number is in this range\nhint: the smaller bound comes first"]
    );
    assert_eq!(
        option_errors("range = ..", "u16"),
        ["the range has no bounds\nhint: write `range = 1..=65535`, or leave it out"]
    );
    assert_eq!(
        option_errors("range = 5", "u16"),
        ["this is not a range\nhint: write `range = 1..=65535`, `range = 0..` or `range = ..1.0`"]
    );
    assert_eq!(
        option_errors("one_of = []", "String"),
        ["`one_of` lists no text, so none would be right\nhint: list them, or leave it out"]
    );
    assert_eq!(
        option_errors("one_of = [\"a\", \"a\"]", "String"),
        ["`a` stands here twice\nhint: take one away"]
    );
}

#[test]
fn descriptions_and_names() {
    assert_eq!(
        errors(
            "struct S { a: u16, #[doc = \" x\"] #[config(name = \"a\")] b: u16, #[doc = \" x\"] #[config(name = \"the c\")] c: u16 }"
        ),
        [
            "two options are named `a`: `a` and `b`\nhint: give one of them another `name`",
            "`the c` is not the name of an option: ` ` is no ASCII letter, digit, `_`, `-` or `.`\nhint: write `the_c`",
            "`a` has no description\nhint: write a doc comment above it: `/// …`",
        ]
    );
}

#[test]
fn secrets_are_no_tags() {
    for (options, ty) in [("tag, secret", "String"), ("tag", "Option<Secret>")] {
        assert_eq!(
            option_errors(options, ty),
            ["a secret cannot be a tag, which everybody sees\nhint: take `tag` or `secret` away"]
        );
    }
}

#[test]
fn flatten_stands_alone() {
    assert_eq!(
        errors("struct S { #[config(flatten, default = 1, tag)] http: Http }"),
        [
            "`default` means nothing beside `flatten`\nhint: put it on the options of `http`",
            "`tag` means nothing beside `flatten`\nhint: put it on the options of `http`",
        ]
    );
}

#[test]
fn enums() {
    assert_eq!(
        errors(
            "enum Mode<T> { Fast, #[doc = \" x\"] #[config(name = \"fast\")] Quick, #[doc = \" x\"] Slow(u64) }"
        ),
        [
            "`Slow` has fields, and an enum of options is a choice of texts\nhint: leave the fields out, or write `#[config(serde)]` on the option that holds the enum and derive `Deserialize`",
            "a choice of texts has no parameters\nhint: leave them out",
            "`Fast` has no description\nhint: write a doc comment above it: `/// …`",
            "two variants are written `fast`: `Fast` and `Quick`\nhint: give one of them another `name`",
        ]
    );
    assert_eq!(
        errors("enum Mode {}"),
        ["the enum has no variant, so no text would be right\nhint: add one"]
    );
}

#[test]
fn templates_that_are_not_known() {
    let item = |template: &str| {
        format!("#[config(template = \"{template}\")] struct S {{ #[doc = \" x\"] timeout: u8 }}")
    };
    assert_eq!(errors(&item("instances/http")), [""; 0]);
    assert_eq!(
        errors(&item("instances/htpp")),
        [
            "`instances/htpp` is no template whose options are known\nhint: `instances/http` and `instances/tls` are; without one, the options are written in full"
        ]
    );
    assert_eq!(
        option_errors("template = \"instances/http\"", "u8"),
        ["`template` does not belong on a field\nhint: it belongs on the struct"]
    );
}

#[test]
fn types_without_names_for_their_fields() {
    for item in ["struct S(u16);", "union S { a: u16 }"] {
        assert_eq!(
            errors(item),
            [
                "options have names, and this type has none for its fields\nhint: write a struct with named fields, or an enum of plain variants for a choice of texts"
            ]
        );
    }
}

#[test]
fn options_that_are_called_otherwise() {
    assert_eq!(
        option_errors("required, rename = \"x\", defualt = 1", "u16"),
        [
            "`required` does not belong on a field\nhint: an option is required unless it has a `default` or its type is an `Option`",
            "`rename` does not belong on a field\nhint: it is called `name`: `#[config(name = \"…\")]`",
            "unknown option `defualt` of `#[config]` on a field\nhint: did you mean `default`? known options are `name`, `default`, `example`, `range`, `pattern`, `non_empty`, `one_of`, `secret`, `flatten`, `tag`, `shared`, `deprecated`, `hidden`, `validate` and `serde`",
        ]
    );
}
