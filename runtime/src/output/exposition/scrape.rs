//! One answer to a scraper, made piece by piece while the store changes.

use std::ops::Bound;
use std::sync::Arc;

use super::family::Family;
use super::store::Store;
use super::text::{FamilyText, Format, Syntax};

/// So many contexts are looked at before others have a turn.
const CONTEXTS_AT_ONCE: u32 = 1024;

/// So many bytes are enough for one piece.
const BYTES_AT_ONCE: usize = 64 * 1024;

/// Everything that is exposed, family by family in the order of their names.
///
/// The store is locked only while a piece is made. A context that is there all the time is written once; one that is made
/// meanwhile is not.
pub(super) struct Scrape {
    store: Arc<Store>,
    format: Format,
    /// The changes of the store when it began.
    change: u64,
    place: Place,
}

/// Where a scrape is.
enum Place {
    /// At the first family at or behind a name.
    At(Bound<Arc<str>>),
    /// At a context of a family, whose head has been written or not.
    Within(Arc<str>, u32, bool),
    /// At the end.
    End,
}

impl Scrape {
    pub(super) fn new(store: &Arc<Store>, format: Format) -> Self {
        let change = store.state().change;
        Self { store: Arc::clone(store), format, change, place: Place::At(Bound::Unbounded) }
    }

    /// Appends the next piece. Tells whether there are more.
    pub(super) fn next(&mut self, out: &mut Vec<u8>) -> bool {
        let store = Arc::clone(&self.store);
        let ((_turn, state), now) = (store.state_in_turn(), store.now());
        let mut left = CONTEXTS_AT_ONCE;
        let enough = out.len() + BYTES_AT_ONCE;
        while left > 0 && out.len() < enough {
            let place = std::mem::replace(&mut self.place, Place::End);
            let Some((bound, from, headed)) = place.parts() else { return false };
            let found = state.families.from(bound.as_ref().map(|name| &**name));
            let Some((name, family)) = found else {
                if self.format.syntax == Syntax::OpenMetrics {
                    out.extend_from_slice(b"# EOF\n");
                }
                return false;
            };
            // The family may have gone, and then this is the next one.
            let is_same = matches!(&bound, Bound::Included(same) if same == name);
            let (from, headed) = if is_same { (from, headed) } else { (0, false) };
            let begun = Begun { from, headed, now, enough };
            self.place = self.family(name, family, begun, &mut left, out);
        }
        true
    }

    /// Appends contexts of a family from a place on, and gives the next place.
    fn family(
        &self,
        name: &Arc<str>,
        family: &Family,
        Begun { from, mut headed, now, enough }: Begun,
        left: &mut u32,
        out: &mut Vec<u8>,
    ) -> Place {
        let text = FamilyText::new(family, self.format);
        *left -= 1;
        for place in from..family.contexts.end() {
            if *left == 0 || out.len() >= enough {
                return Place::Within(Arc::clone(name), place, headed);
            }
            *left -= 1;
            let context = family.contexts.get(place);
            let visible = context.filter(|context| {
                context.born <= self.change && !context.is_stale(now, self.store.stale_after())
            });
            let Some(context) = visible else { continue };
            if !headed {
                text.head(out);
                headed = true;
            }
            text.context(context, out);
        }
        Place::At(Bound::Excluded(Arc::clone(name)))
    }
}

/// Where a piece goes on within a family, and until when.
struct Begun {
    from: u32,
    headed: bool,
    /// Seconds since the store's beginning.
    now: u32,
    /// So long a text is enough for one piece.
    enough: usize,
}

impl Place {
    /// The bound of the family's name, the context's place, and whether the head has been written.
    fn parts(self) -> Option<(Bound<Arc<str>>, u32, bool)> {
        match self {
            Self::At(bound) => Some((bound, 0, false)),
            Self::Within(name, place, headed) => Some((Bound::Included(name), place, headed)),
            Self::End => None,
        }
    }
}
