//! The id of an instance: the same for the same configuration.

use crate::config::{Node, NodeValue};

/// `check:hash`, or `check:name:hash` for a named instance.
///
/// The hash is that of what is written, so that an instance stays the same when a secret of it changes.
pub(super) fn id(check: &str, node: &Node, init_config: Option<&Node>) -> String {
    let hash = hash(node, init_config);
    match text(node, "name").or_else(|| text(node, "namespace")) {
        Some(name) => format!("{check}:{name}:{hash:x}"),
        None => format!("{check}:{hash:x}"),
    }
}

/// The 64-bit FNV-1 of an instance and of `init_config`, keys sorted, values as their texts: the same for the same
/// configuration, wherever its keys, comments and quotes stand.
pub(super) fn hash(node: &Node, init_config: Option<&Node>) -> u64 {
    let mut canonical = String::new();
    write_canonical(node, &mut canonical);
    canonical.push('\n');
    if let Some(init_config) = init_config {
        write_canonical(init_config, &mut canonical);
    }
    fnv1(canonical.as_bytes())
}

fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    match &node.get(key)?.value.value {
        NodeValue::Scalar { text, .. } if !node.get(key)?.value.is_null() => Some(text),
        _ => None,
    }
}

fn write_canonical(node: &Node, out: &mut String) {
    match &node.value {
        _ if node.is_null() => out.push('~'),
        NodeValue::Scalar { text, .. } => write_text(text, out),
        NodeValue::Sequence(items) => {
            out.push('[');
            for item in items {
                write_canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        NodeValue::Mapping(pairs) => {
            let mut pairs: Vec<_> = pairs.iter().collect();
            pairs.sort_by(|a, b| a.key.cmp(&b.key));
            out.push('{');
            for pair in pairs {
                write_text(&pair.key, out);
                out.push(':');
                write_canonical(&pair.value, out);
                out.push(',');
            }
            out.push('}');
        }
    }
}

/// A text with its length before it, so that no two trees are written alike.
fn write_text(text: &str, out: &mut String) {
    out.push_str(&text.len().to_string());
    out.push('"');
    out.push_str(text);
}

/// FNV-1 (not 1a), as the Agent's instance ids have it.
fn fnv1(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        u64::wrapping_mul(hash, 0x0000_0100_0000_01b3) ^ u64::from(*byte)
    })
}
