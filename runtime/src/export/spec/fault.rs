//! What Datadog's validator would refuse in a specification, or render as something else than what it says.

use std::fmt;

use serde_json::Value;

use super::{
    ConfigSpec, ShownDefault, SpecContent, SpecLimits, SpecOption, SpecSchema, SpecType, SpecValue,
    lists, template, wording,
};

/// Why a specification cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecError {
    /// The file and the names of the sections and of the option.
    pub place: String,
    /// What is wrong with it.
    pub fault: String,
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.place, self.fault)
    }
}

impl std::error::Error for SpecError {}

/// Reports the first fault.
pub(super) fn check(spec: &ConfigSpec) -> Result<(), SpecError> {
    let mut place = Place(Vec::new());
    for (index, file) in spec.files.iter().enumerate() {
        let before = &spec.files[..index];
        place.at(&file.name, |place| {
            place.refuse(
                before.iter().any(|f| f.name == file.name || f.example_name == file.example_name),
                "another file has the same name",
            )?;
            options(&file.options, false, place)
        })?;
    }
    Ok(())
}

/// Where the check is.
struct Place(Vec<String>);

type Checked = Result<(), SpecError>;

impl Place {
    fn at(&mut self, name: &str, check: impl FnOnce(&mut Self) -> Checked) -> Checked {
        self.0.push(name.to_owned());
        check(self)?;
        self.0.pop();
        Ok(())
    }

    fn refuse(&self, wrong: bool, fault: &str) -> Checked {
        if !wrong {
            return Ok(());
        }
        Err(SpecError { place: self.0.join("."), fault: fault.to_owned() })
    }
}

fn options(options: &[SpecOption], multiple: bool, place: &mut Place) -> Checked {
    let first = lists::displayed(options).into_iter().next();
    place.refuse(
        multiple && first.is_some_and(|option| !lists::can_come_first(option)),
        "the first option of a list item is hidden or a section, so the item has no beginning",
    )?;
    for (index, option) in options.iter().enumerate() {
        let twice = options[..index].iter().any(|before| before.name == option.name);
        place.at(&option.name, |place| {
            place.refuse(twice && !option.hidden, "another option has the same name")?;
            self::option(option, place)
        })?;
    }
    Ok(())
}

fn option(option: &SpecOption, place: &mut Place) -> Checked {
    let depth = (place.0.len() - 2) * 4;
    let lines = wording::whole(option);
    let is_long = |line: &&str| {
        depth + 3 + line.chars().count() > wording::WIDTH && !line.contains(wording::TOO_LONG)
    };
    let long = wording::lines(&lines).into_iter().any(|line| is_long(&line));
    place.refuse(long, "a line of the description is too long")?;
    place.refuse(lines.contains(unreadable), "a character of the description cannot be shown")?;
    place.refuse(
        option.name.is_empty() || option.name.contains(|c: char| c.is_control()),
        "this is not the name of an option",
    )?;
    match &option.content {
        SpecContent::Section { multiple, options: inner } => {
            let known = [None, Some("init_config"), Some("instances")];
            let known = known.contains(&option.template.as_deref());
            place.refuse(!known, "no template of Datadog is known by this name")?;
            options(inner, *multiple, place)
        }
        SpecContent::Value(value) => {
            let known = option.template.as_ref();
            let fits = known.is_none_or(|reference| template::can_be(reference, value));
            place.refuse(!fits, "the template of Datadog has no such option")?;
            self::value(value, place)
        }
    }
}

/// What a comment of a file cannot hold.
fn unreadable(c: char) -> bool {
    let ends_line = matches!(c, '\n' | '\r' | '\u{85}');
    (c.is_control() && !ends_line && c != '\t') || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn value(value: &SpecValue, place: &mut Place) -> Checked {
    let SpecValue { schema, example, default, .. } = value;
    let fits = match example {
        Some(example) => schema.fits(example) && !example.is_null(),
        None => schema.kind != SpecType::Boolean,
    };
    place.refuse(!fits, "the example is not of the option's type")?;
    if let ShownDefault::Value(default) = default {
        let one_line = match default {
            Value::String(text) => is_one_line(text),
            default => default.is_number() || default.is_boolean(),
        };
        place.refuse(!one_line, "the default does not fit into a line")?;
    }
    if let (ShownDefault::Example, Some(Value::String(text))) = (default, example) {
        place.refuse(
            !is_one_line(text),
            "the example, which is the default, does not fit into a line",
        )?;
    }
    self::schema(schema, place)
}

/// Whether a text can be told as a default.
pub(super) fn is_one_line(text: &str) -> bool {
    !text
        .contains(|c: char| unreadable(c) || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

fn schema(schema: &SpecSchema, place: &mut Place) -> Checked {
    let SpecLimits { minimum, maximum, .. } = &schema.limits;
    let bounds = minimum.as_ref().and_then(serde_json::Number::as_f64);
    let bounds = bounds.zip(maximum.as_ref().and_then(serde_json::Number::as_f64));
    place.refuse(
        bounds.is_some_and(|(minimum, maximum)| maximum <= minimum),
        "the greatest number is not greater than the least",
    )?;
    match &schema.kind {
        SpecType::Array(items) => self::schema(items, place),
        SpecType::AnyOf(schemas) => {
            place.refuse(schemas.len() < 2, "there is a choice of types, and only one type")?;
            schemas.iter().try_for_each(|schema| self::schema(schema, place))
        }
        SpecType::Object { properties, .. } => {
            for (index, property) in properties.iter().enumerate() {
                let twice = properties[..index].iter().any(|before| before.name == property.name);
                place.refuse(twice, "two properties have one name")?;
                self::schema(&property.schema, place)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
