//! Text from outside, made fit for a terminal: what a check found may hold escapes that move its cursor or worse.

/// The text with its control characters written out; line breaks stay.
pub(super) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && c != '\n' {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}
