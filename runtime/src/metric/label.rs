//! Labels of an exposition as the values of tags: the way from text that [`TagValue`](super::TagValue) goes back.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

/// The value of a tag that can be made of a label.
///
/// Implemented for text, paths, numbers, flags, addresses and `Option`s of them; `#[derive(TagValue)]` brings it for an enum.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made of a label",
    label = "not made of a label",
    note = "hint: it is text, a number, or an enum with `#[derive(TagValue)]`; a type of your own implements `LabelValue`"
)]
pub trait LabelValue: Sized {
    /// The value of a label with this text, or nothing where it is none. An absent label is empty, as everywhere in Prometheus.
    fn from_label(text: &str) -> Option<Self>;
}

macro_rules! text {
    ($($type:ty)*) => {$(
        impl LabelValue for $type {
            fn from_label(text: &str) -> Option<Self> {
                (!text.is_empty()).then(|| text.into())
            }
        }
    )*};
}

macro_rules! parsed {
    ($($type:ty)*) => {$(
        impl LabelValue for $type {
            fn from_label(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        }
    )*};
}

text!(String Box<str> Arc<str> PathBuf);
parsed!(
    u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize bool char
    IpAddr Ipv4Addr Ipv6Addr SocketAddr
);

#[cfg(feature = "url")]
impl LabelValue for url::Url {
    fn from_label(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl<T: LabelValue> LabelValue for Option<T> {
    fn from_label(text: &str) -> Option<Self> {
        if text.is_empty() { Some(None) } else { T::from_label(text).map(Some) }
    }
}
