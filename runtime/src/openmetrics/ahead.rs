//! What an expression says of the text ahead, at its beginning: `^(?!go_).+`. There it needs no going back: it is an expression of its
//! own, which must match the beginning of the text or must not.

/// A part that looks ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ahead<'w> {
    pub(super) expression: &'w str,
    /// It must match, and not the other way round.
    pub(super) must_match: bool,
}

/// Splits `^(?!go_)(?=.*_total).+` into what it says of the text ahead and the rest; nothing where that is not all there is.
pub(super) fn split(written: &str) -> Option<(Vec<Ahead<'_>>, &str)> {
    let mut rest = written.strip_prefix('^')?;
    let mut all = Vec::new();
    while let Some(behind) = rest.strip_prefix("(?!").or_else(|| rest.strip_prefix("(?=")) {
        let must_match = rest.starts_with("(?=");
        let end = end_of_group(behind)?;
        all.push(Ahead { expression: &behind[..end], must_match });
        rest = &behind[end + 1..];
    }
    // Of `^(?!a)b|c`, the second choice says nothing of what is ahead.
    (!all.is_empty() && !has_choices(rest)).then_some((all, rest))
}

/// The place of the parenthesis that closes a group, whose text begins here.
fn end_of_group(text: &str) -> Option<usize> {
    outside(text).find(|(_, c, depth)| *c == ')' && *depth == 0).map(|(at, ..)| at)
}

fn has_choices(text: &str) -> bool {
    outside(text).any(|(_, c, depth)| c == '|' && depth == 0)
}

/// The characters that are neither escaped nor within a class, with how many groups are open before each.
fn outside(text: &str) -> impl Iterator<Item = (usize, char, usize)> {
    let (mut depth, mut class, mut escaped) = (0_usize, None, false);
    text.char_indices().filter_map(move |(at, c)| {
        if std::mem::take(&mut escaped) {
            return None;
        }
        match (c, class) {
            ('\\', _) => escaped = true,
            // A bracket right at the beginning of a class stands for itself.
            (']', Some(start)) if matches!(&text[start..at], "" | "^") => {}
            (']', Some(_)) => class = None,
            (_, Some(_)) => {}
            ('[', None) => class = Some(at + 1),
            _ => {
                let before = depth;
                match c {
                    '(' => depth += 1,
                    ')' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                return Some((at, c, before));
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::{Ahead, split};

    #[test]
    fn what_is_ahead_is_told_from_the_rest() {
        let not = |expression| Ahead { expression, must_match: false };
        let must = |expression| Ahead { expression, must_match: true };
        assert_eq!(split("^(?!go_).+"), Some((vec![not("go_")], ".+")));
        assert_eq!(
            split("^(?!go_|(?:a|b)[)]\\))(?=.*_total)x(a|b)"),
            Some((vec![not("go_|(?:a|b)[)]\\)"), must(".*_total")], "x(a|b)"))
        );
        for other in ["go_.+", "^go_.+", "^(?!a)b|c", "(?!a)b", "^(?!a", "^a(?!b)"] {
            assert_eq!(split(other), None, "{other}");
        }
    }
}
