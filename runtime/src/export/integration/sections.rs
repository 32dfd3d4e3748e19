//! Text of which parts are generated: between the markers `<!-- allwell:NAME -->` and `<!-- /allwell:NAME -->`.

use super::asset::AssetError;

/// A generated part with its markers.
pub(super) fn section(name: &str, text: &str) -> String {
    format!("{}\n\n{}\n\n{}", opening(name), text.trim(), closing(name))
}

fn opening(name: &str) -> String {
    format!("<!-- allwell:{name} -->")
}

fn closing(name: &str) -> String {
    format!("<!-- /allwell:{name} -->")
}

/// A text whose generated parts are replaced by new ones, and the names of those that have no place in it.
pub(super) fn replace(
    text: &str,
    sections: &[(&'static str, String)],
) -> Result<(String, Vec<&'static str>), AssetError> {
    let mut text = text.to_owned();
    let mut without_place = Vec::new();
    for (name, content) in sections {
        let Some(start) = find_line(&text, &opening(name), 0) else {
            without_place.push(*name);
            continue;
        };
        let Some(end) = find_line(&text, &closing(name), start) else {
            return Err(unclosed(&text, start, name));
        };
        text.replace_range(start..end + closing(name).len(), &section(name, content));
    }
    Ok((text, without_place))
}

/// Where a marker stands alone on its line, from a place on.
fn find_line(text: &str, marker: &str, from: usize) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at >= from && line.trim_end() == marker {
            return Some(at);
        }
        at += line.len();
    }
    None
}

fn unclosed(text: &str, start: usize, name: &str) -> AssetError {
    AssetError {
        line: text[..start].matches('\n').count() + 1,
        column: 1,
        message: format!("the generated part `{name}` has no end"),
        hint: format!(
            "write `{}` on a line of its own where the author's text goes on",
            closing(name)
        ),
    }
}
