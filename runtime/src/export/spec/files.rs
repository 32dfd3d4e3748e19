//! The configuration files of a check, from the tables that its macros made.

use crate::check::Entry;
use crate::config::{Common, Config, Item, OptionSpec, Spec};
use crate::export::options::{INIT_CONFIG, INSTANCES};

use super::{ConfigSpec, SpecContent, SpecFile, SpecOption, build, lists, template};

/// What the Agent itself reads of an option, it reads in instances alone.
const IN_INSTANCES_ONLY: [&str; 2] = ["min_collection_interval", "empty_default_hostname"];

/// The configuration files of a check: `conf.yaml.example`, and `conf.yaml.default` for one that runs without being
/// configured.
pub fn config_spec(entry: &Entry) -> ConfigSpec {
    ConfigSpec {
        name: entry.meta.display_name.to_owned(),
        files: std::iter::once(example(entry)).chain(default(entry)).collect(),
    }
}

/// `conf.yaml.example`.
pub(in crate::export) fn example(entry: &Entry) -> SpecFile {
    SpecFile {
        name: format!("{}.yaml", entry.name()),
        example_name: String::from("conf.yaml.example"),
        options: sections(init_config(entry), instance(entry)),
    }
}

/// A file whose top holds the options of a struct.
#[cfg(feature = "cli")]
pub(in crate::export) fn of_options(spec: &'static Spec) -> SpecFile {
    let option = |option: &'static OptionSpec| build::option(None, option, option.required, None);
    SpecFile {
        name: String::new(),
        example_name: String::new(),
        options: spec.options().into_iter().map(option).collect(),
    }
}

/// `conf.yaml.default`, if the check runs without being configured.
pub(in crate::export) fn default(entry: &Entry) -> Option<SpecFile> {
    let name = String::from("conf.yaml.default");
    entry.meta.enabled_by_default.then(|| SpecFile {
        example_name: name.clone(),
        name,
        options: sections(Vec::new(), Vec::new()),
    })
}

fn sections(init_config: Vec<SpecOption>, instance: Vec<SpecOption>) -> Vec<SpecOption> {
    let section = |name: &str, description: &str, multiple, options| SpecOption {
        description: description.to_owned(),
        enabled: Some(true),
        template: Some(name.to_owned()),
        ..SpecOption::new(name, SpecContent::Section { multiple, options })
    };
    vec![
        section("init_config", INIT_CONFIG, false, init_config),
        section("instances", INSTANCES, true, instance),
    ]
}

fn init_config(entry: &Entry) -> Vec<SpecOption> {
    let shared = listed(entry).into_iter().filter(|listed| listed.option.shared);
    let option = |Listed { option, template, replaced }: Listed| {
        let reference = template::of_init_config(template, option.name);
        let is_hidden = replaced || IN_INSTANCES_ONLY.contains(&option.name);
        // Nothing is required here: instances may give it.
        hidden_if(is_hidden, build::option(Some(entry.meta.interval), option, false, reference))
    };
    shared.filter_map(option).collect()
}

fn instance(entry: &Entry) -> Vec<SpecOption> {
    let option = |Listed { option, template, replaced }: Listed| {
        let reference = template::of_instance(template, option.name);
        let option = build::option(Some(entry.meta.interval), option, option.required, reference);
        hidden_if(replaced, option)
    };
    let mut options: Vec<_> = listed(entry).into_iter().filter_map(option).collect();
    lists::put_one_first(&mut options);
    options
}

/// An option, and the template that its struct says it is of.
struct Listed {
    option: &'static OptionSpec,
    template: &'static str,
    /// The check has an option of its own by this name.
    replaced: bool,
}

/// The options of an instance, the check's own first.
fn listed(entry: &Entry) -> Vec<Listed> {
    const COMMON: &Spec = &Common::SPEC;
    let mut own = Vec::new();
    collect(entry.options.items, entry.options.template, &mut own);
    let mut common = Vec::new();
    collect(COMMON.items, COMMON.template, &mut common);
    for listed in &mut common {
        listed.replaced = own.iter().any(|own| own.option.name == listed.option.name);
    }
    own.into_iter().chain(common).collect()
}

fn collect(items: &'static [Item], template: &'static str, out: &mut Vec<Listed>) {
    for item in items {
        match item {
            Item::Flatten(spec) => collect(spec.items, spec.template, out),
            Item::Option(option) => out.push(Listed { option, template, replaced: false }),
        }
    }
}

/// A common option that the check has itself is hidden if its template comes anyway, and else left out.
fn hidden_if(replaced: bool, option: SpecOption) -> Option<SpecOption> {
    match replaced {
        false => Some(option),
        true => option.template.is_some().then(|| SpecOption { hidden: true, ..option }),
    }
}
