//! Small texts of the exports.

/// The first sentence of a description, without the final full stop.
pub fn summary(description: &str) -> &str {
    let line = description.lines().next().unwrap_or_default();
    let sentence = line.find(". ").map_or(line, |end| &line[..end]);
    sentence.trim_end().trim_end_matches('.')
}

/// A description on one line.
pub(super) fn one_line(description: &str) -> String {
    description.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of an integration in `metadata.csv`, from its name for people.
///
/// Runs of anything but ASCII letters, digits and `-` become `_`; the rule is that of `ddev validate metadata`.
pub(super) fn integration_of(display_name: &str) -> String {
    let words = display_name.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join("_").to_ascii_lowercase()
}

/// A name in words, each with a capital.
pub(super) fn title(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    words.map(capital).collect::<Vec<_>>().join(" ")
}

/// Appends a text whose lines end before `width` and begin with `indent`; a word longer than that stands alone.
pub(super) fn wrap(out: &mut String, text: &str, indent: &str, width: usize) {
    for paragraph in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut line = String::from(indent);
        for word in paragraph.split_whitespace() {
            if line.len() > indent.len() && line.chars().count() + 1 + word.chars().count() > width
            {
                out.push_str(&line);
                out.push('\n');
                line.truncate(indent.len());
            }
            if line.len() > indent.len() {
                line.push(' ');
            }
            line.push_str(word);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}
