//! The JSON Schema, asked through a validator of others: it accepts what we recommend, and refuses what the loader refuses.

use std::path::Path;

use allwell::check::{Entry, Registry, load};
use allwell::config::Severity;
use allwell::config::confd::File;
use allwell::export::{config_example, config_schema};

use crate::driver::ddev;
use crate::registered::entry;

#[test]
fn the_schema_accepts_every_example() {
    let Some(mut ddev) = ddev() else { return };
    for entry in Registry::collect().entries() {
        let example = config_example(entry);
        let texts = [example.clone(), with_all_options(&example)];
        for text in &texts {
            assert_eq!(errors(entry, text), [""; 0], "{}: {text}", entry.name());
        }
        let refused = ddev.validate(&config_schema(entry), &texts);
        assert_eq!(refused, [[""; 0], [""; 0]], "{}: {}", entry.name(), texts[1]);
    }
}

#[test]
fn the_schema_refuses_what_the_loader_refuses() {
    let Some(mut ddev) = ddev() else { return };
    let (mut both, mut stricter, mut looser) = (0, Vec::new(), Vec::new());
    for (name, mutations) in
        [("hard", mutations(HARD)), ("encrypted", mutations(ENCRYPTED)), ("both", mutations(BOTH))]
    {
        let entry = entry(name);
        let verdicts = ddev.validate(&config_schema(entry), &mutations);
        for (text, refused) in mutations.iter().zip(verdicts) {
            match (errors(entry, text).is_empty(), refused.is_empty()) {
                (false, false) => both += 1,
                (true, true) => {}
                (true, false) => stricter.push(text.clone()),
                (false, true) if is_beyond_a_schema(text) => {}
                (false, true) => looser.push(text.clone()),
            }
        }
    }
    assert!(
        looser.is_empty(),
        "the schema accepts {} of them:\n{}",
        looser.len(),
        looser.join("\n")
    );
    assert!(both > 1_000, "only {both} are refused by both");
    let unexplained: Vec<_> = stricter.iter().filter(|text| !is_lenient(text)).collect();
    assert!(unexplained.is_empty(), "the schema refuses:\n{unexplained:#?}");
}

#[test]
fn the_schema_knows_the_top_of_a_file() {
    let Some(mut ddev) = ddev() else { return };
    let files = [
        ("instances: [{}]", true),
        ("instances: [null]", true),
        ("init_config:\ninstances: [{}]", true),
        ("logs: [{type: file}]", true),
        ("ad_identifiers: [redis]\ninstances: [{}]", true),
        ("x-tags: &t [a:b]\ninstances: [{tags: *t}]", true),
        ("init_config: {service: web}\ninstances: [{}]", true),
        ("init_config: {}", false),
        ("instances: {}", false),
        ("instances: [a]", false),
        ("init_config: []\ninstances: [{}]", false),
        ("init_config: {name: a}\ninstances: [{}]", false),
        ("instances: [{}]\nfoo: bar", false),
        ("- instances", false),
    ];
    let texts: Vec<_> = files.iter().map(|(text, _)| (*text).to_owned()).collect();
    let verdicts = ddev.validate(&config_schema(entry("bare")), &texts);
    for ((text, right), refused) in files.iter().zip(verdicts) {
        assert_eq!(errors(entry("bare"), text).is_empty(), *right, "the loader: {text}");
        assert_eq!(refused.is_empty(), *right, "the schema: {text}: {refused:?}");
    }
}

/// Where the loader knows more than a schema can say, or reads YAML otherwise than others do.
fn is_beyond_a_schema(text: &str) -> bool {
    // `1.0` is a whole number in JSON, `12:30` is 750 to a reader of YAML 1.1, and `.nan` is neither above nor below a bound.
    let written = ["1.0", "12:30", ".inf", ".nan", "1e+3", "http://", "http://a:99999"];
    // A function of `HttpOptions` says so.
    text.contains("timeout: 0\n") || written.iter().any(|raw| has(text, raw))
}

/// What the loader takes for the convenience of its users: texts without quotes, numbers and flags in quotes, nothing, a time
/// in words where there are bounds.
fn is_lenient(text: &str) -> bool {
    RAW.iter().any(|(raw, lenient)| *lenient && has(text, raw))
}

/// Whether one of the values in the file is written so.
fn has(text: &str, raw: &str) -> bool {
    [format!(": {raw}\n"), format!(": {raw}}}"), format!("[{raw}]")]
        .iter()
        .any(|pair| text.contains(pair))
}

/// Values of all kinds, as they are written, and whether the loader takes them for something else than they are to others.
const RAW: &[(&str, bool)] = &[
    ("null", true),
    ("~", true),
    ("true", true),
    ("yes", true),
    ("'true'", true),
    ("y", false),
    ("0", true),
    ("1", true),
    ("5", true),
    ("-1", true),
    ("11", true),
    ("101", true),
    ("256", true),
    ("70000", true),
    ("99999999999999999999", true),
    ("1e400", true),
    ("1e+3", true),
    ("1.0", true),
    ("0.5", true),
    ("1.5", true),
    (".inf", true),
    (".nan", true),
    ("0x1F", true),
    ("0o17", true),
    ("0755", true),
    ("08", false),
    ("'6379'", true),
    ("'-1'", true),
    ("12:30", true),
    ("2026-11-24", true),
    ("''", true),
    ("'  '", true),
    ("text", false),
    ("some", false),
    ("fast", false),
    ("Fast", false),
    ("/etc/x", false),
    ("10s", true),
    ("1h30m", true),
    ("30m1h", false),
    ("10x", false),
    ("http://localhost:80/", false),
    ("http://", false),
    ("http://a:99999", false),
    ("localhost:80", false),
    ("127.0.0.1", false),
    ("127.0.0.1:80", false),
    ("127.0.0.256", false),
    ("'::1'", false),
    ("'('", false),
    ("'[::1]:80'", false),
    ("[]", false),
    ("['']", false),
    ("[text]", false),
    ("[1]", true),
    ("[null]", false),
    ("[[]]", false),
    ("[{}]", false),
    ("{}", false),
    ("{a: b}", false),
    ("{a: 1}", true),
    ("{a: [b]}", false),
    ("{a: null}", true),
    ("{foo: {}}", false),
];

/// A good instance, option by option; `*` is where a value is put in.
type Base = &'static [(&'static str, &'static str)];

const HARD: Base = &[
    ("tls", "{verify: true}"),
    ("tls", "{verify: *}"),
    ("tls", "{verify: true, limits: *}"),
    ("tls", "{verify: true, limits: {depth: *}}"),
    ("tls", "{verify: true, limits: {oldest: *}}"),
    ("tls", "{verify: true, limts: *}"),
    ("address", "http://localhost/"),
    ("address", "*"),
    ("level", "*"),
    ("mode", "*"),
    ("sizes", "*"),
    ("sizes", "[*]"),
    ("texts", "*"),
    ("texts", "[*]"),
    ("queries", "*"),
    ("queries", "[{name: *}]"),
    ("queries", "[{name: a, values: *}]"),
    ("queries", "[{name: a, values: [*]}]"),
    ("queries", "[{values: *}]"),
    ("long", "*"),
    ("share", "*"),
    ("one", "*"),
    ("pause", "*"),
    ("key", "*"),
    ("extra", "*"),
    ("names", "*"),
    ("names", "{a: *}"),
    ("names", "{a: [*]}"),
    ("file", "*"),
    ("listen", "*"),
    ("peer", "*"),
    ("maybe", "*"),
    ("port", "*"),
    ("internal", "*"),
    ("timeout", "*"),
    ("headers", "*"),
    ("headers", "{a: *}"),
    ("tls_verify", "*"),
    ("tls_ca_cert", "*"),
    ("proxy", "*"),
    ("proxy", "{http: *}"),
    ("proxy", "{no_proxy: [*]}"),
    ("tags", "*"),
    ("tags", "[*]"),
    ("service", "*"),
    ("min_collection_interval", "*"),
    ("empty_default_hostname", "*"),
    ("metric_patterns", "*"),
    ("metric_patterns", "{include: *}"),
    ("metric_patterns", "{include: [*]}"),
    ("max_returned_metrics", "*"),
    ("unknown", "*"),
];

const ENCRYPTED: Base = &[
    ("tls_mood", "*"),
    ("tls_ciphers", "[*]"),
    ("limits", "*"),
    ("limits", "{count: *}"),
    ("limits", "{coutn: *}"),
];

const BOTH: Base = &[
    ("host", "a"),
    ("host", "*"),
    ("wait", "*"),
    ("blank", "*"),
    ("letter", "*"),
    ("page", "*"),
    ("ip", "*"),
    ("many", "*"),
];

/// Files with one instance each, in which one option has each of the values, or is missing, or stands in `init_config`.
fn mutations(base: Base) -> Vec<String> {
    let fixed: Vec<_> = base.iter().filter(|(_, raw)| !raw.contains('*')).collect();
    let mut files = Vec::new();
    for (option, form) in base {
        let others = fixed.iter().filter(|(name, _)| name != option);
        let others = others.map(|(name, raw)| format!("   {name}: {raw}\n")).collect::<Vec<_>>();
        let others = others.concat();
        files.push(format!("instances:\n - empty_default_hostname: false\n{others}"));
        for (raw, _) in RAW {
            let pair = format!("{option}: {}\n", form.replace('*', raw));
            files.push(format!("instances:\n - {pair}{others}"));
            files.push(format!(
                "init_config:\n  {pair}instances:\n - empty_default_hostname: false\n{others}"
            ));
        }
    }
    files
}

fn errors(entry: &'static Entry, text: &str) -> Vec<String> {
    let file = File::parse(entry.name(), Path::new("conf.d/check.yaml"), text.into());
    let problems = load(entry, &file).problems;
    let errors = problems.list().iter().filter(|problem| problem.severity == Severity::Error);
    errors.map(|problem| problem.message.clone()).collect()
}

/// The example with every option in use, but for those that stand for something to fill in.
fn with_all_options(example: &str) -> String {
    let uncommented = |line: &str| {
        let text = line.trim_start();
        let indent = &line[..line.len() - text.len()];
        let option = text.strip_prefix("# ")?;
        let within = option.starts_with(' ') || option.contains("- <");
        (within || !option.ends_with('>')).then(|| format!("{indent}{option}"))
    };
    let lines = example.lines().map(|line| uncommented(line).unwrap_or_else(|| line.to_owned()));
    lines.collect::<Vec<_>>().join("\n")
}
