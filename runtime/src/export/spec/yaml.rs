//! `spec.yaml`: what Datadog's templates have is said by reference, with what differs beside it.

use serde_json::Value;

use super::document::Yaml;
use super::template::{self, GROUPS, Group};
use super::{ConfigSpec, ShownDefault, SpecContent, SpecFile, SpecOption, SpecValue};

type Pairs = Vec<(String, Yaml)>;

/// The document.
pub(super) fn write(spec: &ConfigSpec) -> String {
    let files = spec.files.iter().map(|file| Yaml::Map(file_pairs(file)));
    Yaml::document(&[
        pair("name", Yaml::text(&spec.name)),
        pair("files", Yaml::List(files.collect())),
    ])
}

fn pair(name: &str, value: Yaml) -> (String, Yaml) {
    (name.to_owned(), value)
}

fn file_pairs(file: &SpecFile) -> Pairs {
    let mut pairs = vec![pair("name", Yaml::text(&file.name))];
    // These keep their own name.
    let usual = match file.name.as_str() {
        "auto_conf.yaml" | "conf.yaml.default" => &file.name,
        _ => "conf.yaml.example",
    };
    if file.example_name != usual {
        pairs.push(pair("example_name", Yaml::text(&file.example_name)));
    }
    pairs.push(pair("options", option_list(&file.options)));
    pairs
}

fn option_list(options: &[SpecOption]) -> Yaml {
    let mut items = Vec::new();
    let mut rest = options;
    while let [option, tail @ ..] = rest {
        let group = GROUPS.iter().find(|group| stands_first(group, rest));
        let (item, tail) = match group {
            Some(group) => {
                let (members, tail) = rest.split_at(group.references.len());
                (by_group(group, members), tail)
            }
            None => (by_itself(option), tail),
        };
        items.push(Yaml::Map(item));
        rest = tail;
    }
    Yaml::List(items)
}

/// Whether the options begin with those of a template.
fn stands_first(group: &Group, options: &[SpecOption]) -> bool {
    let references = options.iter().map(|option| option.template.as_deref());
    options.len() >= group.references.len()
        && references.zip(group.references).all(|(own, known)| own == Some(known))
}

fn by_group(group: &Group, members: &[SpecOption]) -> Pairs {
    let mut overrides = Vec::new();
    for (option, reference) in members.iter().zip(group.references) {
        let named = |(key, value)| (format!("{}.{key}", option.name), value);
        overrides.extend(said(option, reference).into_iter().map(named));
        overrides.extend(differing(option, reference).into_iter().map(named));
    }
    let mut pairs = vec![pair("template", Yaml::text(group.name))];
    put_overrides(overrides, &mut pairs);
    pairs
}

fn by_itself(option: &SpecOption) -> Pairs {
    match &option.template {
        None => in_full(option),
        Some(reference) => by_reference(option, reference),
    }
}

fn by_reference(option: &SpecOption, reference: &str) -> Pairs {
    let mut pairs = vec![pair("template", Yaml::text(reference))];
    let mut overrides = Vec::new();
    for (key, value) in said(option, reference) {
        // Beside a reference it would hide what follows, too.
        let target = if key == "hidden" { &mut overrides } else { &mut pairs };
        target.push((key, value));
    }
    overrides.extend(differing(option, reference));
    put_overrides(overrides, &mut pairs);
    if let SpecContent::Section { options, .. } = &option.content {
        pairs.push(pair("options", option_list(options)));
    }
    pairs
}

fn put_overrides(overrides: Pairs, pairs: &mut Pairs) {
    if !overrides.is_empty() {
        pairs.push(pair("overrides", Yaml::Map(overrides)));
    }
}

fn in_full(option: &SpecOption) -> Pairs {
    let mut pairs = vec![pair("name", Yaml::text(&option.name))];
    pairs.extend(facts(option));
    match &option.content {
        SpecContent::Value(value) => {
            if value.secret {
                pairs.push(pair("secret", Yaml::flag(true)));
            }
            pairs.push(pair("value", Yaml::Map(value_pairs(value))));
        }
        SpecContent::Section { multiple, options } => {
            if *multiple {
                pairs.push(pair("multiple", Yaml::flag(true)));
            }
            pairs.push(pair("options", option_list(options)));
        }
    }
    pairs
}

/// What is said of an option beside its content.
fn facts(option: &SpecOption) -> Pairs {
    let SpecOption { required, hidden, enabled, display_priority, deprecation, .. } = option;
    let mut pairs = vec![pair("description", Yaml::text(&option.description))];
    let flags = [
        ("required", required.then_some(true)),
        ("hidden", hidden.then_some(true)),
        ("enabled", *enabled),
    ];
    for (name, flag) in flags {
        pairs.extend(flag.map(|flag| pair(name, Yaml::flag(flag))));
    }
    if *display_priority != 0 {
        pairs.push(pair("display_priority", Yaml::Value(Value::from(*display_priority))));
    }
    if !deprecation.is_empty() {
        let lines = deprecation.iter().map(|(key, info)| pair(key, Yaml::text(info)));
        pairs.push(pair("deprecation", Yaml::Map(lines.collect())));
    }
    pairs
}

/// The same beside a reference, where a section is enabled already.
fn said(option: &SpecOption, reference: &str) -> Pairs {
    let mut pairs = facts(option);
    match &option.content {
        SpecContent::Section { .. } => pairs.retain(|(name, _)| name != "enabled"),
        SpecContent::Value(value) if value.secret != template::is_secret(reference) => {
            pairs.push(pair("secret", Yaml::flag(value.secret)));
        }
        SpecContent::Value(_) => {}
    }
    pairs
}

/// What of the value is not as the template has it.
fn differing(option: &SpecOption, reference: &str) -> Pairs {
    let SpecContent::Value(value) = &option.content else { return Vec::new() };
    let known = template::value(reference);
    let pairs = value_pairs(value).into_iter();
    pairs
        .filter(|(name, value)| known.get(name) != Some(&value.to_value()))
        .map(|(name, value)| (format!("value.{name}"), value))
        .collect()
}

fn value_pairs(value: &SpecValue) -> Pairs {
    let mut pairs = value.schema.pairs();
    pairs.extend(value.example.clone().map(|example| pair("example", Yaml::Value(example))));
    match &value.default {
        ShownDefault::Example => {}
        ShownDefault::Nothing => pairs.push(pair("display_default", Yaml::Value(Value::Null))),
        ShownDefault::Value(default) => {
            pairs.push(pair("display_default", Yaml::Value(default.clone())));
        }
    }
    pairs
}
