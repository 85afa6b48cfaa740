//! Everybody's places: the default principal's at hand, the others' by their identifiers.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use tower_client_call::Principal;

use crate::slot::Slot;

/// Everybody's places, a bounded number of them.
pub(crate) struct Principals {
    default: Arc<Slot>,
    others: RwLock<Others>,
    /// Counts those who came, to know who was asked for since whom.
    clock: AtomicU64,
}

/// Those who say who they are.
struct Others {
    places: HashMap<Arc<str>, Place>,
    most: usize,
    /// With so many it is time to see who can be forgotten.
    room: usize,
}

struct Place {
    slot: Arc<Slot>,
    used: AtomicU64,
}

impl Principals {
    pub(crate) fn new(default: &Principal, most: usize) -> Self {
        Self {
            default: Arc::new(Slot::new(default)),
            others: RwLock::new(Others {
                places: HashMap::new(),
                most,
                room: most,
            }),
            clock: AtomicU64::new(0),
        }
    }

    /// Returns the place of those who do not say who they are.
    #[inline]
    pub(crate) fn default(&self) -> &Arc<Slot> {
        &self.default
    }

    /// Returns a principal's place, a new one if there was none.
    pub(crate) fn of(&self, principal: &Principal) -> Arc<Slot> {
        if principal.id() == self.default.id() {
            return Arc::clone(&self.default);
        }
        let now = self.clock.load(Relaxed);
        if let Some(place) = self.read().places.get(principal.id()) {
            // Written only where it changes, or every call would take the line from the others.
            if place.used.load(Relaxed) != now {
                place.used.store(now, Relaxed);
            }
            return Arc::clone(&place.slot);
        }
        self.create(principal)
    }

    /// Only a new principal moves the clock: so old ones are those who were not asked for since
    /// some others came.
    #[cold]
    fn create(&self, principal: &Principal) -> Arc<Slot> {
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = others.places.get(principal.id()) {
            return Arc::clone(&place.slot);
        }
        if others.places.len() >= others.room {
            others.make_room();
        }
        let slot = Arc::new(Slot::new(principal));
        let place = Place {
            slot: Arc::clone(&slot),
            used: AtomicU64::new(self.clock.fetch_add(1, Relaxed)),
        };
        others.places.insert(principal.id().into(), place);
        slot
    }

    fn read(&self) -> RwLockReadGuard<'_, Others> {
        self.others.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Others {
    /// Where there are too many, forgets a sixteenth of those for whom nothing is under way, the
    /// least asked for first. Whose epoch has ended is counted apart, because an old call could
    /// begin it again: so many others do not make us forget it.
    fn make_room(&mut self) {
        let (mut ended, mut active) = (Vec::new(), Vec::new());
        for (id, place) in &self.places {
            let used = (place.used.load(Relaxed), Arc::clone(id));
            if place.slot.has_signed_out() {
                ended.push(used);
            } else {
                active.push(used);
            }
        }
        let (most, few) = (self.most, self.most.div_ceil(16).max(1));
        // An active one is about to come.
        for (mut places, allowed) in [(ended, most), (active, most.saturating_sub(1))] {
            if places.len() <= allowed {
                continue;
            }
            places.sort_unstable();
            let excess = places.len() - allowed + few - 1;
            for (_, id) in places.into_iter().take(excess) {
                // A call that is under way would go on with a place of its own.
                let idle =
                    |place: &Place| Arc::strong_count(&place.slot) == 1 && place.slot.is_idle();
                if self.places.get(&id).is_some_and(idle) {
                    self.places.remove(&id);
                }
            }
        }
        // Not before so many have come again.
        self.room = self.places.len() + few;
    }
}

impl fmt::Debug for Principals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principals")
            .field("others", &self.read().places.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn principal(id: &str) -> Principal {
        Principal::new(id)
    }

    #[test]
    fn everybody_has_one_place() {
        let principals = Principals::new(&principal("default"), 10);

        let first = principals.of(&principal("a"));

        assert!(Arc::ptr_eq(&first, &principals.of(&principal("a"))));
        assert!(!Arc::ptr_eq(&first, &principals.of(&principal("b"))));
        let named = principals.of(&principal("default"));
        assert!(Arc::ptr_eq(&named, principals.default()));
    }

    #[test]
    fn who_was_not_asked_for_longest_is_forgotten_first() {
        let principals = Principals::new(&principal("default"), 2);
        for id in ["a", "b", "a", "c"] {
            drop(principals.of(&principal(id)));
        }

        let mut left: Vec<_> = principals.read().places.keys().cloned().collect();
        left.sort();

        assert_eq!(left, ["a", "c"].map(Arc::from));
    }

    #[test]
    fn who_has_a_call_under_way_is_not_forgotten() {
        let principals = Principals::new(&principal("default"), 1);

        let busy = principals.of(&principal("a"));
        for id in ["b", "c", "d"] {
            drop(principals.of(&principal(id)));
        }

        assert!(Arc::ptr_eq(&busy, &principals.of(&principal("a"))));
        assert!(principals.read().places.len() <= 3);
    }
}
