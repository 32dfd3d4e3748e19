//! The order in which options are displayed, and which of them can come first.

use super::{SpecContent, SpecOption};

/// The options as an example has them: those of a higher priority first, else as they are.
pub(super) fn displayed(options: &[SpecOption]) -> Vec<&SpecOption> {
    let mut displayed: Vec<_> = options.iter().collect();
    displayed.sort_by_key(|option| std::cmp::Reverse(option.display_priority));
    displayed
}

/// Whether an option can be the first of a list item: it is shown, and the dash goes before a value or a comment.
pub(super) fn can_come_first(option: &SpecOption) -> bool {
    let section = matches!(option.content, SpecContent::Section { .. });
    !option.hidden && !(section && option.is_enabled())
}

/// Puts an option first that can be.
pub(super) fn put_one_first(options: &mut [SpecOption]) {
    if let Some(first) = options.iter().position(can_come_first)
        && first > 0
    {
        options[first].display_priority = 1;
    }
}
