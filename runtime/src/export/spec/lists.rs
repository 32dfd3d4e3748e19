//! The order in which options are displayed, which of them can come first, and which can be sections.

use crate::export::yaml::Emitter;

use super::{SpecContent, SpecOption};

/// The options as an example has them: those of a higher priority first, else as they are.
pub(super) fn displayed(options: &[SpecOption]) -> Vec<&SpecOption> {
    let mut displayed: Vec<_> = options.iter().collect();
    displayed.sort_by_key(|option| std::cmp::Reverse(option.display_priority));
    displayed
}

/// Whether the name of a section means itself without quotes: `ddev` writes it so.
pub(super) fn is_plain(name: &str) -> bool {
    Emitter::simple_key(name).is_some_and(|key| key == name)
}

/// Whether an option can be the first of a list item: it is shown, and the dash goes before a value or a comment.
pub(super) fn can_come_first(option: &SpecOption) -> bool {
    match option.content {
        _ if option.hidden => false,
        SpecContent::Value(_) => true,
        SpecContent::Section { .. } => !option.is_enabled(),
    }
}

/// Puts an option first that can be.
pub(super) fn put_one_first(options: &mut [SpecOption]) {
    if let Some(first) = options.iter().position(can_come_first)
        && first > 0
    {
        options[first].display_priority = 1;
    }
}
