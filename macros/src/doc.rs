//! Doc comments, as text.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The text of a doc comment: its paragraphs, the lines of each joined.
///
/// A doc comment is Markdown: what a `\` keeps from being markup (`\[x\]`) is text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Doc {
    paragraphs: Vec<String>,
}

impl Doc {
    pub(crate) fn of(attrs: &[Attribute]) -> Self {
        let mut paragraphs = vec![String::new()];
        let mut in_code = false;
        for line in attrs.iter().filter_map(text).flat_map(|text| lines(&text)) {
            let fence = line.trim_start().starts_with("```");
            append(&mut paragraphs, &line, in_code || fence);
            in_code ^= fence;
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        Self { paragraphs: paragraphs.iter().map(|paragraph| unescaped(paragraph)).collect() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.paragraphs.is_empty()
    }

    /// The whole text, with an empty line between paragraphs.
    pub(crate) fn text(&self) -> String {
        self.paragraphs.join("\n\n")
    }

    /// The whole text on one line, as tables need it.
    pub(crate) fn line(&self) -> String {
        self.paragraphs.join(" ").replace('\n', " ")
    }
}

fn text(attr: &Attribute) -> Option<String> {
    match &attr.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The lines of one attribute; those of a block comment may begin with a star.
fn lines(text: &str) -> Vec<String> {
    let block = text.contains('\n');
    let unstarred = |line: &str| match line.trim_start().strip_prefix('*') {
        Some(rest) if block => rest.to_owned(),
        _ => line.to_owned(),
    };
    let unindented = |line: String| match line.strip_prefix(' ') {
        Some(rest) => rest.to_owned(),
        None => line,
    };
    // An empty line is one of its own: `lines` would give none for it.
    text.split('\n').map(unstarred).map(unindented).map(|line| line.trim_end().to_owned()).collect()
}

fn append(paragraphs: &mut Vec<String>, line: &str, in_code: bool) {
    if line.is_empty() && !in_code {
        paragraphs.push(String::new());
        return;
    }
    let Some(paragraph) = paragraphs.last_mut() else { return };
    if !paragraph.is_empty() {
        paragraph.push(if in_code || begins_item(line) { '\n' } else { ' ' });
    }
    paragraph.push_str(if in_code { line } else { line.trim_start() });
}

/// The text without the `\` before ASCII punctuation. In code, a `\` is one.
fn unescaped(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(at) = rest.find(['\\', '`']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match rest.strip_prefix('\\') {
            Some(next) if next.starts_with(|c: char| c.is_ascii_punctuation()) => {
                rest = next;
                1
            }
            Some(_) => 1,
            None => code_span(rest),
        };
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out + rest
}

/// How long the code is that a text begins with: up to as many backticks as it begins with, or these alone.
fn code_span(text: &str) -> usize {
    let ticks = |text: &str| text.len() - text.trim_start_matches('`').len();
    let opening = ticks(text);
    let mut at = opening;
    while let Some(next) = text[at..].find('`') {
        at += next;
        let closing = ticks(&text[at..]);
        at += closing;
        if closing == opening {
            return at;
        }
    }
    opening
}

/// Lists and tables keep their lines.
fn begins_item(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    ["- ", "* ", "+ ", "|"].iter().any(|mark| line.starts_with(mark))
        || (numbered.len() < line.len() && numbered.starts_with(". "))
}
