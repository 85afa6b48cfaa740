//! The order in which slots came.

use super::slots::{NOWHERE, Place, Slots};

/// A queue of slots, linked by their places.
pub(super) struct Queue {
    oldest: Place,
    newest: Place,
    length: usize,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            oldest: NOWHERE,
            newest: NOWHERE,
            length: 0,
        }
    }
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    pub(super) fn newest(&self) -> Option<Place> {
        (self.newest != NOWHERE).then_some(self.newest)
    }

    pub(super) fn oldest(&self) -> Option<Place> {
        (self.oldest != NOWHERE).then_some(self.oldest)
    }

    /// Adds a slot, which is in no queue, as the newest.
    pub(super) fn push(&mut self, slots: &mut Slots, at: Place) {
        let older = std::mem::replace(&mut self.newest, at);
        match slots.get_mut(older) {
            Some(older) => older.newer = at,
            None => self.oldest = at,
        }
        if let Some(slot) = slots.get_mut(at) {
            (slot.older, slot.newer) = (older, NOWHERE);
        }
        self.length += 1;
    }

    /// Takes a slot, which is in it, out of it.
    pub(super) fn unlink(&mut self, slots: &mut Slots, at: Place) {
        let Some(slot) = slots.get_mut(at) else {
            return;
        };
        let (older, newer) = (slot.older, slot.newer);
        match slots.get_mut(older) {
            Some(slot) => slot.newer = newer,
            None => self.oldest = newer,
        }
        match slots.get_mut(newer) {
            Some(slot) => slot.older = older,
            None => self.newest = older,
        }
        self.length -= 1;
    }
}
