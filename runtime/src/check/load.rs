//! From a configuration file to instances that can be started.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map;
use std::sync::Arc;

use crate::config::confd::File;
use crate::config::resolve::{Scrubber, Values};
use crate::config::{
    Common, Config, Node, NodeValue, OptionSpec, Problem, Problems, Reader, Section, Shape, Span,
    Spec, report_unknown,
};

use super::entry::Entry;
use super::id as identity;
use super::instance::InstanceSpec;
use super::recipe::Recipe;

/// A secret option's value that is shorter is not looked for in messages: it would be found in the midst of words.
const SHORTEST_SECRET: usize = 4;

/// What a file holds for a check.
#[derive(Debug)]
pub struct Loaded {
    /// The instances without errors.
    pub instances: Vec<InstanceSpec>,
    /// Everything that is wrong with the file, in the order of the file.
    pub problems: Problems,
}

/// Reads the instances of a file. An instance with an error is left out; the others are there all the same. An error in
/// `init_config` is one of every instance. Handles and variables are text as they stand.
pub fn load(entry: &'static Entry, file: &File) -> Loaded {
    read_file(entry, file, None)
}

/// Reads the instances of a file, with what its handles and variables stand for.
pub fn load_with(entry: &'static Entry, file: &File, values: &Values) -> Loaded {
    read_file(entry, file, Some(values))
}

fn read_file(entry: &'static Entry, file: &File, values: Option<&Values>) -> Loaded {
    let options = Options::of(entry);
    let mut reader = Reader::new();
    let secrets = secret_names(&options.all);
    let source = format!("file:{}", file.path.display());
    let mut loading = Loading { secrets: secrets.clone(), ..Loading::new(entry, values, source) };
    if let Some(init_config) = &file.init_config {
        reader.within("init_config", |reader| {
            check_shared(init_config, &options, reader);
            loading.share(init_config, reader);
        });
    }
    let shared_is_good = !reader.problems().has_errors();
    for (index, node) in file.instances.iter().enumerate() {
        let instance = reader.within("instances", |reader| {
            reader.at(index, |reader| loading.read(node, index, reader))
        });
        if let Some(instance) = instance
            && shared_is_good
            && !file.problems.has_error_in(node.span)
        {
            loading.add(instance, node.span, &mut reader);
        }
    }
    let mut problems = file.problems.clone();
    problems.hide_values_of(secrets);
    problems.merge(reader.into_problems());
    problems.scrub(&loading.scrubber);
    problems.sort();
    Loaded { instances: loading.finish(), problems }
}

/// The one instance of a check that runs without a file.
pub fn load_default(entry: &'static Entry) -> Loaded {
    let mut reader = Reader::new();
    let node = Node::empty(Span::default());
    let mut loading = Loading::new(entry, None, String::from("default"));
    let instance = loading.read(&node, 0, &mut reader);
    Loaded { instances: instance.into_iter().collect(), problems: reader.into_problems() }
}

/// A file while its instances are read.
struct Loading<'f> {
    entry: &'static Entry,
    values: Option<&'f Values>,
    source: Arc<str>,
    shared: Option<Shared<'f>>,
    /// The names of options whose values no message may tell.
    secrets: Vec<&'static str>,
    scrubber: Scrubber,
    instances: Vec<InstanceSpec>,
    by_id: HashMap<Arc<str>, u32>,
}

/// What stands under `init_config`.
struct Shared<'f> {
    written: &'f Node,
    resolved: Arc<Node>,
}

impl<'f> Loading<'f> {
    fn new(entry: &'static Entry, values: Option<&'f Values>, source: String) -> Self {
        Self {
            entry,
            values,
            source: source.into(),
            shared: None,
            secrets: Vec::new(),
            scrubber: Scrubber::default(),
            instances: Vec::new(),
            by_id: HashMap::new(),
        }
    }

    fn share(&mut self, written: &'f Node, reader: &mut Reader) {
        let resolved = Arc::new(self.resolve(written, reader).into_owned());
        self.shared = Some(Shared { written, resolved });
    }

    fn resolve<'n>(&mut self, node: &'n Node, reader: &mut Reader) -> Cow<'n, Node> {
        let resolved = match self.values {
            Some(values) => values.resolve(node, &mut self.scrubber, reader),
            None => Cow::Borrowed(node),
        };
        if !self.secrets.is_empty() {
            self.learn_secrets(&resolved, false);
        }
        resolved
    }

    /// The values of secret options are kept out of what a run says, wherever they come from: the Agent hands them over in the open.
    fn learn_secrets(&mut self, node: &Node, is_secret: bool) {
        match &node.value {
            NodeValue::Mapping(pairs) => {
                for pair in pairs {
                    let is_secret = is_secret || self.secrets.contains(&&*pair.key);
                    self.learn_secrets(&pair.value, is_secret);
                }
            }
            NodeValue::Sequence(nodes) => {
                for node in nodes {
                    self.learn_secrets(node, is_secret);
                }
            }
            NodeValue::Scalar { text, .. } => {
                if is_secret && text.len() >= SHORTEST_SECRET && !node.is_null() {
                    self.scrubber.add(text);
                }
            }
        }
    }

    fn read(&mut self, node: &Node, index: usize, reader: &mut Reader) -> Option<InstanceSpec> {
        // `-` alone is an instance with nothing but defaults.
        let empty = Node::empty(node.span);
        let written = if node.is_null() { &empty } else { node };
        if written.pairs().is_none() {
            reader.expected("a mapping", written);
            return None;
        }
        let errors_before = reader.problems().counts().errors;
        let node = self.resolve(written, reader);
        let shared = self.shared.as_ref();
        let mut section = Section::new(&node, shared.map(|shared| &*shared.resolved), reader);
        let prepared = self.entry.configure(&mut section);
        let common = Common::read(&mut section);
        section.finish();
        let (mut common, prepared) = (common?, prepared?);
        // A key that no option has may be what the user relies on.
        if reader.problems().counts().errors > errors_before {
            return None;
        }
        prepared.adjust(&mut common);
        let mut tags = common.instance_tags();
        tags.extend(prepared.tags());
        common.tags = Vec::new();
        let previous = self.instances.last();
        Some(InstanceSpec {
            entry: self.entry,
            tags: same_or_new(previous.map(|previous| &previous.tags), tags),
            id: identity::id(self.entry.name(), written, shared.map(|shared| shared.written))
                .into(),
            fingerprint: identity::hash(&node, shared.map(|shared| &*shared.resolved)),
            source: Arc::clone(&self.source),
            index: u32::try_from(index).unwrap_or(u32::MAX),
            prepared: Some(prepared),
            common: match previous.filter(|previous| *previous.common == common) {
                Some(previous) => Arc::clone(&previous.common),
                None => Arc::new(common),
            },
            scrubber: None,
            recipe: Recipe::new(
                self.entry,
                shared.map(|shared| Arc::clone(&shared.resolved)),
                &node,
            ),
        })
    }

    /// Adds an instance, unless the same one is there already.
    fn add(&mut self, instance: InstanceSpec, span: Span, reader: &mut Reader) {
        match self.by_id.entry(Arc::clone(&instance.id)) {
            hash_map::Entry::Vacant(new) => {
                new.insert(instance.index);
                self.instances.push(instance);
            }
            hash_map::Entry::Occupied(first) => reader.report(
                Problem::warning(
                    span,
                    format!("the same as instance {} of this file", first.get() + 1),
                )
                .hint("take one of them out; it runs once"),
            ),
        }
    }

    fn finish(mut self) -> Vec<InstanceSpec> {
        if !self.scrubber.is_empty() {
            let scrubber = Arc::new(self.scrubber);
            for instance in &mut self.instances {
                instance.scrubber = Some(Arc::clone(&scrubber));
            }
        }
        self.instances.shrink_to_fit();
        self.instances
    }
}

/// The tags of the instance before, if these are the same.
fn same_or_new(previous: Option<&Arc<[String]>>, tags: Vec<String>) -> Arc<[String]> {
    match previous.filter(|previous| ***previous == *tags) {
        Some(previous) => Arc::clone(previous),
        None if tags.is_empty() => Arc::default(),
        None => tags.into(),
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
