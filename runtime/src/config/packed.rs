//! A tree of nodes in few bytes, without its places: an instance keeps what it was configured with for as long as it runs.

use super::node::{Node, NodeValue, Pair, Span};

/// What was written, as bytes: a byte for the sort of value, numbers in groups of seven bits, texts after their lengths.
#[derive(Clone)]
pub(crate) struct Packed(Box<[u8]>);

const PLAIN: u8 = 0;
const QUOTED: u8 = 1;
const SECRET: u8 = 2;
const SEQUENCE: u8 = 3;
const MAPPING: u8 = 4;

impl Packed {
    pub(crate) fn of(node: &Node) -> Self {
        let mut bytes = Vec::new();
        write(node, &mut bytes);
        Self(bytes.into_boxed_slice())
    }

    /// The tree; every place in it is the beginning of the file.
    pub(crate) fn unpack(&self) -> Node {
        let mut rest = &*self.0;
        read(&mut rest).unwrap_or_else(|| Node::empty(Span::default()))
    }
}

/// The bytes may hold a password.
impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Packed({} bytes)", self.0.len())
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
            write_number(items.len(), out);
            for item in items {
                write(item, out);
            }
        }
        NodeValue::Mapping(pairs) => {
            out.push(MAPPING);
            write_number(pairs.len(), out);
            for pair in pairs {
                write_text(&pair.key, out);
                write(&pair.value, out);
            }
        }
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    write_number(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

#[expect(clippy::cast_possible_truncation, reason = "seven bits are written at a time")]
fn write_number(mut number: usize, out: &mut Vec<u8>) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn read(rest: &mut &[u8]) -> Option<Node> {
    let value = match take(rest)? {
        SEQUENCE => {
            let count = read_number(rest)?;
            NodeValue::Sequence((0..count).map(|_| read(rest)).collect::<Option<_>>()?)
        }
        MAPPING => {
            let count = read_number(rest)?;
            NodeValue::Mapping((0..count).map(|_| read_pair(rest)).collect::<Option<_>>()?)
        }
        sort => NodeValue::Scalar {
            text: read_text(rest)?,
            quoted: sort != PLAIN,
            secret: sort == SECRET,
        },
    };
    Some(Node { span: Span::default(), value })
}

fn read_pair(rest: &mut &[u8]) -> Option<Pair> {
    Some(Pair { key: read_text(rest)?, key_span: Span::default(), value: read(rest)? })
}

fn read_text(rest: &mut &[u8]) -> Option<String> {
    let length = read_number(rest)?;
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    String::from_utf8(text.to_vec()).ok()
}

fn read_number(rest: &mut &[u8]) -> Option<usize> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = take(rest)?;
        number |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
}

fn take(rest: &mut &[u8]) -> Option<u8> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    Some(*first)
}

#[cfg(test)]
mod tests {
    use super::Packed;
    use crate::config::yaml;

    #[test]
    fn a_tree_comes_back_as_it_was_but_for_its_places() {
        let long = "x".repeat(300);
        let text = format!(
            "a: [1, '2', {{b: ~, c: {long}}}]\nd: {{}}\ne: []\nf: ''\nü: |\n  two\n  lines\n"
        );
        let node = yaml::parse(&text).root.expect("a document");
        let back = Packed::of(&node).unpack();
        let shown = |node| format!("{node:?}").replace(|c: char| c.is_ascii_digit(), "");
        assert_eq!(shown(&back), shown(&node));
        assert_eq!(Packed::of(&back).0, Packed::of(&node).0);
    }
}
