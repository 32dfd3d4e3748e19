//! From a configuration file to instances that can be started.

use std::sync::Arc;

use crate::config::confd::File;
use crate::config::{
    Common, Config, Node, NodeValue, OptionSpec, Problem, Problems, Reader, Section, Shape, Span,
    Spec, report_unknown,
};

use super::entry::Entry;
use super::instance::InstanceSpec;
use super::recipe::Recipe;

/// What a file holds for a check.
#[derive(Debug)]
pub struct Loaded {
    /// The instances without errors.
    pub instances: Vec<InstanceSpec>,
    /// Everything that is wrong with the file, in the order of the file.
    pub problems: Problems,
}

/// Reads the instances of a file. An instance with an error is left out; the others are there all the same. An error in
/// `init_config` is one of every instance.
pub fn load(entry: &'static Entry, file: &File) -> Loaded {
    let options = Options::of(entry);
    let mut reader = Reader::new();
    if let Some(init_config) = &file.init_config {
        reader.within("init_config", |reader| check_shared(init_config, &options, reader));
    }
    let shared_is_good = !reader.problems().has_errors();
    let init_config = file.init_config.clone().map(Arc::new);
    let mut instances = Vec::new();
    for (index, node) in file.instances.iter().enumerate() {
        let source = format!("file:{}", file.path.display());
        let instance = reader.within("instances", |reader| {
            reader.at(index, |reader| read(entry, node, init_config.as_ref(), source, reader))
        });
        if let Some(instance) = instance
            && shared_is_good
            && !file.problems.has_error_in(node.span)
        {
            add(&mut instances, instance, node.span, &mut reader);
        }
    }
    let mut problems = file.problems.clone();
    problems.hide_values_of(secret_names(&options.all));
    problems.merge(reader.into_problems());
    problems.sort();
    Loaded { instances, problems }
}

/// The one instance of a check that runs without a file.
pub fn load_default(entry: &'static Entry) -> Loaded {
    let mut reader = Reader::new();
    let node = Node::empty(Span::default());
    let instance = read(entry, &node, None, String::from("default"), &mut reader);
    Loaded { instances: instance.into_iter().collect(), problems: reader.into_problems() }
}

fn read(
    entry: &'static Entry,
    node: &Node,
    init_config: Option<&Arc<Node>>,
    source: String,
    reader: &mut Reader,
) -> Option<InstanceSpec> {
    // `-` alone is an instance with nothing but defaults.
    let empty = Node::empty(node.span);
    let node = if node.is_null() { &empty } else { node };
    if node.pairs().is_none() {
        reader.expected("a mapping", node);
        return None;
    }
    let shared = init_config.map(Arc::as_ref);
    let errors_before = reader.problems().counts().errors;
    let mut section = Section::new(node, shared, reader);
    let prepared = entry.configure(&mut section);
    let common = Common::read(&mut section);
    section.finish();
    let (common, prepared) = (common?, prepared?);
    // A key that no option has may be what the user relies on.
    if reader.problems().counts().errors > errors_before {
        return None;
    }
    let mut tags = common.instance_tags();
    tags.extend(prepared.tags());
    Some(InstanceSpec {
        entry,
        tags: if tags.is_empty() { Arc::default() } else { tags.into() },
        id: id(entry.name(), &common, node, shared).into(),
        fingerprint: 0,
        source,
        prepared: Some(prepared),
        common,
        recipe: Recipe::new(entry, init_config.cloned(), node),
    })
}

/// Adds an instance, unless the same one is there already.
fn add(instances: &mut Vec<InstanceSpec>, instance: InstanceSpec, span: Span, reader: &mut Reader) {
    match instances.iter().position(|known| known.id == instance.id) {
        None => instances.push(instance),
        Some(first) => reader.report(
            Problem::warning(span, format!("the same as instance {} of this file", first + 1))
                .hint("take one of them out; it runs once"),
        ),
    }
}

/// The options of a check's instances, and which of them may be shared.
struct Options {
    all: Vec<&'static OptionSpec>,
    shared: Vec<&'static OptionSpec>,
}

impl Options {
    fn of(entry: &'static Entry) -> Self {
        let common: &'static Spec = const { &Common::SPEC };
        let all: Vec<_> = entry.options.options().into_iter().chain(common.options()).collect();
        let shared = all.iter().copied().filter(|option| option.shared).collect();
        Self { all, shared }
    }
}

/// Reports what stands in `init_config` and cannot be shared.
fn check_shared(init_config: &Node, options: &Options, reader: &mut Reader) {
    for pair in init_config.pairs().unwrap_or_default() {
        let is = |option: &&&OptionSpec| option.name == pair.key;
        if options.shared.iter().any(|option| is(&option)) {
            continue;
        }
        let Some(option) = options.all.iter().find(is) else {
            report_unknown(pair, &options.shared, reader);
            continue;
        };
        let message = format!("`{}` belongs under `instances`", option.name);
        let problem = Problem::error(pair.key_span, message)
            .hint("move it into each instance that needs it; `init_config` holds what all share");
        reader.within(option.name, |reader| reader.report(problem));
    }
}

/// The names of all secret options, those of nested sections among them.
fn secret_names(options: &[&'static OptionSpec]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for option in options {
        if option.secret {
            names.push(option.name);
        }
        names.extend(nested(&option.shape).iter().flat_map(|spec| secret_names(&spec.options())));
    }
    names
}

fn nested(shape: &'static Shape) -> Option<&'static Spec> {
    match shape {
        Shape::Section(spec) => Some(spec),
        Shape::List(inner) | Shape::Map(inner) => nested(inner),
        _ => None,
    }
}

/// `check:hash`, or `check:name:hash` for a named instance.
///
/// The hash is the 64-bit FNV-1 of the instance and of `init_config`, keys sorted, values as their texts: the same for the
/// same configuration, wherever its keys, comments and quotes stand.
fn id(check: &str, common: &Common, node: &Node, init_config: Option<&Node>) -> String {
    let mut canonical = String::new();
    write_canonical(node, &mut canonical);
    canonical.push('\n');
    if let Some(init_config) = init_config {
        write_canonical(init_config, &mut canonical);
    }
    let hash = fnv1(canonical.as_bytes());
    match common.name.as_ref().or(common.namespace.as_ref()) {
        Some(name) => format!("{check}:{name}:{hash:x}"),
        None => format!("{check}:{hash:x}"),
    }
}

fn write_canonical(node: &Node, out: &mut String) {
    match &node.value {
        _ if node.is_null() => out.push('~'),
        NodeValue::Scalar { text, .. } => write_text(text, out),
        NodeValue::Sequence(items) => {
            out.push('[');
            for item in items {
                write_canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        NodeValue::Mapping(pairs) => {
            let mut pairs: Vec<_> = pairs.iter().collect();
            pairs.sort_by(|a, b| a.key.cmp(&b.key));
            out.push('{');
            for pair in pairs {
                write_text(&pair.key, out);
                out.push(':');
                write_canonical(&pair.value, out);
                out.push(',');
            }
            out.push('}');
        }
    }
}

/// A text with its length before it, so that no two trees are written alike.
fn write_text(text: &str, out: &mut String) {
    out.push_str(&text.len().to_string());
    out.push('"');
    out.push_str(text);
}

/// FNV-1 (not 1a), as the Agent's instance ids have it.
fn fnv1(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        u64::wrapping_mul(hash, 0x0000_0100_0000_01b3) ^ u64::from(*byte)
    })
}
