//! Builds the tree from the parser's events, within a budget.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, StrInput, Tag};

use super::merge;
use super::syntax;
use super::{Document, MAX_DEPTH, MAX_NODES};
use crate::config::node::{Node, NodeValue, Pair, Span};
use crate::config::problem::{Problem, Problems};
use crate::config::words;

/// How many bytes of text a file may have once its aliases are resolved.
const MAX_TEXT: usize = 64 * 1024 * 1024;

/// From how many keys on a mapping is worth an index.
const INDEXED: usize = 16;

pub(super) struct Builder<'t> {
    text: &'t str,
    parser: Parser<'t, StrInput<'t>>,
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, Weight)>,
    spent: Weight,
    root: Option<Node>,
    problems: Problems,
}

/// What a subtree costs: values, bytes of text, levels.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    nodes: usize,
    text: usize,
    depth: usize,
}

impl Weight {
    fn scalar(text: &str) -> Self {
        Self { nodes: 1, text: text.len(), depth: 1 }
    }

    /// Adds a child's weight.
    fn add(&mut self, child: Self) {
        self.nodes += child.nodes;
        self.text += child.text;
        self.depth = self.depth.max(child.depth + 1);
    }
}

/// A list or mapping whose end has not been seen.
struct Open {
    span: Span,
    /// Where the last of what stands in it ends.
    end: usize,
    anchor: usize,
    weight: Weight,
    content: Content,
}

impl Open {
    /// It stands in brackets: only those have a width.
    const fn is_flow(&self) -> bool {
        self.span.end > self.span.start
    }
}

enum Content {
    Sequence(Vec<Node>),
    Mapping(Mapping),
}

/// A mapping in the making.
#[derive(Default)]
struct Mapping {
    pairs: Vec<Pair>,
    key: Option<Key>,
    index: HashMap<String, usize>,
    merges: Vec<(Span, Node)>,
}

/// A key that waits for its value.
struct Key {
    text: String,
    span: Span,
    kind: KeyKind,
}

#[derive(PartialEq)]
enum KeyKind {
    Name,
    /// `<<`: its value is merged.
    Merge,
    /// No key at all, which was reported.
    Invalid,
}

/// The reading cannot go on; why is among the problems.
struct Stop;

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let options = granit_parser::options! {
            emit_comments: false,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        Self {
            text,
            parser: Parser::new_from_str_with_options(text, options),
            open: Vec::new(),
            anchors: HashMap::new(),
            spent: Weight::default(),
            root: None,
            problems: Problems::default(),
        }
    }

    pub(super) fn run(mut self) -> Document {
        while let Some(event) = self.parser.next_event() {
            let done = match event {
                Ok((event, span)) => self.event(event, &span),
                Err(error) => {
                    let bracket = self.open.iter().rev().find(|open| open.is_flow());
                    let bracket = bracket.map(|open| open.span);
                    Err(self.stop(syntax::problem(&error, self.text, bracket)))
                }
            };
            if done.is_err() {
                return Document { root: None, problems: self.problems };
            }
        }
        Document { root: self.root, problems: self.problems }
    }

    fn stop(&mut self, problem: Problem) -> Stop {
        self.problems.push(problem);
        Stop
    }

    fn event(&mut self, event: Event<'t>, source: &granit_parser::Span) -> Result<(), Stop> {
        let span = place(source);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let as_text = tag.as_deref().is_some_and(makes_text);
                if !as_text {
                    self.check_tag(tag.as_deref(), "", source);
                }
                let node = scalar(&text, style != ScalarStyle::Plain, as_text, span);
                self.complete(node, Weight::scalar(&text), anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", source);
                self.begin(span, anchor, Content::Sequence(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", source);
                self.begin(span, anchor, Content::Mapping(Mapping::default()))
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(id) => self.alias(id, span),
            _ => Ok(()),
        }
    }

    /// Tags say what a value is; here the option says so, and a tag that says more than YAML itself has no meaning.
    fn check_tag(&mut self, tag: Option<&Tag>, structure: &str, source: &granit_parser::Span) {
        let Some(tag) = tag else { return };
        let known = match tag.core_suffix() {
            Some("map" | "seq") => tag.core_suffix() == Some(structure),
            Some("int" | "float" | "bool" | "null") => structure.is_empty(),
            _ => false,
        };
        if !known {
            let span = source.tag_span().map_or_else(|| place(source), |tag| place(&tag));
            // The name stays unsaid: it may be a password that begins with `!`.
            self.problems.push(
                Problem::error(span, "this tag has no meaning here").hint(
                    "a value that begins with `!` stands in quotes; `!!str` makes text of one",
                ),
            );
        }
    }

    fn begin(&mut self, span: Span, anchor: usize, content: Content) -> Result<(), Stop> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.stop(too_deep(span)));
        }
        let weight = Weight { nodes: 1, text: 0, depth: 1 };
        self.open.push(Open { span, end: span.end, anchor, weight, content });
        Ok(())
    }

    fn end(&mut self, end: Span) -> Result<(), Stop> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let flow = open.is_flow();
        let Open { mut span, end: last, anchor, weight, content } = open;
        let value = match content {
            Content::Sequence(items) => NodeValue::Sequence(items),
            Content::Mapping(Mapping { mut pairs, merges, .. }) => {
                merge::into(&mut pairs, merges, &mut self.problems);
                NodeValue::Mapping(pairs)
            }
        };
        // The parser ends a block where the next token begins; its last value is what the reader sees.
        span.end = if flow { end.end } else { last };
        self.complete(Node { span, value }, weight, anchor)
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<(), Stop> {
        let Some(weight) = self.anchors.get(&id).map(|(_, weight)| *weight) else {
            let problem = Problem::error(span, "an alias stands within what it is an alias of")
                .hint("write the value out");
            return Err(self.stop(problem));
        };
        self.afford(weight, span)?;
        if self.open.len() + weight.depth > MAX_DEPTH {
            return Err(self.stop(too_deep(span)));
        }
        let node = self.anchors[&id].0.clone();
        self.attach(node, weight, span.end);
        Ok(())
    }

    fn afford(&mut self, weight: Weight, span: Span) -> Result<(), Stop> {
        self.spent.nodes += weight.nodes;
        self.spent.text += weight.text;
        if self.spent.nodes > MAX_NODES {
            let message = format!("more than {MAX_NODES} values, aliases resolved");
            return Err(self.stop(
                Problem::error(span, message).hint("split the file, or take aliases out of it"),
            ));
        }
        if self.spent.text > MAX_TEXT {
            let message = "more than 64 MiB of text, aliases resolved";
            return Err(
                self.stop(Problem::error(span, message).hint("take aliases out of the file"))
            );
        }
        Ok(())
    }

    /// A value is complete: it is remembered under its anchor and put into what it stands in.
    fn complete(&mut self, node: Node, weight: Weight, anchor: usize) -> Result<(), Stop> {
        self.afford(Weight { nodes: 1, text: 0, depth: 0 }, node.span)?;
        if anchor != 0 {
            self.afford(weight, node.span)?;
            self.anchors.insert(anchor, (node.clone(), weight));
        }
        let end = node.span.end;
        self.attach(node, weight, end);
        Ok(())
    }

    /// Puts a value into what it stands in; `end` is where it ends there, which is not where an alias points.
    fn attach(&mut self, node: Node, weight: Weight, end: usize) {
        let Some(open) = self.open.last_mut() else {
            return self.document(node);
        };
        open.end = open.end.max(end);
        open.weight.add(weight);
        match &mut open.content {
            Content::Sequence(items) => items.push(node),
            Content::Mapping(mapping) => mapping.take(node, self.text, &mut self.problems),
        }
    }

    fn document(&mut self, root: Node) {
        if self.root.is_none() {
            self.root = Some(root);
        } else if !root.is_null() {
            self.problems.push(
                Problem::error(root.span, "a second document begins here").hint(
                    "put all instances in one document, or the second one in a file of its own",
                ),
            );
        }
    }
}

impl Mapping {
    /// Takes a key or, after one, its value.
    fn take(&mut self, node: Node, text: &str, problems: &mut Problems) {
        let Some(Key { text: name, span, kind }) = self.key.take() else {
            self.key = Some(Key::of(node, text, problems));
            return;
        };
        match kind {
            KeyKind::Name => self.insert(name, span, node, problems),
            KeyKind::Merge => self.merges.push((span, node)),
            KeyKind::Invalid => {}
        }
    }

    fn insert(&mut self, key: String, key_span: Span, value: Node, problems: &mut Problems) {
        if let Some(first) = self.position(&key) {
            problems.push(
                Problem::error(key_span, format!("{} stands twice", words::quote(&key)))
                    .label("again here")
                    .related(self.pairs[first].key_span, "first here")
                    .hint("keep one of them"),
            );
            return;
        }
        if self.pairs.len() == INDEXED {
            let keys = self.pairs.iter().enumerate();
            self.index = keys.map(|(i, pair)| (pair.key.clone(), i)).collect();
        }
        if self.pairs.len() >= INDEXED {
            self.index.insert(key.clone(), self.pairs.len());
        }
        self.pairs.push(Pair { key, key_span, value });
    }

    fn position(&self, key: &str) -> Option<usize> {
        if self.pairs.len() <= INDEXED {
            return self.pairs.iter().position(|pair| pair.key == key);
        }
        self.index.get(key).copied()
    }
}

impl Key {
    fn of(node: Node, text: &str, problems: &mut Problems) -> Self {
        let span = node.span;
        let what = node.describe().to_string();
        match node.value {
            NodeValue::Scalar { text, quoted: false, .. } if text == "<<" => {
                Self { text, span, kind: KeyKind::Merge }
            }
            NodeValue::Scalar { text, .. } if !text.is_empty() => {
                Self { text, span, kind: KeyKind::Name }
            }
            NodeValue::Scalar { text, .. } => {
                let problem = Problem::error(span, "a key without a name");
                problems.push(problem.hint("write a name before the `:`"));
                Self { text, span, kind: KeyKind::Invalid }
            }
            NodeValue::Sequence(_) | NodeValue::Mapping(_) => {
                let template = text[..span.start].ends_with('{');
                let hint = if template {
                    "`{{` stands in templates; if it is text, put it in quotes"
                } else {
                    "a key is text; put it in quotes if it begins with `[` or `{`"
                };
                problems.push(Problem::error(span, format!("{what} cannot be a key")).hint(hint));
                Self { text: String::new(), span, kind: KeyKind::Invalid }
            }
        }
    }
}

/// The node of a scalar. The parser gives `~` for a value that is not there.
fn scalar(text: &str, quoted: bool, as_text: bool, span: Span) -> Node {
    let absent = span.start == span.end && !quoted;
    let text = if absent { String::new() } else { text.to_owned() };
    Node { span, value: NodeValue::scalar(text, quoted || as_text) }
}

/// Whether a tag makes text of a scalar.
fn makes_text(tag: &Tag) -> bool {
    tag.core_suffix() == Some("str") || tag.parts() == ("", "!")
}

fn too_deep(span: Span) -> Problem {
    Problem::error(span, format!("nested more than {MAX_DEPTH} levels deep"))
        .hint("no option nests like that; look for a bracket that is not closed")
}

fn place(span: &granit_parser::Span) -> Span {
    let start = span.start.byte_offset().unwrap_or_default();
    Span {
        start,
        end: span.end.byte_offset().unwrap_or(start),
        line: span.start.line(),
        column: span.start.col() + 1,
    }
}
