//! What no payload can hold.

use crate::output::Amount;

use super::kind::Kind;

/// What was refused before it was sent, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refused {
    /// How much.
    pub amount: Amount,
    /// The last one, and what is wrong with it.
    pub last: Option<String>,
}

impl Refused {
    pub(super) fn too_big(&mut self, kind: &Kind, name: &str) {
        let limits = &kind.limits;
        let raw = limits.item.min(limits.raw);
        let message = format!(
            "`{}` is larger than {} may be: {raw} bytes, {} compressed",
            beginning(name),
            kind.name,
            limits.compressed
        );
        self.add(kind, message);
    }

    pub(super) fn not_a_number(&mut self, kind: &Kind, name: &str) {
        self.add(kind, format!("`{}` has a value that is no finite number", beginning(name)));
    }

    fn add(&mut self, kind: &Kind, message: String) {
        self.amount += (kind.amount)(1);
        self.last = Some(message);
    }

    /// Takes what another one counted, and tells whether that was something.
    pub(super) fn merge(&mut self, other: Self) -> bool {
        self.amount += other.amount;
        let some = other.last.is_some();
        self.last = other.last.or(self.last.take());
        some
    }
}

/// Enough of a name to know it by; what is too big may have one that is.
fn beginning(name: &str) -> &str {
    name.char_indices().nth(100).map_or(name, |(end, _)| &name[..end])
}
