//! Which options Datadog's templates have, and what values they give them (`ddev` 20.1).
//!
//! A reference to a template tells readers, and the tools of Datadog, that an option is the well-known one. Descriptions are
//! always our own.

use serde_json::Value;

use super::{SpecType, SpecValue};

/// A template of several options, and the references to each of those that an example shows.
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) references: &'static [&'static str],
}

/// The templates that Datadog's validator wants in each of the two sections.
pub(super) const GROUPS: &[Group] = &[
    Group { name: "init_config/default", references: &["init_config/service"] },
    Group {
        name: "instances/default",
        references: &[
            "instances/tags",
            "instances/service",
            "instances/global.min_collection_interval",
            "instances/global.empty_default_hostname",
            "instances/default.metric_patterns",
        ],
    },
];

/// The reference to the option of a template that a struct of options is said to have, if the template has it.
pub(super) fn of_instance(template: &str, option: &str) -> Option<String> {
    let named = |table: &[(&str, &str)]| table.iter().any(|(name, _)| *name == option);
    match template {
        "instances/default" => {
            let known = GROUPS[1].references.iter();
            known.copied().find(|known| last_name(known) == option).map(str::to_owned)
        }
        "instances/http" if named(HTTP) => Some(format!("instances/http.{option}")),
        "instances/tls" if named(TLS) => Some(format!("instances/tls.{option}")),
        _ => None,
    }
}

/// The same in `init_config`.
pub(super) fn of_init_config(template: &str, option: &str) -> Option<String> {
    match (template, option) {
        ("instances/default", "tags" | "service") => Some(format!("init_config/{option}")),
        ("instances/http", "proxy" | "skip_proxy" | "timeout") => {
            Some(format!("init_config/http.{option}"))
        }
        _ => None,
    }
}

/// The name of the option that a reference is to.
pub(super) fn last_name(reference: &str) -> &str {
    reference.rsplit(['/', '.']).next().unwrap_or_default()
}

/// Whether the template's option can be made into this one: what a template says can be replaced, not taken away.
pub(super) fn can_be(reference: &str, own: &SpecValue) -> bool {
    let known = value(reference);
    let example = own.example.is_some() || known.get("example").is_none();
    known.is_object() && example && !matches!(own.schema.kind, SpecType::AnyOf(_))
}

/// The value that the template gives the option.
pub(super) fn value(reference: &str) -> Value {
    let table = match reference.split_once('.') {
        Some(("instances/http" | "init_config/http", _)) => HTTP,
        Some(("instances/tls", _)) => TLS,
        _ => COMMON,
    };
    let row = table.iter().find(|(name, _)| *name == last_name(reference));
    row.and_then(|(_, value)| serde_json::from_str(value).ok()).unwrap_or_default()
}

/// Whether the template says that the value is secret.
pub(super) fn is_secret(reference: &str) -> bool {
    const SECRETS: &[&str] = &[
        "instances/http.password",
        "instances/tls.tls_private_key",
        "instances/tls.tls_private_key_password",
    ];
    SECRETS.contains(&reference)
}

const TEXT: &str = r#"{"type":"string"}"#;
const NUMBER: &str = r#"{"type":"number"}"#;
const ON: &str = r#"{"type":"boolean","example":true}"#;
const OFF: &str = r#"{"type":"boolean","example":false}"#;
const SECONDS_10: &str = r#"{"type":"number","example":10}"#;
// These have an example that no option here shares; what it is makes no difference.
const SHOWN_TEXT: &str = r#"{"type":"string","example":null}"#;
const SHOWN_TEXTS: &str = r#"{"type":"array","items":{"type":"string"},"example":null}"#;
const SHOWN_MAPPING: &str = r#"{"type":"object","example":null}"#;

const COMMON: &[(&str, &str)] = &[
    (
        "tags",
        r#"{"type":"array","items":{"type":"string"},"example":["<KEY_1>:<VALUE_1>","<KEY_2>:<VALUE_2>"]}"#,
    ),
    ("service", TEXT),
    ("min_collection_interval", r#"{"type":"number","example":15}"#),
    ("empty_default_hostname", OFF),
    ("metric_patterns", SHOWN_MAPPING),
];

const HTTP: &[(&str, &str)] = &[
    ("proxy", SHOWN_MAPPING),
    ("skip_proxy", OFF),
    ("auth_type", r#"{"type":"string","example":"basic"}"#),
    ("use_legacy_auth_encoding", ON),
    ("username", TEXT),
    ("password", TEXT),
    ("ntlm_domain", SHOWN_TEXT),
    ("kerberos_auth", SHOWN_TEXT),
    ("kerberos_cache", TEXT),
    ("kerberos_delegate", OFF),
    ("kerberos_force_initiate", OFF),
    ("kerberos_hostname", TEXT),
    ("kerberos_principal", TEXT),
    ("kerberos_keytab", SHOWN_TEXT),
    ("auth_token", SHOWN_MAPPING),
    ("aws_region", TEXT),
    ("aws_host", TEXT),
    ("aws_service", TEXT),
    ("tls_verify", ON),
    ("tls_use_host_header", OFF),
    ("tls_ignore_warning", OFF),
    ("tls_cert", SHOWN_TEXT),
    ("tls_private_key", SHOWN_TEXT),
    ("tls_ca_cert", SHOWN_TEXT),
    ("tls_protocols_allowed", SHOWN_TEXTS),
    ("tls_ciphers", SHOWN_TEXTS),
    ("headers", SHOWN_MAPPING),
    ("extra_headers", SHOWN_MAPPING),
    ("timeout", SECONDS_10),
    ("connect_timeout", NUMBER),
    ("read_timeout", NUMBER),
    ("request_size", r#"{"type":"number","example":16}"#),
    ("log_requests", OFF),
    ("persist_connections", OFF),
    ("allow_redirects", ON),
];

const TLS: &[(&str, &str)] = &[
    ("tls_verify", ON),
    ("tls_ca_cert", SHOWN_TEXT),
    ("tls_cert", SHOWN_TEXT),
    ("tls_private_key", SHOWN_TEXT),
    ("tls_private_key_password", SHOWN_TEXT),
    ("tls_validate_hostname", ON),
    ("tls_ciphers", SHOWN_TEXTS),
];
