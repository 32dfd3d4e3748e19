//! The names of a new crate and its check, made from the one that was given.

use crate::cli::failure::Failure;

/// The longest name of a check that the templates are laid out for.
const MAX: usize = 32;

/// Words and types of Rust, crates that every crate has, crates that the new one needs, files that it has, names within these, and those that
/// Cargo keeps for its own directories.
const TAKEN: &str = "
    abstract alloc allwell as async await become bool box break build char const continue core crate deps directory do
    dyn else enum examples exposition extern f32 f64 false final fn for fs gen i128 i16 i32 i64 i8 if impl in incremental isize
    let lib look loop macro main match mod move mut override priv proc_macro pub read ref return run self static std
    str struct super tempfile test tests tokio trait true try type typeof u128 u16 u32 u64 u8
    unsafe unsized use usize virtual where while yield
";

/// What the crate and its check are called.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// `my-check`
    pub(super) krate: String,
    /// `my_check`
    pub(super) check: String,
}

impl Names {
    /// `my-check`, `my_check` and `MyCheck` are the same.
    pub(super) fn of(given: &str) -> Result<Self, Failure> {
        let check = snake_case(given);
        let refuse = |reason: String, hint: &str| {
            Err(Failure::usage(format!("`{given}` cannot be the name of a check: {reason}"), hint))
        };
        let foreign = given.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
        if let Some(c) = foreign {
            return refuse(
                format!("`{}` is no ASCII letter, digit, `-` or `_`", c.escape_debug()),
                "choose one such as `my-check`; `--path` says where it goes",
            );
        }
        if !check.starts_with(|c: char| c.is_ascii_lowercase()) {
            let hint = "choose one such as `my-check`";
            return refuse("it does not begin with a letter".to_owned(), hint);
        }
        if check.len() > MAX {
            let reason = format!("it has {} characters, and {MAX} are enough", check.len());
            return refuse(reason, "shorten it; the crate can hold more checks than this one");
        }
        if TAKEN.split_whitespace().any(|taken| taken == check) {
            let hint = format!("choose another, such as `{check}-check`");
            return refuse("Rust or the crate itself needs that name".to_owned(), &hint);
        }
        Ok(Self { krate: check.replace('_', "-"), check })
    }
}

/// The words in lower case with one `_` between them; `HTTPStatus` is `http_status`.
fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (index, c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| chars[before]);
        let before_lower = chars.get(index + 1).is_some_and(char::is_ascii_lowercase);
        let begins_word = before.is_some_and(|before| {
            before.is_ascii_lowercase()
                || before.is_ascii_digit()
                || (before.is_ascii_uppercase() && before_lower)
        });
        if c.is_ascii_uppercase() && begins_word {
            out.push('_');
        }
        out.push(if *c == '-' { '_' } else { c.to_ascii_lowercase() });
    }
    let words: Vec<_> = out.split('_').filter(|word| !word.is_empty()).collect();
    words.join("_")
}
