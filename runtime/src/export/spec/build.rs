//! The specification of a check, from the tables that its macros made.

use crate::check::{Entry, Meta};
use crate::config::{Common, Config, OptionSpec, Shape, Spec};
use crate::export::options as values;

use super::{
    ConfigSpec, ShownDefault, SpecContent, SpecFile, SpecOption, SpecSchema, SpecType, SpecValue,
    convert, fault, lists, template, wording,
};

/// The configuration files of a check: `conf.yaml.example`, and `conf.yaml.default` for one that runs without being
/// configured.
pub fn config_spec(entry: &Entry) -> ConfigSpec {
    let Meta { name, enabled_by_default, .. } = entry.meta;
    let example = SpecFile {
        name: format!("{name}.yaml"),
        example_name: String::from("conf.yaml.example"),
        options: sections(init_config(entry), instance(entry)),
    };
    let default = enabled_by_default.then(|| SpecFile {
        name: String::from("conf.yaml.default"),
        example_name: String::from("conf.yaml.default"),
        options: sections(Vec::new(), Vec::new()),
    });
    ConfigSpec {
        name: display_name(name),
        files: std::iter::once(example).chain(default).collect(),
    }
}

fn display_name(name: &str) -> String {
    let title = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    name.split('_').map(title).collect::<Vec<_>>().join(" ")
}

fn sections(init_config: Vec<SpecOption>, instance: Vec<SpecOption>) -> Vec<SpecOption> {
    let section = |name: &str, description: &str, multiple, options| SpecOption {
        description: description.to_owned(),
        enabled: Some(true),
        template: Some(name.to_owned()),
        ..SpecOption::new(name, SpecContent::Section { multiple, options })
    };
    vec![
        section("init_config", values::INIT_CONFIG, false, init_config),
        section("instances", values::INSTANCES, true, instance),
    ]
}

/// An option, and the template that the struct says it is of.
struct Listed {
    option: &'static OptionSpec,
    template: &'static str,
    /// The check has an option of the same name.
    replaced: bool,
}

fn listed(entry: &Entry) -> Vec<Listed> {
    const COMMON: &Spec = &Common::SPEC;
    let mut own = Vec::new();
    collect(&entry.options, &mut own);
    let mut common = Vec::new();
    collect(COMMON, &mut common);
    for listed in &mut common {
        listed.replaced = own.iter().any(|own| own.option.name == listed.option.name);
    }
    own.into_iter().chain(common).collect()
}

fn collect(spec: &Spec, out: &mut Vec<Listed>) {
    for item in spec.items {
        match item {
            crate::config::Item::Flatten(spec) => collect(spec, out),
            crate::config::Item::Option(option) => {
                out.push(Listed { option, template: spec.template, replaced: false });
            }
        }
    }
}

fn init_config(entry: &Entry) -> Vec<SpecOption> {
    let shared = listed(entry).into_iter().filter(|listed| listed.option.shared);
    let named = shared.map(|listed| {
        let reference = template::of_init_config(listed.template, listed.option.name);
        (listed, reference)
    });
    let option = |(listed, reference): (Listed, _)| {
        let mut option = option(entry, &listed, reference)?;
        option.required = false;
        Some(option)
    };
    named.filter_map(option).collect()
}

fn instance(entry: &Entry) -> Vec<SpecOption> {
    let option = |listed: Listed| {
        let reference = template::of_instance(listed.template, listed.option.name);
        option(entry, &listed, reference)
    };
    let mut options: Vec<_> = listed(entry).into_iter().filter_map(option).collect();
    lists::put_one_first(&mut options);
    options
}
