//! Builds the tree from the parser's events, within a budget.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, StrInput, StructureStyle, Tag};

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
    anchor: usize,
    weight: Weight,
    content: Content,
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
    merge: bool,
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
                Ok((event, span)) => self.event(event, place(&span)),
                Err(error) => Err(self.stop(syntax::problem(&error, self.text))),
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

    fn event(&mut self, event: Event<'t>, span: Span) -> Result<(), Stop> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let quoted = style != ScalarStyle::Plain;
                let node = self.scalar(&text, quoted, tag.as_deref(), span);
                self.complete(node, Weight::scalar(&text), anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", span);
                self.begin(span, anchor, Content::Sequence(Vec::new()))
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", span);
                self.hint_at_template(style, span);
                self.begin(span, anchor, Content::Mapping(Mapping::default()))
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(id) => self.alias(id, span),
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, text: &str, quoted: bool, tag: Option<&Tag>, span: Span) -> Node {
        let text_tag = tag.is_some_and(|tag| tag.core_suffix() == Some("str") || is_bang(tag));
        if !text_tag {
            self.check_tag(tag, "", span);
        }
        // The parser gives `~` for a value that is not there.
        let absent = span.start == span.end && !quoted;
        let text = if absent { String::new() } else { text.to_owned() };
        Node { span, value: NodeValue::Scalar { text, quoted: quoted || text_tag } }
    }

    /// Tags say what a value is; here the option says so, and a tag that says more than YAML itself has no meaning.
    fn check_tag(&mut self, tag: Option<&Tag>, structure: &str, span: Span) {
        let Some(tag) = tag else { return };
        let known = match tag.core_suffix() {
            Some("map" | "seq") => tag.core_suffix() == Some(structure),
            Some("int" | "float" | "bool" | "null") => structure.is_empty(),
            _ => false,
        };
        if !known {
            let name = words::quote(&tag.original());
            self.problems.push(
                Problem::error(span, format!("the tag {name} has no meaning here"))
                    .hint("leave it out; `!!str`, or quotes, make text of a value"),
            );
        }
    }

    /// `{{ name }}` left over from a template reads as a mapping with a mapping as its key.
    fn hint_at_template(&mut self, style: StructureStyle, span: Span) {
        if style == StructureStyle::Flow && self.text[span.start..].starts_with("{{") {
            self.problems.push(
                Problem::error(span, "`{{` begins a mapping whose key is a mapping")
                    .hint("a template that was not filled in? if it is text, put it in quotes"),
            );
        }
    }

    fn begin(&mut self, span: Span, anchor: usize, content: Content) -> Result<(), Stop> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.stop(too_deep(span)));
        }
        let weight = Weight { nodes: 1, text: 0, depth: 1 };
        self.open.push(Open { span, anchor, weight, content });
        Ok(())
    }

    fn end(&mut self, end: Span) -> Result<(), Stop> {
        let Some(Open { mut span, anchor, weight, content }) = self.open.pop() else {
            return Ok(());
        };
        let flow = span.end > span.start;
        let value = match content {
            Content::Sequence(items) => NodeValue::Sequence(items),
            Content::Mapping(Mapping { mut pairs, merges, .. }) => {
                merge::into(&mut pairs, merges, &mut self.problems);
                NodeValue::Mapping(pairs)
            }
        };
        // The end of a block is where the next token begins; its last value is what the reader sees.
        span.end = if flow { end.end } else { last_end(&value).max(span.start) };
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
        self.attach(node, weight);
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
        self.attach(node, weight);
        Ok(())
    }

    fn attach(&mut self, node: Node, weight: Weight) {
        let Some(open) = self.open.last_mut() else {
            return self.document(node);
        };
        open.weight.add(weight);
        match &mut open.content {
            Content::Sequence(items) => items.push(node),
            Content::Mapping(mapping) => mapping.take(node, &mut self.problems),
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
    fn take(&mut self, node: Node, problems: &mut Problems) {
        match self.key.take() {
            None => self.key = Some(Key::of(node, problems)),
            Some(Key { span, merge: true, .. }) => self.merges.push((span, node)),
            Some(Key { text, span, .. }) => self.insert(text, span, node, problems),
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
    fn of(node: Node, problems: &mut Problems) -> Self {
        let span = node.span;
        match node.value {
            NodeValue::Scalar { text, quoted } => {
                if text.is_empty() {
                    problems.push(
                        Problem::error(span, "a key without a name")
                            .hint("write a name before the `:`"),
                    );
                }
                Self { merge: text == "<<" && !quoted, text, span }
            }
            other => {
                let what = Node { span, value: other }.describe().to_string();
                problems.push(
                    Problem::error(span, format!("{what} cannot be a key"))
                        .hint("a key is text; put it in quotes if it begins with `[` or `{`"),
                );
                // Two of them are no duplicates.
                Self {
                    text: format!("{what} at {}:{}", span.line, span.column),
                    span,
                    merge: false,
                }
            }
        }
    }
}

fn too_deep(span: Span) -> Problem {
    Problem::error(span, format!("nested more than {MAX_DEPTH} levels deep"))
        .hint("no option nests like that; look for a bracket that is not closed")
}

fn last_end(value: &NodeValue) -> usize {
    match value {
        NodeValue::Scalar { .. } => 0,
        NodeValue::Sequence(items) => items.last().map_or(0, |item| item.span.end),
        // What was merged stands elsewhere in the file.
        NodeValue::Mapping(pairs) => {
            pairs.iter().map(|pair| pair.key_span.end.max(pair.value.span.end)).max().unwrap_or(0)
        }
    }
}

fn is_bang(tag: &Tag) -> bool {
    tag.parts() == ("", "!")
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
