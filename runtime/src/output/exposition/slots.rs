//! Things at places that do not change: what is removed leaves a gap for the next one.

/// A vector with gaps.
#[derive(Debug)]
pub(super) struct Slots<T> {
    all: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { all: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slots<T> {
    /// Puts something in a place and tells which.
    pub(super) fn insert(&mut self, thing: T) -> u32 {
        if let Some(place) = self.free.pop() {
            self.all[place as usize] = Some(thing);
            return place;
        }
        self.all.push(Some(thing));
        // The limits of what is kept are far lower.
        u32::try_from(self.all.len() - 1).unwrap_or(u32::MAX)
    }

    /// Takes out what is in a place.
    pub(super) fn remove(&mut self, place: u32) -> Option<T> {
        let thing = self.all.get_mut(place as usize)?.take()?;
        self.free.push(place);
        Some(thing)
    }

    pub(super) fn get(&self, place: u32) -> Option<&T> {
        self.all.get(place as usize)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, place: u32) -> Option<&mut T> {
        self.all.get_mut(place as usize)?.as_mut()
    }

    /// One more than the last place.
    pub(super) fn end(&self) -> u32 {
        u32::try_from(self.all.len()).unwrap_or(u32::MAX)
    }

    /// So many things there are.
    pub(super) fn len(&self) -> usize {
        self.all.len() - self.free.len()
    }
}
