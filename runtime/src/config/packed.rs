//! A tree of values in one piece of memory, without its places: what an instance keeps for another start.
//!
//! A tree takes hundreds of bytes for a few options, and a daemon keeps one for each instance.

use super::node::{Node, NodeValue, Pair, Span};

/// A tree of values without its places.
#[derive(Clone, PartialEq, Eq)]
pub struct Packed(Box<[u8]>);

const PLAIN: u8 = 0;
const QUOTED: u8 = 1;
const SECRET: u8 = 2;
const SEQUENCE: u8 = 3;
const MAPPING: u8 = 4;

impl Packed {
    /// Packs a tree.
    pub fn new(node: &Node) -> Self {
        let mut bytes = Vec::new();
        write(node, &mut bytes);
        Self(bytes.into_boxed_slice())
    }

    /// The tree again; all its places are nowhere.
    pub fn node(&self) -> Node {
        let mut rest = &*self.0;
        // What `write` wrote can be read.
        read(&mut rest).unwrap_or_else(|| Node::empty(Span::default()))
    }
}

impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.node().value.fmt(f)
    }
}

fn write(node: &Node, out: &mut Vec<u8>) {
    match &node.value {
        NodeValue::Scalar { text, quoted, secret } => {
            out.push(match (secret, quoted) {
                (true, _) => SECRET,
                (false, true) => QUOTED,
                (false, false) => PLAIN,
            });
            write_text(text, out);
        }
        NodeValue::Sequence(items) => {
            out.push(SEQUENCE);
            write_length(items.len(), out);
            for item in items {
                write(item, out);
            }
        }
        NodeValue::Mapping(pairs) => {
            out.push(MAPPING);
            write_length(pairs.len(), out);
            for Pair { key, value, .. } in pairs {
                write_text(key, out);
                write(value, out);
            }
        }
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    write_length(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn write_length(mut length: usize, out: &mut Vec<u8>) {
    loop {
        let low = length.to_le_bytes()[0] & 0x7f;
        length >>= 7;
        if length == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

fn read(rest: &mut &[u8]) -> Option<Node> {
    let (kind, tail) = rest.split_first()?;
    *rest = tail;
    let value = match *kind {
        SEQUENCE => {
            let length = read_length(rest)?;
            NodeValue::Sequence((0..length).map(|_| read(rest)).collect::<Option<_>>()?)
        }
        MAPPING => {
            let length = read_length(rest)?;
            NodeValue::Mapping((0..length).map(|_| read_pair(rest)).collect::<Option<_>>()?)
        }
        kind => NodeValue::Scalar {
            text: read_text(rest)?,
            quoted: kind != PLAIN,
            secret: kind == SECRET,
        },
    };
    Some(Node { span: Span::default(), value })
}

fn read_pair(rest: &mut &[u8]) -> Option<Pair> {
    let key = read_text(rest)?;
    Some(Pair { key, key_span: Span::default(), value: read(rest)? })
}

fn read_text(rest: &mut &[u8]) -> Option<String> {
    let length = read_length(rest)?;
    let (text, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    String::from_utf8(text.to_vec()).ok()
}

fn read_length(rest: &mut &[u8]) -> Option<usize> {
    let mut length = 0;
    let mut shift = 0;
    loop {
        let (byte, tail) = rest.split_first()?;
        *rest = tail;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(length);
        }
        shift += 7;
    }
}
