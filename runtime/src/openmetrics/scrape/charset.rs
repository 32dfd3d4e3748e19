//! What the bytes of an answer stand for: UTF-8, unless the answer says otherwise.

use std::borrow::Cow;

use crate::http::Answer;

/// How bytes are read as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    /// A byte is a character.
    Latin1,
}

impl Charset {
    /// That of an answer. Both formats are in UTF-8; strictly, text of which nothing is said is Latin 1, as Python's client takes it.
    pub(super) fn of(answer: &Answer, is_strict: bool) -> Self {
        Self::said(answer.header("content-type").unwrap_or_default(), is_strict)
    }

    fn said(content_type: &str, is_strict: bool) -> Self {
        let parameters = content_type.split(';').skip(1);
        let named = parameters.filter_map(|parameter| parameter.split_once('=')).find_map(
            |(name, value)| {
                let is_it = name.trim().eq_ignore_ascii_case("charset");
                is_it.then(|| value.trim().trim_matches(['"', '\'']).to_ascii_lowercase())
            },
        );
        let is_latin = match named.as_deref() {
            Some(name) => matches!(name, "iso-8859-1" | "iso8859-1" | "latin-1" | "latin1"),
            None => is_strict && content_type.contains("text"),
        };
        if is_latin { Self::Latin1 } else { Self::Utf8 }
    }

    /// A piece of an answer in UTF-8.
    pub(super) fn utf8(self, piece: &[u8]) -> Cow<'_, [u8]> {
        if self == Self::Utf8 || piece.is_ascii() {
            return Cow::Borrowed(piece);
        }
        let text: String = piece.iter().copied().map(char::from).collect();
        Cow::Owned(text.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::Charset::{self, Latin1, Utf8};

    #[test]
    fn what_is_said_of_an_answer_counts_and_text_without_a_word_is_utf8_unless_strictly() {
        let said = [
            ("text/plain; version=0.0.4; charset=utf-8", [Utf8, Utf8]),
            ("text/plain; charset=\"ISO-8859-1\"", [Latin1, Latin1]),
            ("text/plain; version=0.0.4", [Utf8, Latin1]),
            ("application/openmetrics-text; version=1.0.0", [Utf8, Latin1]),
            ("application/json", [Utf8, Utf8]),
            ("", [Utf8, Utf8]),
        ];
        for (content_type, expected) in said {
            let found = [false, true].map(|strict| Charset::said(content_type, strict));
            assert_eq!(found, expected, "{content_type}");
        }
        assert_eq!(&*Latin1.utf8(b"n\xe9e"), "née".as_bytes());
    }
}
