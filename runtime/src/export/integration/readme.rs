//! `README.md` of an integration: prose that is the author's, and tables that are the code's.

mod tables;

use super::asset::{AssetError, Contents};
use super::facts::{Facts, Known};
use super::sections::{replace, section};

const TEMPLATE: &str = include_str!("readme/template.md");

/// The README, from the one that is there.
pub(super) fn merge(facts: &Facts, existing: Option<&str>) -> Result<Contents, AssetError> {
    let sections = sections(facts);
    let Some(text) = existing else { return Ok(first(facts, &sections).into()) };
    let (text, without_place) = replace(text, &sections)?;
    let note = (!without_place.is_empty()).then(|| {
        let names = without_place.iter().map(|name| format!("`<!-- allwell:{name} -->`"));
        format!(
            "it has no place for {}: write the marker and its end, `<!-- /allwell:… -->`, where the generated part may stand",
            names.collect::<Vec<_>>().join(", ")
        )
    });
    Ok(Contents { text, note })
}

fn first(facts: &Known, sections: &[(&'static str, String)]) -> String {
    let names = [("{display_name}", facts.display_name()), ("{check}", facts.name())];
    let template =
        names.iter().fold(TEMPLATE.to_owned(), |text, (key, value)| text.replace(key, value));
    sections.iter().fold(template, |text, (name, content)| {
        text.replace(&format!("{{section:{name}}}"), &section(name, content))
    })
}

fn sections(facts: &Known) -> [(&'static str, String); 4] {
    [
        ("overview", tables::plain(facts.entry.meta.description)),
        ("options", tables::options(facts)),
        ("metrics", tables::metrics(facts)),
        ("service-checks", tables::service_checks(facts)),
    ]
}
