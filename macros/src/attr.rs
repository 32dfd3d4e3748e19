//! Options of an attribute, `#[metric(name = "read", flush_first_value)]`: read one by one, so that a bad one hides no other.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, ExprLit, ExprPath, Ident, Lit, LitStr, Meta, Path, Token};

use crate::diag::Errors;
use crate::name;

/// What may stand in an attribute at a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// The attribute's name.
    pub(crate) attribute: &'static str,
    /// Where it stands, for messages: "a field".
    pub(crate) on: &'static str,
    /// The options that it takes.
    pub(crate) options: &'static [&'static str],
    /// Options that authors look for here, and where they belong.
    pub(crate) elsewhere: &'static [(&'static str, &'static str)],
}

/// An option as it is written.
struct Given {
    name: Ident,
    value: Option<Expr>,
}

/// The options of one or several attributes of a name.
pub(crate) struct Options<'e> {
    given: Vec<Given>,
    place: Place,
    errors: &'e Errors,
}

impl<'e> Options<'e> {
    /// The options of all attributes of that name among `attrs`.
    pub(crate) fn of(attrs: &[Attribute], place: Place, errors: &'e Errors) -> Self {
        let mut options = Self { given: Vec::new(), place, errors };
        for attr in attrs.iter().filter(|attr| attr.path().is_ident(place.attribute)) {
            match &attr.meta {
                Meta::List(list) => options.read(list.tokens.clone()),
                Meta::Path(_) => {}
                Meta::NameValue(meta) => errors.add(
                    meta,
                    format!("options stand in parentheses\nhint: write `{}`", options.example()),
                ),
            }
        }
        options
    }

    /// The options in the parentheses of an attribute macro.
    pub(crate) fn in_parentheses(tokens: TokenStream, place: Place, errors: &'e Errors) -> Self {
        let mut options = Self { given: Vec::new(), place, errors };
        options.read(tokens);
        options
    }

    fn read(&mut self, tokens: TokenStream) {
        let read = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if let Err(error) = self.read_one(input) {
                    self.errors.push(error);
                    skip_to_comma(input)?;
                }
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(())
        };
        if let Err(error) = read.parse2(tokens) {
            self.errors.push(error);
        }
    }

    fn read_one(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let Ok(name) = Ident::parse_any(input) else {
            let example = self.example();
            return Err(input.error(format!("expected an option\nhint: write `{example}`")));
        };
        let value = if input.parse::<Option<Token![=]>>()?.is_some() {
            Some(value(&name, input)?)
        } else if input.is_empty() || input.peek(Token![,]) {
            None
        } else {
            let message = format!("a comma or `=` comes after `{name}`\nhint: write `{name} = …`");
            return Err(input.error(message));
        };
        self.keep(name, value);
        Ok(())
    }

    fn keep(&mut self, name: Ident, value: Option<Expr>) {
        let text = name.to_string();
        if !self.place.options.contains(&text.as_str()) {
            self.errors.add(&name, self.unknown(&text));
        } else if self.given.iter().any(|given| given.name == text) {
            let message = format!("`{text}` is given twice\nhint: leave one of them out");
            self.errors.add(&name, message);
        } else {
            self.given.push(Given { name, value });
        }
    }

    fn unknown(&self, given: &str) -> String {
        let Place { attribute, on, options, elsewhere } = self.place;
        if let Some((_, where_to)) = elsewhere.iter().find(|(name, _)| *name == given) {
            return format!("`{given}` does not belong on {on}\nhint: {where_to}");
        }
        let known = name::list(options.iter().copied(), "and");
        let message = format!("unknown option `{given}` of `#[{attribute}]` on {on}");
        let known = match options.len() {
            0 => "it takes no options".to_owned(),
            1 => format!("the only option is {known}"),
            _ => format!("known options are {known}"),
        };
        let misplaced = elsewhere.iter().map(|(name, _)| *name);
        let near = name::nearest(given, options.iter().copied().chain(misplaced));
        let where_to = elsewhere.iter().find(|(name, _)| Some(*name) == near);
        match (near, where_to) {
            (Some(near), Some((_, where_to))) => {
                format!("{message}\nhint: did you mean `{near}`? {where_to}")
            }
            (Some(near), None) => format!("{message}\nhint: did you mean `{near}`? {known}"),
            (None, _) => format!("{message}\nhint: {known}"),
        }
    }

    fn example(&self) -> String {
        let Place { attribute, options, .. } = self.place;
        match options.first() {
            Some(option) => format!("#[{attribute}({option} = …)]"),
            None => format!("#[{attribute}]"),
        }
    }

    fn take(&mut self, name: &str) -> Option<Given> {
        let index = self.given.iter().position(|given| given.name == name)?;
        Some(self.given.swap_remove(index))
    }

    /// Where an option is written.
    pub(crate) fn span(&self, name: &str) -> Option<Span> {
        self.given.iter().find(|given| given.name == name).map(|given| given.name.span())
    }

    /// An option without a value.
    pub(crate) fn flag(&mut self, name: &str) -> Option<Span> {
        let Given { name: ident, value } = self.take(name)?;
        if let Some(value) = value {
            let message = format!("`{name}` takes no value\nhint: write `{name}`, or leave it out");
            self.errors.add(value, message);
        }
        Some(ident.span())
    }

    /// An option whose value is text.
    pub(crate) fn text(&mut self, name: &str) -> Option<LitStr> {
        match self.take(name)? {
            Given { value: Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })), .. } => Some(text),
            given => self.mismatch(given, "text in quotes", "\"…\""),
        }
    }

    /// An option whose value is a list of texts, or one text: where it is written, and the texts.
    pub(crate) fn texts(&mut self, name: &str) -> Option<(Span, Vec<LitStr>)> {
        let given = self.take(name)?;
        match given.value.as_ref().and_then(texts) {
            Some(texts) => Some((given.name.span(), texts)),
            None => self.mismatch(given, "a list of texts", "[\"…\", \"…\"]"),
        }
    }

    /// An option whose value is a word or text, or a list of them; empty if it is not given.
    pub(crate) fn words(&mut self, name: &str) -> Vec<Word> {
        let Some(given) = self.take(name) else { return Vec::new() };
        let words = match &given.value {
            Some(Expr::Array(array)) => array.elems.iter().map(word).collect(),
            Some(value) => word(value).map(|word| vec![word]),
            None => None,
        };
        match words {
            Some(words) => words,
            None => self.mismatch(given, "a word or a list of words", "[a, b]").unwrap_or_default(),
        }
    }

    /// An option whose value is a path.
    pub(crate) fn path(&mut self, name: &str) -> Option<Path> {
        match self.take(name)? {
            Given { value: Some(Expr::Path(ExprPath { path, qself: None, .. })), .. } => Some(path),
            given => self.mismatch(given, "a path, without quotes", "some::path"),
        }
    }

    /// An option whose value is an expression.
    pub(crate) fn expression(&mut self, name: &str) -> Option<Expr> {
        match self.take(name)? {
            Given { value: Some(value), .. } => Some(value),
            given => self.mismatch(given, "a value", "…"),
        }
    }

    /// An option that may have a value.
    pub(crate) fn maybe_expression(&mut self, name: &str) -> Option<Maybe<Expr>> {
        self.take(name).map(|given| given.value.map_or(Maybe::Bare, Maybe::Value))
    }

    /// An option that may have text as its value: where it is written, and the text.
    pub(crate) fn maybe_text(&mut self, name: &str) -> Option<(Span, Option<LitStr>)> {
        let span = self.span(name)?;
        if self.given.iter().any(|given| given.name == name && given.value.is_none()) {
            self.take(name);
            return Some((span, None));
        }
        self.text(name).map(|text| (span, Some(text)))
    }

    fn mismatch<T>(&self, given: Given, what: &str, example: &str) -> Option<T> {
        let Given { name, value } = given;
        let message = format!("`{name}` takes {what}\nhint: write `{name} = {example}`");
        match value {
            Some(value) => self.errors.add(value, message),
            None => self.errors.add(name, message),
        }
        None
    }
}

/// The value of an option that may stand without one.
pub(crate) enum Maybe<T> {
    Bare,
    Value(T),
}

/// A word, in quotes or not, and its place.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) span: Span,
}

fn word(value: &Expr) -> Option<Word> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            Some(Word { text: text.value(), span: text.span() })
        }
        Expr::Path(ExprPath { path, qself: None, .. }) => {
            let ident = path.get_ident()?;
            Some(Word { text: name::plain(ident), span: ident.span() })
        }
        _ => None,
    }
}

fn value(name: &Ident, input: ParseStream<'_>) -> syn::Result<Expr> {
    if input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new(name.span(), format!("`{name} =` has no value")));
    }
    // A brace opens an example mapping here, not a block of code.
    if input.peek(syn::token::Brace) {
        return input.parse::<TokenTree>().map(|group| Expr::Verbatim(group.into()));
    }
    input.parse().map(ungrouped)
}

/// What a macro by example wraps in an invisible group is as good as written directly.
fn ungrouped(value: Expr) -> Expr {
    match value {
        Expr::Group(group) => ungrouped(*group.expr),
        value => value,
    }
}

fn texts(value: &Expr) -> Option<Vec<LitStr>> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(vec![text.clone()]),
        Expr::Array(array) => {
            let each = array.elems.iter().map(|element| match element {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.clone()),
                _ => None,
            });
            each.collect()
        }
        _ => None,
    }
}

fn skip_to_comma(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// Reports an attribute of ours at a place where it means nothing.
pub(crate) fn refuse(attrs: &[Attribute], name: &str, message: &str, errors: &Errors) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        errors.add(attr, message);
    }
}
