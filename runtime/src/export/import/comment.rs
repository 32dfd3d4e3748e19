//! A description as a doc comment: Markdown that rustdoc shows, and the macro reads, as that very text.

/// The lines of a doc comment without its slashes, none longer than `width` if its words allow that.
pub(crate) fn lines(description: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::<String>::new();
    for word in words(&escaped(description)) {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(at_start_of_line(word)),
        }
    }
    lines
}

/// Whether rustdoc would like an address in angle brackets, which would be part of the description.
pub(crate) fn has_bare_url(description: &str) -> bool {
    let mut rest = description;
    while let Some(c) = rest.chars().next() {
        if is_url(rest) {
            return true;
        }
        rest = &rest[code(rest).or_else(|| link(rest)).unwrap_or(c.len_utf8())..];
    }
    false
}

fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Words as they may be put on lines: code stays on one.
fn words(markdown: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut rest = markdown;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '\\' => rest.chars().take(2).map(char::len_utf8).sum(),
            '`' => code(rest).unwrap_or(1),
            c => c.len_utf8(),
        };
        let (part, after) = rest.split_at(taken);
        rest = after;
        if c == ' ' {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push_str(part);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The text with a `\` before all that Markdown would take for markup, code and links aside.
fn escaped(text: &str) -> String {
    let emphasis = ['*', '_', '~'].map(|mark| flanking(text, mark) > 1);
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if let Some(length) = code(rest).or_else(|| link(rest)) {
            out.push_str(&rest[..length]);
            before = '`';
            at += length;
            continue;
        }
        let after = rest[c.len_utf8()..].chars().next().unwrap_or(' ');
        let markup = match c {
            '`' | '[' | ']' => true,
            '\\' => !after.is_ascii_alphanumeric(),
            '<' => after.is_ascii_alphabetic() || matches!(after, '/' | '!' | '?'),
            '&' => after.is_ascii_alphabetic() || after == '#',
            '*' => emphasis[0] && flanks(before, c, after),
            '_' => emphasis[1] && flanks(before, c, after),
            '~' => emphasis[2] && flanks(before, c, after),
            _ => false,
        };
        if markup {
            out.push('\\');
        }
        out.push(c);
        before = c;
        at += c.len_utf8();
    }
    out
}

/// How long the code is that a text begins with: up to as many backticks as it begins with, two at most.
fn code(text: &str) -> Option<usize> {
    let ticks = |text: &str| text.len() - text.trim_start_matches('`').len();
    let opening = ticks(text);
    if !(1..=2).contains(&opening) {
        return None;
    }
    let mut at = opening;
    loop {
        at += text[at..].find('`')?;
        let closing = ticks(&text[at..]);
        at += closing;
        if closing == opening {
            return Some(at);
        }
    }
}

/// How long the link to an address is that a text begins with.
fn link(text: &str) -> Option<usize> {
    let label = text.strip_prefix('[')?;
    let label_end = label.find(']')?;
    let address = label[label_end..].strip_prefix("](")?;
    let length = address.find(')')?;
    let address = &address[..length];
    let plain = |part: &str| !part.contains(['[', '\\', '`', '<', '*', '_', '~']);
    let plain_url = is_url(address) && !address.contains([' ', '(', '\\']);
    (plain_url && plain(&label[..label_end])).then(|| "[](".len() + label_end + length + 1)
}

/// How often a character could begin or end emphasis.
fn flanking(text: &str, mark: char) -> usize {
    let chars: Vec<char> = text.chars().collect();
    let near =
        |index: Option<usize>| index.and_then(|index| chars.get(index)).copied().unwrap_or(' ');
    let marks = chars.iter().enumerate().filter(|(_, c)| **c == mark);
    marks
        .filter(|(index, _)| flanks(near(index.checked_sub(1)), mark, near(Some(index + 1))))
        .count()
}

/// A mark between spaces is none, and neither is a `_` within a word.
fn flanks(before: char, mark: char, after: char) -> bool {
    let within = mark == '_' && before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric();
    let apart = before == ' ' && after == ' ';
    !within && !apart
}

/// A word that would make its line a heading, a quotation or an item of a list does not.
fn at_start_of_line(word: String) -> String {
    let number = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = number.len() < word.len() && matches!(number, "." | ")");
    let only = |mark: char| word.chars().all(|c| c == mark);
    if is_number {
        format!("{}\\{number}", &word[..word.len() - number.len()])
    } else if only('-')
        || only('=')
        || only('#')
        || only('*')
        || word == "+"
        || word.starts_with('>')
    {
        format!("\\{word}")
    } else {
        word
    }
}
