//! Options that are text: as such, as a path, as an address, as a secret.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use serde_json::Value;

use super::{read_scalar, scalar};
use crate::config::node::Node;
use crate::config::reader::Reader;
use crate::config::secret::{MASK, Secret};
use crate::config::spec::Shape;
use crate::config::value::OptionValue;

impl OptionValue for String {
    const SHAPE: Shape = Shape::Text { format: "" };

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        read_text(node, reader)
    }

    fn show(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl OptionValue for PathBuf {
    const SHAPE: Shape = Shape::Text { format: "" };

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        read_text(node, reader).map(Self::from)
    }

    fn show(&self) -> Value {
        Value::from(self.to_string_lossy())
    }
}

impl OptionValue for Secret {
    const SHAPE: Shape = Shape::Text { format: "" };

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        reader.secretly(node, |reader| read_text(node, reader).map(Self::new))
    }

    fn show(&self) -> Value {
        Value::from(MASK)
    }
}

impl OptionValue for char {
    const SHAPE: Shape = Shape::Text { format: "character" };

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        read_scalar(node, reader, "one character", |text| {
            let mut chars = text.chars();
            chars.next().filter(|_| chars.next().is_none())
        })
    }

    fn show(&self) -> Value {
        Value::from(self.to_string())
    }
}

macro_rules! addresses {
    ($($type:ty: $format:literal, $what:literal;)*) => {$(
        impl OptionValue for $type {
            const SHAPE: Shape = Shape::Text { format: $format };

            fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
                read_scalar(node, reader, $what, |text| text.parse().ok())
            }

            fn show(&self) -> Value {
                Value::from(self.to_string())
            }
        }
    )*};
}

addresses! {
    IpAddr: "ip", "an IP address";
    Ipv4Addr: "ipv4", "an IPv4 address";
    Ipv6Addr: "ipv6", "an IPv6 address";
    SocketAddr: "socket-address", "an IP address and port, as `127.0.0.1:8125`";
}

fn read_text(node: &Node, reader: &mut Reader) -> Option<String> {
    let text = scalar(node).map(str::to_owned);
    if text.is_none() {
        // `- env: prod` is what `- env:prod` was meant to be.
        let pair = node.pairs().is_some_and(|pairs| pairs.len() == 1);
        let hint = if pair { "write no space after the `:`, or put it in quotes" } else { "" };
        reader.expected_because("text", node, hint);
    }
    text
}
