//! Reads OpenMetrics back, so far as to know whether a scraper could.

use std::collections::HashSet;

/// What was found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Found {
    pub(super) families: usize,
    pub(super) samples: usize,
}

/// Reads a text of OpenMetrics.
///
/// # Errors
/// The number of a line that is not as it should be, and why.
pub(super) fn read(text: &str) -> Result<Found, String> {
    let body = text.strip_suffix("# EOF\n").ok_or("it does not end with `# EOF`")?;
    let (mut found, mut families) = (Found::default(), HashSet::new());
    for (at, line) in body.lines().enumerate() {
        let wrong = |why: &str| format!("line {}: {why}", at + 1);
        let Some(comment) = line.strip_prefix("# ") else {
            sample(line).ok_or_else(|| wrong("it is no sample"))?;
            found.samples += 1;
            continue;
        };
        let (what, rest) = comment.split_once(' ').ok_or_else(|| wrong("it is no comment"))?;
        let (family, _) = name(rest).ok_or_else(|| wrong("it names no family"))?;
        if !["HELP", "TYPE", "UNIT"].contains(&what) {
            return Err(wrong("it is no comment"));
        }
        if !families.insert((what, family)) {
            return Err(wrong("it has been said before"));
        }
        found.families += usize::from(what == "TYPE");
    }
    Ok(found)
}

/// A sample, with nothing after it.
fn sample(line: &str) -> Option<()> {
    let (_, rest) = if line.starts_with('{') { ("", line) } else { name(line)? };
    let rest = rest.strip_prefix('{').map_or(Some(rest), braces)?;
    let value = rest.strip_prefix(' ')?;
    value.parse::<f64>().ok().map(drop)
}

/// What is behind the labels.
fn braces(mut text: &str) -> Option<&str> {
    loop {
        let (_, rest) = name(text)?;
        text = match rest.strip_prefix('=') {
            Some(rest) => quoted(rest)?.1,
            // A name in quotes may be the metric's.
            None if text.starts_with('"') => rest,
            None => return None,
        };
        match text.strip_prefix(',') {
            Some(rest) => text = rest,
            None => return text.strip_prefix('}'),
        }
    }
}

/// A name, and what is behind it.
fn name(text: &str) -> Option<(&str, &str)> {
    if text.starts_with('"') {
        return quoted(text);
    }
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// A text in quotes, and what is behind it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut escaped = false;
    for (at, character) in inside.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some((&inside[..at], &inside[at + 1..])),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_to_its_end() {
        let text = "# HELP a what \"it\" is\n# TYPE a counter\na_total{b=\"c\\\"}\",\"d.e\"=\"\"} 1\n\
                    a_created 1.5\n# TYPE \"b.c\" gauge\n{\"b.c\",x=\"y\"} -1e-7\n{\"b.c\"} +Inf\n# EOF\n";
        assert_eq!(read(text), Ok(Found { families: 2, samples: 4 }));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, wrong) in [
            ("a 1\n", "it does not end with `# EOF`"),
            ("a 1\na{b=\"c} 1\n# EOF\n", "line 2: it is no sample"),
            ("a x\n# EOF\n", "line 1: it is no sample"),
            ("a{b} 1\n# EOF\n", "line 1: it is no sample"),
            ("# TYPE a gauge\n# TYPE a gauge\n# EOF\n", "line 2: it has been said before"),
            ("# EOF\n# EOF\n", "line 1: it is no comment"),
            ("\n# EOF\n", "line 1: it is no sample"),
        ] {
            assert_eq!(read(text), Err(String::from(wrong)), "{text}");
        }
    }
}
