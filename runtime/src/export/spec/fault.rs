//! What Datadog's validator would refuse in a specification, or render as something else than what it says.

use std::fmt;

use serde_json::{Number, Value};

use super::{
    ConfigSpec, ShownDefault, SpecAdditional, SpecContent, SpecFile, SpecLimits, SpecOption,
    SpecSchema, SpecType, SpecValue, lists, template, wording,
};

/// Why a specification cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecError {
    /// The file and the names of the sections and of the option.
    pub place: String,
    /// What is wrong with it.
    pub fault: &'static str,
    /// What to do about it; may be empty.
    pub hint: &'static str,
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.place, self.fault)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "\nhint: {}", self.hint) }
    }
}

impl std::error::Error for SpecError {}

/// A longer key has its value on a line of its own, which `ddev` indents as if it were an item.
const LONGEST_NAME: usize = 122;

const RENAME: &str = "give it another name: `#[config(name = \"…\")]`";

/// Reports the first fault.
pub(super) fn check(spec: &ConfigSpec) -> Result<(), SpecError> {
    let mut place = Place(Vec::new());
    for (index, file) in spec.files.iter().enumerate() {
        place.at(&file.name, |place| self::file(file, &spec.files[..index], place))?;
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

    fn refuse(&self, wrong: bool, fault: &'static str) -> Checked {
        self.refuse_with_hint(wrong, fault, "")
    }

    fn refuse_with_hint(&self, wrong: bool, fault: &'static str, hint: &'static str) -> Checked {
        if !wrong {
            return Ok(());
        }
        Err(SpecError { place: self.0.join("."), fault, hint })
    }

    /// How far descriptions of options stand from the margin there.
    fn indent(&self) -> usize {
        self.0.len().saturating_sub(2) * 4
    }
}

fn file(file: &SpecFile, before: &[SpecFile], place: &mut Place) -> Checked {
    let twice =
        |other: &SpecFile| other.name == file.name || other.example_name == file.example_name;
    place.refuse(before.iter().any(twice), "another file has the same name")?;
    let keeps = matches!(file.name.as_str(), "auto_conf.yaml" | "conf.yaml.default");
    place.refuse(
        keeps && file.example_name != file.name,
        "a file of this name is delivered by the same name",
    )?;
    options(&file.options, false, place)
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
            let fault = "another option has the same name";
            place.refuse_with_hint(twice && !option.hidden, fault, RENAME)?;
            self::option(option, place)
        })?;
    }
    Ok(())
}

fn option(option: &SpecOption, place: &mut Place) -> Checked {
    name(&option.name, place)?;
    description(option, place)?;
    match &option.content {
        SpecContent::Section { multiple, options } => section(option, *multiple, options, place),
        SpecContent::Value(value) => {
            let fits = option.template.as_ref().is_none_or(|reference| {
                template::last_name(reference) == option.name && template::can_be(reference, value)
            });
            place.refuse(!fits, "the template of Datadog has no such option")?;
            self::value(value, option.required, place)
        }
    }
}

fn name(name: &str, place: &Place) -> Checked {
    let odd = name.is_empty() || !is_one_line(name);
    place.refuse_with_hint(odd, "this is not the name of an option", RENAME)?;
    place.refuse_with_hint(
        name.chars().count() > LONGEST_NAME,
        "the name is longer than 122 characters, and an example of a list would not be YAML",
        RENAME,
    )
}

fn description(option: &SpecOption, place: &Place) -> Checked {
    let text = wording::whole(option);
    let width = wording::WIDTH - "## ".len() - place.indent().min(wording::WIDTH / 2);
    let is_long = |line: &str| line.chars().count() > width && !line.contains(wording::TOO_LONG);
    let long = wording::lines(&text).into_iter().any(is_long);
    place.refuse(long, "a line of the description is too long")?;
    place.refuse(text.contains(unreadable), "a character of the description cannot be shown")
}

fn section(
    option: &SpecOption,
    multiple: bool,
    options: &[SpecOption],
    place: &mut Place,
) -> Checked {
    let SpecOption { name, template, hidden, .. } = option;
    let enabled = option.is_enabled();
    let is_template = match template.as_deref() {
        None => true,
        Some("init_config") => name == "init_config" && enabled && !multiple,
        Some("instances") => name == "instances" && enabled && multiple,
        Some(_) => false,
    };
    place.refuse(!is_template, "the template of Datadog is another section")?;
    place.refuse_with_hint(
        !lists::is_plain(name),
        "the name of a section stands without quotes, and would be something else",
        RENAME,
    )?;
    let in_use = |inner: &SpecOption| !inner.hidden && inner.is_enabled();
    place.refuse(
        !enabled && !hidden && (multiple || options.iter().any(in_use)),
        "the section is commented out, but not all that is in it",
    )?;
    self::options(options, multiple, place)
}

fn value(value: &SpecValue, required: bool, place: &Place) -> Checked {
    let SpecValue { schema, example, default, .. } = value;
    let fits = match example {
        Some(example) => schema.fits(example) && !example.is_null(),
        None => schema.kind != SpecType::Boolean,
    };
    place.refuse(!fits, "the example is not of the option's type")?;
    let told = match default {
        ShownDefault::Value(default) => Some(default),
        ShownDefault::Example => example
            .as_ref()
            .filter(|example| example.is_string() && super::example::told(example).is_some()),
        ShownDefault::Nothing => None,
    };
    let one_line = told.is_none_or(|told| match told {
        Value::String(text) => is_one_line(text),
        told => told.is_number() || told.is_boolean(),
    });
    place.refuse(!required && !one_line, "the default does not fit into a line")?;
    self::schema(schema, place)
}

/// Whether a text can stand in the line that names an option.
pub(super) fn is_one_line(text: &str) -> bool {
    let ends_line = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    !text.contains(|c: char| unreadable(c) || ends_line(c))
}

/// What a comment of a file cannot hold.
fn unreadable(c: char) -> bool {
    let ends_line = matches!(c, '\n' | '\r' | '\u{85}');
    (c.is_control() && !ends_line && c != '\t') || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn schema(schema: &SpecSchema, place: &Place) -> Checked {
    let SpecLimits { minimum, maximum, .. } = &schema.limits;
    let number = |number: &Option<Number>| number.as_ref().and_then(Number::as_f64);
    let bounds = number(minimum).zip(number(maximum));
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
        SpecType::Object { properties, additional } => {
            if let Some(SpecAdditional::Schema(schema)) = additional {
                self::schema(schema, place)?;
            }
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
