//! Which forms of a scalar can hold a text.

/// What a text has in it that decides how it is written.
pub(in crate::export) struct Analysis {
    /// It needs no quotes.
    pub(in crate::export) plain: bool,
    /// Single quotes can hold it.
    pub(in crate::export) single_quoted: bool,
    /// A literal block (`|`) can hold it.
    pub(in crate::export) literal: bool,
}

impl Analysis {
    /// `unicode` says whether letters beyond ASCII are written as they are.
    pub(in crate::export) fn of(text: &str, unicode: bool) -> Self {
        let special = text.chars().any(|c| !(c == '\n' || writable(c, unicode)));
        let edges = text.starts_with(' ') || text.ends_with(' ');
        let quotable = !special && !text.contains(" \n");
        Self {
            plain: quotable && !edges && !text.contains('\n') && !has_indicators(text),
            single_quoted: quotable && !text.contains("\n "),
            literal: quotable && !text.is_empty() && !text.ends_with(' '),
        }
    }
}

/// A character that ends a line in YAML 1.1.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character is written as it is.
fn writable(c: char, unicode: bool) -> bool {
    let letter = matches!(c, '\u{a0}'..='\u{fffd}' | '\u{10000}'..='\u{10fffe}');
    // Other breaks than `\n` do not survive being read.
    matches!(c, ' '..='~') || (unicode && letter && c != '\u{feff}' && !is_break(c))
}

/// Whether something in the text would be taken for YAML's punctuation.
fn has_indicators(text: &str) -> bool {
    if text.starts_with("---") || text.starts_with("...") {
        return true;
    }
    let blank = |c: char| matches!(c, ' ' | '\n');
    let mut before = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let blank_follows = rest.clone().next().is_none_or(blank);
        let indicator = match (before, c) {
            (None, '?' | ':' | '-') | (Some(_), ':') => blank_follows,
            (None, c) => "#,[]{}&*!|>'\"%@`".contains(c),
            (Some(before), '#') => blank(before),
            _ => false,
        };
        if indicator {
            return true;
        }
        before = Some(c);
    }
    false
}
