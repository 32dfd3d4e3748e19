//! Which samples of an exposition a field takes, written as Prometheus's queries write it: `requests_total{code='200'}`.

use proc_macro2::Span;
use syn::LitStr;

use super::{Condition, Selector};
use crate::diag::Errors;

/// The selector, if it is one.
pub(super) fn read(given: &LitStr, errors: &Errors) -> Option<Selector> {
    let text = given.value();
    match (Reader { rest: &text }).selector(given.span()) {
        Ok(selector) => Some(selector),
        Err(fault) => {
            errors.add(given, format!("`{text}` names no sample of an exposition: {fault}"));
            None
        }
    }
}

/// The name of a label, if it may be one.
pub(super) fn label(given: &LitStr, errors: &Errors) -> Option<String> {
    let text = given.value();
    if text.is_empty() {
        let hint = "hint: write it as the exposition does, such as `code`";
        errors.add(given, format!("a label has a name\n{hint}"));
        return None;
    }
    Some(text)
}

/// Reads a selector from its beginning on.
struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn selector(mut self, place: Span) -> Result<Selector, String> {
        self.skip_blank();
        let mut metric = self.word();
        let mut conditions = Vec::new();
        self.skip_blank();
        if self.takes("{") {
            self.skip_blank();
            while !self.takes("}") {
                self.within_braces(&mut metric, &mut conditions)?;
            }
        }
        self.skip_blank();
        match metric {
            _ if !self.rest.is_empty() => Err(self.unexpected()),
            None => Err(String::from(
                "the name is missing\nhint: write it as the lines of the exposition do, such as `requests_total`",
            )),
            Some(metric) => Ok(Selector { metric, conditions, place }),
        }
    }

    /// One condition, or the name that stands in quotes because a bare one may not have its characters.
    fn within_braces(
        &mut self,
        metric: &mut Option<String>,
        conditions: &mut Vec<Condition>,
    ) -> Result<(), String> {
        let quoted = self.rest.starts_with(['\'', '"']);
        let name = if quoted { Some(self.quoted()?) } else { self.word() };
        let Some(name) = name else { return Err(self.unexpected()) };
        self.skip_blank();
        if quoted && self.rest.starts_with([',', '}']) {
            if metric.replace(name).is_some() {
                return Err(String::from("it has two names\nhint: take one of them away"));
            }
        } else {
            conditions.push(self.condition(name)?);
        }
        self.skip_blank();
        if self.takes(",") {
            self.skip_blank();
            return Ok(());
        }
        if self.rest.starts_with('}') { Ok(()) } else { Err(self.unexpected()) }
    }

    fn condition(&mut self, label: String) -> Result<Condition, String> {
        if ["=~", "!~"].iter().any(|regex| self.rest.starts_with(regex)) {
            return Err(String::from(
                "a regular expression is not taken here\nhint: `=` and `!=` are; a label of many values is a `#[tag]`",
            ));
        }
        let equal = match (self.takes("!="), self.takes("=")) {
            (true, _) => false,
            (false, true) => true,
            _ => return Err(self.unexpected()),
        };
        self.skip_blank();
        let value = self.quoted()?;
        Ok(Condition { label, value, equal })
    }

    /// A name that needs no quotes.
    fn word(&mut self) -> Option<String> {
        let is_of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
        let length = self.rest.find(|c| !is_of_word(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(length);
        if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.rest = rest;
        Some(word.to_owned())
    }

    /// Text in quotes of either kind.
    fn quoted(&mut self) -> Result<String, String> {
        let mut chars = self.rest.chars();
        let Some(quote @ ('\'' | '"')) = chars.next() else { return Err(self.unexpected()) };
        let mut text = String::new();
        loop {
            match (chars.next(), quote) {
                (None, _) => return Err(String::from("a quote is not closed")),
                (Some(c), _) if c == quote => break,
                (Some('\\'), _) => match chars.next() {
                    Some('n') => text.push('\n'),
                    Some(c) => text.push(c),
                    None => return Err(String::from("a quote is not closed")),
                },
                (Some(c), _) => text.push(c),
            }
        }
        self.rest = chars.as_str();
        Ok(text)
    }

    fn takes(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip_blank(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn unexpected(&self) -> String {
        let hint = "hint: write `name`, or `name{label='value'}`; a name with other characters than letters, digits, `_` \
                    and `:` stands in the braces, `{'a.b'}`";
        match self.rest.chars().next() {
            None => format!("it ends too early\n{hint}"),
            Some(c) => format!("`{c}` is not expected there\n{hint}"),
        }
    }
}
