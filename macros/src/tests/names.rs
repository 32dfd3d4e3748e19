//! The rules for names.

use crate::{duration, name};

#[test]
fn names_of_metrics() {
    let fault = |name| name::metric_fault(name).unwrap_or_default();
    for right in ["a", "system.cpu.user", "kafka.Offset_2", "a__b"] {
        assert_eq!(fault(right), "", "{right}");
    }
    assert_eq!(fault("9lives"), "it does not begin with a letter\nhint: write `lives`");
    assert_eq!(fault("a..b"), "something is missing beside a `.`\nhint: write `a.b`");
    assert_eq!(fault("a.b."), "something is missing beside a `.`\nhint: write `a.b`");
    assert_eq!(
        fault("a_._b"),
        "Datadog drops a `_` beside a `.` and at the end\nhint: write `a.b`"
    );
    assert_eq!(
        fault("queue depth%"),
        "` ` is no ASCII letter, digit, `_` or `.`\nhint: write `queue_depth`"
    );
    assert_eq!(
        fault(""),
        "it does not begin with a letter\nhint: choose one such as `disk.in_use`"
    );
    assert_eq!(
        fault(&"a".repeat(201)),
        "it has 201 characters, and Datadog keeps 200\nhint: shorten it"
    );
}

#[test]
fn names_of_tags_checks_and_options() {
    assert_eq!(name::tag_fault("mount_point"), None);
    assert_eq!(name::tag_fault("kube_namespace/x.y-z"), None);
    assert_eq!(
        name::tag_fault("_x").as_deref(),
        Some("it does not begin with a letter\nhint: write `x`")
    );
    assert_eq!(name::check_fault("postgres_2"), None);
    assert_eq!(
        name::check_fault("MyCheck").as_deref(),
        Some("`M` is no lower-case ASCII letter, digit or `_`\nhint: write `my_check`")
    );
    assert_eq!(
        name::check_fault("é").as_deref(),
        Some("`é` is no lower-case ASCII letter, digit or `_`\nhint: choose one such as `disk`")
    );
    assert_eq!(
        name::option_fault("the port").as_deref(),
        Some("` ` is no ASCII letter, digit, `_`, `-` or `.`\nhint: write `the_port`")
    );
}

#[test]
fn names_of_service_checks() {
    assert_eq!(name::service_check_fault("postgres.can_connect"), None);
    for (wrong, flaw) in [
        ("a__b", "two of `_` and `.` follow each other\nhint: write `a_b`"),
        ("a._b", "two of `_` and `.` follow each other\nhint: write `a.b`"),
        ("_a", "it does not begin and end with a letter or digit\nhint: write `a`"),
        (
            "",
            "it does not begin and end with a letter or digit\nhint: choose one such as `postgres.can_connect`",
        ),
        ("a b", "` ` is no ASCII letter, digit, `_` or `.`\nhint: write `a_b`"),
    ] {
        assert_eq!(name::service_check_fault(wrong).as_deref(), Some(flaw), "{wrong}");
    }
}

#[test]
fn snake_case_of_type_names() {
    for (camel, snake) in [
        ("Postgres", "postgres"),
        ("ReadOnly", "read_only"),
        ("HTTPStatus", "http_status"),
        ("Http2Server", "http2_server"),
        ("already_snake", "already_snake"),
    ] {
        assert_eq!(name::snake_case(camel), snake);
    }
}

#[test]
fn nearest_names() {
    let known = ["name", "namespace", "orientation"];
    assert_eq!(name::nearest("nmae", known.into_iter()), Some("name"));
    assert_eq!(name::nearest("orientaton", known.into_iter()), Some("orientation"));
    assert_eq!(name::nearest("colour", known.into_iter()), None);
}

#[test]
fn times() {
    assert_eq!(duration::parse("500ms"), Ok(500));
    assert_eq!(duration::parse("15s"), Ok(15_000));
    assert_eq!(duration::parse("2 m"), Ok(120_000));
    assert_eq!(duration::parse("1h"), Ok(3_600_000));
    for (wrong, fault) in [
        ("15", "it has no unit"),
        ("15x", "its unit is unknown"),
        ("s", "it does not begin with a whole number"),
        ("1.5s", "its unit is unknown"),
        ("0s", "it is zero"),
        ("99999999999999999999h", "it is longer than a year"),
        ("9000h", "it is longer than a year"),
    ] {
        assert_eq!(duration::parse(wrong), Err(fault), "{wrong}");
    }
    assert_eq!(
        [15_000, 90_000, 3_600_000, 1_500].map(duration::text),
        ["15s", "90s", "1h", "1500ms"]
    );
}
