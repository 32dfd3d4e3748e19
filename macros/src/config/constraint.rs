//! Constraints as they are written, and whether literals keep to them.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Expr, ExprRange, LitStr, RangeLimits};

use super::parse::FieldOptions;
use super::value::{Class, Literal};
use super::{Constraints, Range};
use crate::diag::Errors;
use crate::name;

/// The constraints of an option; those that its type cannot have are reported.
pub(super) fn validate(options: &FieldOptions, class: Class, errors: &Errors) -> Constraints {
    let FieldOptions { range, pattern, non_empty, one_of, .. } = options;
    if let Some(range) = range.as_ref().filter(|_| !class.may_have_range()) {
        errors.add(range, "only numbers have a `range`\nhint: take it away; `pattern`, `non_empty` and `one_of` are for text");
    }
    if let Some(pattern) = pattern.as_ref().filter(|_| !class.may_be_text()) {
        errors
            .add(pattern, "only text has a `pattern`\nhint: take it away; `range` is for numbers");
    }
    if let Some(span) = non_empty.filter(|_| !class.may_be_empty()) {
        errors.at(span, "only text, lists and maps can be empty\nhint: take `non_empty` away; `range` is for numbers");
    }
    if let Some(first) =
        one_of.as_ref().filter(|_| !class.may_be_text()).and_then(|(_, texts)| texts.first())
    {
        errors.add(first, "`one_of` is for text\nhint: take it away; `range` is for numbers");
    }
    Constraints {
        range: range.as_ref().and_then(|range| validate_range(range, errors)),
        pattern: pattern.as_ref().map(LitStr::value),
        non_empty: non_empty.is_some(),
        one_of: one_of.as_ref().map(|texts| validate_one_of(texts, errors)).unwrap_or_default(),
    }
}

fn validate_range(given: &Expr, errors: &Errors) -> Option<Range> {
    let Expr::Range(ExprRange { start, end, limits, .. }) = given else {
        errors.add(given, "this is not a range\nhint: write `range = 1..=65535`, `range = 0..` or `range = ..1.0`");
        return None;
    };
    let range = Range {
        min: start.as_deref().cloned(),
        max: end.as_deref().cloned(),
        max_exclusive: end.is_some() && matches!(limits, RangeLimits::HalfOpen(_)),
    };
    let (min, max) = range.literal_bounds();
    if range.min.is_none() && range.max.is_none() {
        errors.add(
            given,
            "the range has no bounds\nhint: write `range = 1..=65535`, or leave it out",
        );
        return None;
    }
    if let (Some(min), Some(max)) = (min, max)
        && (min > max || (min >= max && range.max_exclusive))
    {
        errors.add(given, "no number is in this range\nhint: the smaller bound comes first");
        return None;
    }
    Some(range)
}

fn validate_one_of((place, texts): &(Span, Vec<LitStr>), errors: &Errors) -> Vec<String> {
    let mut seen = Vec::new();
    if texts.is_empty() {
        errors.at(
            *place,
            "`one_of` lists no text, so none would be right\nhint: list them, or leave it out",
        );
    }
    for text in texts {
        let value = text.value();
        if seen.contains(&value) {
            errors.add(text, format!("`{value}` stands here twice\nhint: take one away"));
        }
        seen.push(value);
    }
    seen
}

impl Range {
    fn literal_bounds(&self) -> (Option<f64>, Option<f64>) {
        let number = |bound: &Option<Expr>| Literal::of(bound.as_ref()?)?.number();
        (number(&self.min), number(&self.max))
    }

    /// Whether a number is within the bounds that are literals.
    fn holds(&self, number: f64) -> bool {
        let (min, max) = self.literal_bounds();
        let below = max.is_some_and(|max| number > max || (self.max_exclusive && number >= max));
        !below && !min.is_some_and(|min| number < min)
    }

    fn text(&self) -> String {
        let bound = |bound: &Option<Expr>| {
            bound.as_ref().map(|bound| bound.to_token_stream().to_string()).unwrap_or_default()
        };
        let dots = if self.max.is_some() && !self.max_exclusive { "..=" } else { ".." };
        format!("{}{dots}{}", bound(&self.min), bound(&self.max)).replace("- ", "-")
    }
}

impl Constraints {
    /// Reports a literal (`what`: "default") that does not keep to the constraints.
    pub(super) fn check(&self, what: &str, value: &Expr, literal: &Literal, errors: &Errors) {
        if let (Some(range), Some(number)) = (&self.range, literal.number())
            && !range.holds(number)
        {
            let range = range.text();
            errors.add(
                value,
                format!("the {what} is outside of the range `{range}`\nhint: change one of them"),
            );
        }
        match literal {
            Literal::Text(text) if self.non_empty && text.is_empty() => {
                errors.add(
                    value,
                    format!(
                        "the {what} is empty, which `non_empty` forbids\nhint: change one of them"
                    ),
                );
            }
            Literal::List(items) if self.non_empty && items.is_empty() => {
                errors.add(
                    value,
                    format!(
                        "the {what} is empty, which `non_empty` forbids\nhint: change one of them"
                    ),
                );
            }
            Literal::Text(text) if !self.one_of.is_empty() && !self.one_of.contains(text) => {
                let texts = name::list(self.one_of.iter().map(String::as_str), "or");
                errors.add(
                    value,
                    format!("the {what} is none of the texts in `one_of`\nhint: it is {texts}"),
                );
            }
            _ => {}
        }
    }
}
