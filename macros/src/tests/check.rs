//! Messages of `#[check]`.

use std::str::FromStr;

use proc_macro2::TokenStream;

use crate::diag::Errors;

const SIGNATURE: &str = "a check function has the form\n    async fn name(config: &MyConfig, cx: &Context) -> Result<MyMetrics>\n`async` may be left out (then it runs on the blocking pool), and so may either parameter and the `Result`";

fn errors(options: &str, item: &str) -> Vec<String> {
    let tokens = |text| TokenStream::from_str(text).expect("the item of a test is Rust");
    let errors = Errors::new();
    crate::check::attribute(tokens(options), tokens(item), &errors);
    super::messages(errors)
}

/// The messages about a documented function of this signature.
fn signature_errors(signature: &str) -> Vec<String> {
    errors("", &format!("#[doc = \" x\"] {signature} {{}}"))
}

/// The messages about the options of a right function.
fn option_errors(options: &str) -> Vec<String> {
    errors(options, "#[doc = \" x\"] fn disk() {}")
}

#[test]
fn right_checks_have_no_errors() {
    for signature in [
        "async fn disk(config: &Disk, cx: &Context<Row>) -> Result<Vec<Row>>",
        "pub(crate) fn disk(cx: &allwell::Context, &Disk { path }: &Disk)",
        "async fn r#type(_: &Disk) -> ()",
        "fn disk()",
    ] {
        assert_eq!(signature_errors(signature), [""; 0], "{signature}");
    }
    let item =
        "#[doc = \" x\"] impl allwell::Check<Row> for Postgres<Tls> { nonsense in the body }";
    assert_eq!(errors("interval = \"1m\", timeout = \"20s\"", item), [""; 0]);
}

#[test]
fn parameters() {
    assert_eq!(
        signature_errors("fn disk(config: Disk, cx: &mut Context)"),
        [
            format!("a check takes its parameters by reference\nhint: write `&Disk`; {SIGNATURE}"),
            format!(
                "a check cannot change its parameters\nhint: keep state in `impl Check for MyType`, with `#[check]` on the impl; {SIGNATURE}"
            ),
        ]
    );
    assert_eq!(
        signature_errors("fn disk(a: &A, cx: &Context, b: &B)"),
        [format!(
            "a check has one configuration\nhint: merge the two structs, with `#[config(flatten)]` on a field for the second; {SIGNATURE}"
        )]
    );
    assert_eq!(
        signature_errors("fn disk(a: &Context<A>, b: &Context<B>)"),
        [format!(
            "a check has one context\nhint: name all that it submits: `&Context<(A, B)>`; {SIGNATURE}"
        )]
    );
    assert_eq!(
        signature_errors("fn disk(&self, config: &impl Config)"),
        [
            format!(
                "a check function has no `self`\nhint: keep state in `impl Check for MyType`, with `#[check]` on the impl; {SIGNATURE}"
            ),
            format!("a check names the types of its parameters\nhint: {SIGNATURE}"),
        ]
    );
}

#[test]
fn qualifiers() {
    assert_eq!(
        signature_errors("const unsafe extern \"C\" fn disk<T>(...)"),
        ["`const`", "`unsafe`", "`extern`", "variadic", "generic: one check is one set of metrics"]
            .map(|what| format!("a check cannot be {what}\nhint: {SIGNATURE}"))
    );
}

#[test]
fn return_types() {
    for (output, fault) in [
        ("!", "a check returns what it found"),
        ("impl Metrics", "a check names its metrics, so that they are known without running it"),
        ("&'static Row", "a check gives its metrics away"),
    ] {
        assert_eq!(
            signature_errors(&format!("fn disk() -> {output}")),
            [format!("{fault}\nhint: {SIGNATURE}")]
        );
    }
}

#[test]
fn description_and_name() {
    assert_eq!(
        errors("", "fn Disk() {}"),
        [
            "the check has no description\nhint: write a doc comment above it: `/// …`",
            "`Disk` is not the name of a check: `D` is no lower-case ASCII letter, digit or `_`\nhint: write `disk`",
        ]
    );
    assert_eq!(
        option_errors("name = \"Mail Queue\", can_connect = \"a b\""),
        [
            "`a b` is not the name of a service check: ` ` is no ASCII letter, digit, `_` or `.`\nhint: write `a_b`",
            "`Mail Queue` is not the name of a check: `M` is no lower-case ASCII letter, digit or `_`\nhint: write `mail_queue`",
        ]
    );
}

#[test]
fn names_for_people() {
    assert_eq!(option_errors("display_name = \"HTTP Check (v2)\""), [""; 0]);
    assert_eq!(
        option_errors("display_name = \"Mail  queue \", title = \"x\""),
        [
            "`title` does not belong on a check\nhint: it is called `display_name`",
            "`Mail  queue ` is not a name for people: it has a space too many\nhint: write `Mail queue`",
        ]
    );
    assert_eq!(
        option_errors("display_name = \"Kö\""),
        [
            "`Kö` is not a name for people: `\\u{f6}` is no printable ASCII character\nhint: choose one such as `HTTP Check`"
        ]
    );
}

#[test]
fn interval_and_timeout() {
    assert_eq!(
        option_errors("interval = \"10s\", timeout = \"10s\""),
        [
            "the timeout is not shorter than the interval of 10s\nhint: the next run is due by then: shorten the timeout or lengthen `interval`"
        ]
    );
    assert_eq!(
        option_errors("timeout = \"15s\""),
        [
            "the timeout is not shorter than the default interval of 15s\nhint: the next run is due by then: shorten the timeout or lengthen `interval`"
        ]
    );
    assert_eq!(
        option_errors("interval = \"often\", timeout = \"1h\""),
        [
            "`often` is not a time: it does not begin with a whole number\nhint: write `interval = \"15s\"`; the units are `ms`, `s`, `m` and `h`"
        ]
    );
}

#[test]
fn options_of_other_places() {
    assert_eq!(
        option_errors("namespace = \"x\", enabled_by_default = true, intervall = \"1s\""),
        [
            "`namespace` does not belong on a check\nhint: it belongs on the record: `#[metrics(namespace = \"…\")]`",
            "unknown option `intervall` of `#[check]` on a check\nhint: did you mean `interval`? known options are `name`, `display_name`, `interval`, `timeout`, `enabled_by_default`, `can_connect` and `crate`",
            "`enabled_by_default` takes no value\nhint: write `enabled_by_default`, or leave it out",
        ]
    );
}

#[test]
fn impls() {
    let documented = |head: &str| errors("", &format!("#[doc = \" x\"] {head} {{}}"));
    assert_eq!(
        documented("unsafe impl<T> Clone for Looker<T>"),
        [
            "a check cannot be `unsafe`\nhint: take it away",
            "a check cannot be generic: one check is one set of metrics\nhint: write the impl for one type, such as `impl Check for Postgres<Tls>`",
            "this is not the trait `Check`\nhint: write `impl Check for …`, with `use allwell::Check;` above",
        ]
    );
    assert_eq!(
        documented("impl Looker"),
        [
            "`#[check]` stands on a function or on `impl Check for …`\nhint: write `impl Check for` and the type, with `start` and `run` within"
        ]
    );
    assert_eq!(
        documented("impl Check for &Looker"),
        ["a check is a struct or enum of its own\nhint: `impl Check for Postgres`"]
    );
    assert_eq!(
        documented("struct Looker"),
        [
            "`#[check]` stands on a function or on `impl Check for …`\nhint: put it on the function that looks once and returns the metrics"
        ]
    );
}
