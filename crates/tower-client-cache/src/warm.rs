//! Header fields of what is served often, ready to be copied.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use http::HeaderMap;

use crate::Entry;

/// Keeps the fields that a few hundred entries were served with last.
///
/// Entries keep their fields [packed](crate::Fields), a fifth of the memory of a [`HeaderMap`], and
/// to unpack them costs three times what a copy of the map does. What is served often is served
/// again within the same second, with the same `Age`: then it is a copy.
pub(crate) struct Warm(Box<[Mutex<Option<Served>>]>);

struct Served {
    /// Weak, so that a forgotten entry's content is freed; while it is here no other entry has this
    /// address.
    entry: Weak<Entry>,
    age: u32,
    headers: HeaderMap,
}

impl Warm {
    const SLOTS: usize = 256;

    pub(crate) fn new() -> Self {
        let empty = || Mutex::new(None);
        Self(std::iter::repeat_with(empty).take(Self::SLOTS).collect())
    }

    /// Returns the fields of an entry at this age, made by `make` if they are not there. `slot` is
    /// a number that the entry's key always has.
    pub(crate) fn headers(
        &self,
        entry: &Arc<Entry>,
        slot: u64,
        age: u32,
        make: impl FnOnce() -> HeaderMap,
    ) -> HeaderMap {
        let Some(slot) = self.slot(slot) else {
            return make();
        };
        {
            let served = slot.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(served) = &*served
                && served.age == age
                && std::ptr::eq(served.entry.as_ptr(), Arc::as_ptr(entry))
            {
                return served.headers.clone();
            }
        }
        let headers = make();
        let served = Served {
            entry: Arc::downgrade(entry),
            age,
            headers: headers.clone(),
        };
        let before = slot
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(served);
        drop(before);
        headers
    }

    fn slot(&self, number: u64) -> Option<&Mutex<Option<Served>>> {
        let count = u64::try_from(self.0.len()).ok()?;
        self.0.get(usize::try_from(number % count).ok()?)
    }
}

impl fmt::Debug for Warm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Warm").finish_non_exhaustive()
    }
}
