//! Descriptions: what `# HELP` says, as `metadata.csv` takes it.

/// The longest description that `metadata.csv` takes.
const MAX: usize = 400;

/// What `# HELP` says on one line of ASCII; nothing if it says nothing.
pub(super) fn cleaned(help: &str) -> Option<String> {
    let plain = help.replace("\\n", " ").replace("\\\\", "\\").replace("\\\"", "\"");
    let mut text = String::with_capacity(plain.len());
    for c in plain.chars() {
        match ascii(c) {
            Some(ascii) => text.push_str(ascii),
            None if c.is_ascii() => text.push(c),
            None => {}
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    let has_words = line.chars().any(|c| c.is_ascii_alphanumeric());
    has_words.then(|| ended(&shortened(&line)))
}

/// What stands for a character that `metadata.csv` does not take.
fn ascii(c: char) -> Option<&'static str> {
    Some(match c {
        '|' => "/",
        '\u{2018}' | '\u{2019}' => "'",
        '\u{201c}' | '\u{201d}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '\u{2026}' => "...",
        '\u{b5}' | '\u{3bc}' => "u",
        '\u{b0}' => " degrees ",
        '\u{d7}' => "x",
        '\u{2264}' => "<=",
        '\u{2265}' => ">=",
        _ if c.is_whitespace() || c.is_control() => " ",
        _ => return None,
    })
}

/// At most as long as it may be, cut between words.
fn shortened(line: &str) -> String {
    const DOTS: &str = "...";
    if line.len() < MAX {
        return line.to_owned();
    }
    let room = &line[..MAX - DOTS.len() - 1];
    let cut = room.rfind(' ').unwrap_or(room.len());
    format!("{}{DOTS}", &room[..cut])
}

/// As a sentence ends.
fn ended(line: &str) -> String {
    if line.ends_with(['.', '!', '?']) { line.to_owned() } else { format!("{line}.") }
}

/// A description made of a name.
pub(super) fn of_name(words: &str) -> String {
    let text = words.replace('_', " ");
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    let text: String = first.into_iter().chain(chars).collect();
    ended(&shortened(&text))
}

#[cfg(test)]
mod tests {
    use super::{MAX, cleaned, of_name};

    #[test]
    fn help_becomes_a_line_of_ascii() {
        let clean = |help: &str| cleaned(help).unwrap_or_default();
        assert_eq!(
            clean("  Bytes  read\\nfrom “disk” – a|b, 5 µs "),
            "Bytes read from \"disk\" - a/b, 5 us."
        );
        assert_eq!(clean("Größe der Datei"), "Gre der Datei.");
        assert_eq!((cleaned(""), cleaned("内存"), cleaned("...")), (None, None, None));
        let long = clean(&"word ".repeat(200));
        assert!(long.len() <= MAX && long.ends_with("word..."), "{long}");
        let endless = clean(&"x".repeat(1000));
        assert!(endless.len() <= MAX && endless.ends_with("x..."), "{endless}");
        assert_eq!(of_name("memory_free_bytes"), "Memory free bytes.");
    }
}
