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
    others: RwLock<HashMap<Arc<str>, Place>>,
    most: usize,
    /// Counts look-ups, to know who was asked for last.
    clock: AtomicU64,
}

struct Place {
    slot: Arc<Slot>,
    used: AtomicU64,
}

impl Principals {
    pub(crate) fn new(default: &Principal, most: usize) -> Self {
        Self {
            default: Arc::new(Slot::new(default)),
            others: RwLock::default(),
            most,
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
        if let Some(place) = self.read().get(principal.id()) {
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
        if let Some(place) = others.get(principal.id()) {
            return Arc::clone(&place.slot);
        }
        if others.len() >= self.most {
            let idle = others.iter().filter(|(_, place)| place.slot.is_idle());
            let oldest = idle.min_by_key(|(_, place)| place.used.load(Relaxed));
            if let Some(id) = oldest.map(|(id, _)| Arc::clone(id)) {
                others.remove(&id);
            }
        }
        let slot = Arc::new(Slot::new(principal));
        let used = AtomicU64::new(self.clock.fetch_add(1, Relaxed) + 1);
        let place = Place {
            slot: Arc::clone(&slot),
            used,
        };
        others.insert(principal.id().into(), place);
        slot
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<Arc<str>, Place>> {
        self.others.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Principals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principals")
            .field("others", &self.read().len())
            .field("most", &self.most)
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
        let first = principals.of(&principal("a"));
        let second = principals.of(&principal("b"));
        principals.of(&principal("a"));

        principals.of(&principal("c"));

        assert!(Arc::ptr_eq(&first, &principals.of(&principal("a"))));
        assert!(!Arc::ptr_eq(&second, &principals.of(&principal("b"))));
        assert_eq!(principals.read().len(), 2);
    }
}
