//! Templates of a package's files, what is filled into them, and who is named as the author.

use super::facts::Known;
use crate::check::Package;

pub(super) const PYPROJECT: &str = include_str!("package/pyproject.toml");
pub(super) const INIT: &str = "from .__about__ import __version__\n\n__all__ = [\"__version__\"]\n";

/// The template with what is known of a check's package.
pub(super) fn fill(template: &str, facts: &Known) -> String {
    let package = facts.package();
    let author = Author::of(package);
    let source = if package.repository.is_empty() { &author.homepage } else { package.repository };
    let values = [
        ("{check}", facts.name()),
        ("{project}", &facts.name().replace('_', "-")),
        ("{display_name}", facts.display_name()),
        ("{version}", package.version),
        (
            "{licence}",
            if package.licence.is_empty() { "LicenseRef-Unknown" } else { package.licence },
        ),
        ("{author}", &toml_text(&author.name)),
        ("{email}", &author.email),
        ("{source}", &toml_text(source)),
    ];
    values.iter().fold(template.to_owned(), |text, (key, value)| text.replace(key, value))
}

/// A text between the quotes of TOML.
fn toml_text(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .collect::<String>()
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
}

/// Who is named as the author.
pub(super) struct Author {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) homepage: String,
    /// Cargo.toml does not name an address.
    pub(super) is_made_up: bool,
}

impl Author {
    /// The first author of a package; addresses that nobody has where it names none.
    pub(super) fn of(package: Package) -> Self {
        let first = package.authors.split(':').next().unwrap_or_default();
        let (name, rest) = first.split_once('<').unwrap_or((first, ""));
        let email = rest.split('>').next().unwrap_or_default().trim();
        let pages = [package.homepage, package.repository, "https://example.com"];
        let homepage = pages.into_iter().find(|page| !page.is_empty()).unwrap_or_default();
        let name = if name.trim().is_empty() { package.name } else { name.trim() };
        Self {
            name: name.to_owned(),
            email: if email.contains('@') { email } else { "support@example.com" }.to_owned(),
            homepage: homepage.to_owned(),
            is_made_up: !email.contains('@'),
        }
    }
}
