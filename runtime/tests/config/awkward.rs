//! What users write and YAML or an option takes otherwise: each input with exactly what comes of it.

use std::fmt::Write as _;

use allwell::check::load;
use allwell::config::{Problem, yaml};

use crate::support::{self, Rich, entry, file, typed};

/// Whole files, by what is awkward about them.
const FILES: &[(&str, &str)] = &[
    ("empty", ""),
    ("only comments", "# nothing here\n"),
    ("only a document marker", "---\n"),
    ("text at the top", "hello\n"),
    ("list at the top", "- host: a\n"),
    ("no instances", "init_config:\n"),
    ("instances without a value", "init_config:\n\ninstances:\n"),
    ("instances is an empty list", "instances: []\n"),
    ("instances is a mapping", "instances:\n  host: a\n"),
    ("an instance is text", "instances:\n  - localhost\n"),
    ("an instance is nothing", "instances:\n  -\n"),
    ("init_config is a list", "init_config: [a]\ninstances:\n  - host: a\n"),
    ("options at the top", "host: a\nport: 1\n"),
    ("misspelt top-level keys", "init_conf:\ninstance:\n  - host: a\n"),
    ("logs only", "logs:\n  - type: file\n    path: /var/log/x.log\n"),
    ("logs beside instances", "instances:\n  - host: a\nlogs:\n  - type: file\n"),
    ("two documents", "instances:\n  - host: a\n---\ninstances:\n  - host: b\n"),
    ("a marker at the end", "instances:\n  - host: a\n---\n"),
    ("a directive", "%YAML 1.1\n---\ninstances:\n  - host: a\n"),
    ("tab indentation", "instances:\n\t- host: a\n"),
    ("a tab after spaces", "instances:\n  - host: a\n  \tport: 1\n"),
    ("a tab after a colon", "instances:\n  - host:\ta\n"),
    ("unquoted template variable", "instances:\n  - host: %%host%%\n"),
    ("quoted template variable", "instances:\n  - host: \"%%host%%\"\n"),
    ("percent sign", "instances:\n  - host: %x\n"),
    ("at sign", "instances:\n  - host: @x\n"),
    ("backtick", "instances:\n  - host: `x`\n"),
    ("colon in a value", "instances:\n  - host: a: b\n"),
    ("no space after a colon", "instances:\n  - host:a\n    port: 1\n"),
    ("quote not closed", "instances:\n  - host: \"a\n    port: 1\n"),
    ("quote within quotes", "instances:\n  - host: 'it's'\n"),
    ("unknown escape", "instances:\n  - host: \"C:\\Windows\"\n"),
    ("bracket not closed", "instances:\n  - host: a\n    names: [a, b\n    port: 1\n"),
    ("bracket too many", "instances: [{host: a}}]\n"),
    ("wrong bracket", "instances: [{host: a]}\n"),
    ("list item out of line", "instances:\n  - host: a\n   - host: b\n"),
    ("key out of line", "instances:\n  - host: a\n   port: 1\n"),
    ("dedented too far", "  instances:\n    - host: a\n init_config:\n"),
    ("list goes on without a dash", "instances:\n- host: a\n- host: b\nhost: c\n"),
    ("dash behind a key", "instances: - host: a\n"),
    ("text behind a block sign", "instances:\n  - host: > a\n"),
    ("template left over", "instances:\n  - host: {{ host }}\n"),
    ("alias of nothing", "instances:\n  - host: *nobody\n"),
    ("glob taken for an alias", "instances:\n  - host: *\n"),
    ("alias within itself", "instances: &all\n  - host: a\n    extra: *all\n"),
    ("merge of text", "instances:\n  - <<: text\n    host: a\n"),
    ("two merges", "x-a: &a {port: 1}\ninstances:\n  - <<: *a\n    <<: *a\n    host: a\n"),
    ("an anchor at the top", "_a: &a {port: 1}\ninstances:\n  - {<<: *a, host: a}\n"),
    ("unknown tag", "instances:\n  - host: !env HOST\n"),
    ("python tag", "instances:\n  - host: !!python/object:os.system x\n"),
    ("undeclared tag", "instances:\n  - host: !e!x y\n"),
    ("list tag on text", "instances:\n  - host: !!seq a\n"),
    ("duplicate key", "instances:\n  - host: a\n    port: 1\n    host: b\n"),
    ("duplicate key, quoted", "instances:\n  - host: a\n    \"host\": b\n"),
    ("duplicate secret", "instances:\n  - host: a\n    password: one\n    password: two\n"),
    ("list as a key", "instances:\n  - [a, b]: c\n    host: a\n"),
    ("key without a name", "instances:\n  - : c\n    host: a\n"),
    ("control character", "instances:\n  - host: a\u{1}b\n"),
    ("carriage returns", "instances:\r\n  - host: a\r\n    prot: 1\r\n"),
    ("key in other letters", "instances:\n  - host: a\n    Port: 1\n    max-returned-metrics: 5\n"),
    (
        "twice the same instance",
        "instances:\n  - host: a\n    port: 1\n  - port: 1\n    host: \"a\"\n",
    ),
    ("option of an instance in init_config", "init_config:\n  host: a\ninstances:\n  - port: 1\n"),
    (
        "shared option, wrong",
        "init_config:\n  timeout: soon\ninstances:\n  - host: a\n  - host: b\n",
    ),
    ("shared option, unknown", "init_config:\n  timout: 5\ninstances:\n  - host: a\n"),
    ("tag without text", "instances:\n  - host: a\n    tags: [env:prod, '']\n"),
    ("tags as text", "instances:\n  - host: a\n    tags: env:prod\n"),
    ("tag as mapping", "instances:\n  - host: a\n    tags:\n      - env: prod\n"),
    ("wrong pattern", "instances:\n  - host: a\n    metric_patterns:\n      include: ['a(']\n"),
    (
        "unknown in metric_patterns",
        "instances:\n  - host: a\n    metric_patterns:\n      includes: [a]\n",
    ),
    ("option of a section beside it", "instances:\n  - host: a\n    key_phrase: x\n"),
    ("option without a value", "instances:\n  - host:\n    port: ~\n"),
];

/// Values of options: `key: value` beside a `host`.
const VALUES: &[&str] = &[
    "port: 6379",
    "port: \"6379\"",
    "port: +80",
    "port: 0x1F",
    "port: 0o17",
    "port: 0755",
    "port: 0b101",
    "port: 1_000",
    "port: 1__000",
    "port: 08",
    "port: 0",
    "port: -1",
    "port: 65536",
    "port: 99999999999999999999999999999999999999999",
    "port: 80.0",
    "port: 1e3",
    "port: eighty",
    "port: yes",
    "port: [80]",
    "port: {a: 1}",
    "port: ''",
    "ratio: 1",
    "ratio: .5",
    "ratio: 1e3",
    "ratio: -0.25",
    "ratio: .inf",
    "ratio: .nan",
    "ratio: inf",
    "ratio: 1e999",
    "ratio: 1,5",
    "ratio: 08",
    "ssl: true",
    "ssl: Yes",
    "ssl: ON",
    "ssl: \"off\"",
    "ssl: y",
    "ssl: N",
    "ssl: 1",
    "ssl: tRUE",
    "timeout: 5",
    "timeout: 0.5",
    "timeout: 500ms",
    "timeout: 1m 30s",
    "timeout: 30s1m",
    "timeout: 10 seconds",
    "timeout: -1",
    "timeout: 60",
    "timeout: 59.9s",
    "timeout: 0",
    "mode: fast",
    "mode: Fast",
    "mode: yes",
    "mode: 1.10",
    "names: a",
    "names: [a, b]",
    "names: [a, 1]",
    "names: []",
    "limits: {a: 1, 80: 2}",
    "limits: {a: x, b: -1}",
    "tls: {verify: no}",
    "tls: yes",
    "tls: {verfy: no, key_phrase: [x]}",
    "password: 0123",
    "password: [hunter2]",
    "pasword: hunter2",
    "extra: {a: yes, b: 0755, c: 1.10, d: 0x10, e: ~, f: \"1\", g: 1e3, h: .inf}",
];

#[test]
fn every_awkward_file_says_what_is_wrong_with_it() {
    let mut out = String::new();
    for (title, text) in FILES {
        let file = file(text);
        let loaded = load(entry("rich"), &file);
        let _ = writeln!(out, "## {title}\n{}", indented(text));
        for problem in loaded.problems.list() {
            let _ = writeln!(out, "{}", line(problem));
        }
        let _ = writeln!(out, "=> {} to run\n", loaded.instances.len());
    }
    support::golden("awkward_files.txt", &out);
}

#[test]
fn every_awkward_value_is_taken_or_refused() {
    let mut out = String::new();
    for value in VALUES {
        let (config, problems) = typed::<Rich>(&format!("host: h\n{value}\n"));
        let _ = writeln!(out, "{value}");
        for problem in problems.list() {
            let _ = writeln!(out, "{}", line(problem));
        }
        let name = value.split(':').next().unwrap_or_default();
        if let Some(config) = config {
            let _ = writeln!(out, "=> {}", config.shown(name));
        }
        out.push('\n');
    }
    support::golden("awkward_values.txt", &out);
}

/// A problem on one line, its hint on the next.
fn line(problem: &Problem) -> String {
    let place =
        problem.span.map_or_else(String::new, |span| format!("{}:{}: ", span.line, span.column));
    let severity = format!("{:?}", problem.severity).to_lowercase();
    let mut line = format!("{place}{severity}: {}", problem.message);
    if !problem.hint.is_empty() {
        let _ = write!(line, "\n    hint: {}", problem.hint);
    }
    line
}

fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "    {}", line.escape_debug());
        out
    })
}

#[test]
fn bytes_that_are_no_text_are_refused_at_their_place() {
    let place = |bytes: &[u8]| {
        let problem = yaml::decode(bytes).expect_err("not a text");
        let span = problem.span.expect("a place");
        (span.line, span.column, problem.message)
    };
    assert_eq!(place(b"a: 1\nb: \xff\n"), (2, 4, "the byte 0xff is not UTF-8".into()));
    assert_eq!(place(b"\xff\xfea\0:\0"), (1, 1, "the byte 0xff is not UTF-8".into()));
    assert_eq!(place("é: 1\nbé: x\0\n".as_bytes()), (2, 6, "a NUL byte".into()));
    assert_eq!(yaml::decode(b"\xef\xbb\xbfa: 1\n").ok(), Some("a: 1\n"));
}
