//! Choices that follow from bytes: fewer and smaller bytes make simpler choices, so that what fails is cut down to little.

/// Makes choices, the first of several when its bytes are used up.
#[derive(Debug)]
pub(super) struct Dice<'b> {
    bytes: &'b [u8],
}

impl<'b> Dice<'b> {
    pub(super) const fn new(bytes: &'b [u8]) -> Self {
        Self { bytes }
    }

    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    /// A number from zero on, below this one.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) * end / 256
    }

    /// One of these.
    pub(super) fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// Whether something happens that does so this often in a hundred times.
    pub(super) fn happens(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    /// Some of these, in their order: about this many in a hundred.
    pub(super) fn some<T: Clone>(&mut self, of: &[T], percent: usize) -> Vec<T> {
        of.iter().filter(|_| self.happens(percent)).cloned().collect()
    }

    /// The same in another order.
    pub(super) fn shuffled<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        for end in (1..items.len()).rev() {
            let other = end - self.below(end + 1);
            items.swap(end, other);
        }
        items
    }
}
