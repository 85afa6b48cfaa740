//! Leases of this process that nobody in it has.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::Key;

/// Keys with a lease that was perhaps granted without anybody hearing of it, or that could not be
/// given back: nobody is fetching under it, and there is nothing to wait for.
///
/// Bounded: of too many the oldest are waited for again.
#[derive(Debug, Default)]
pub(super) struct Lost(Mutex<VecDeque<Key>>);

/// A lease that is lost if this is dropped before it is [known](Losing::known) what became of it.
#[derive(Debug)]
pub(super) struct Losing<'a> {
    lost: &'a Lost,
    /// None when it is known.
    key: Option<&'a Key>,
}

impl Lost {
    const MOST: usize = 256;

    /// Begins what a lease can be lost by.
    pub(super) fn losing<'a>(&'a self, key: &'a Key) -> Losing<'a> {
        Losing {
            lost: self,
            key: Some(key),
        }
    }

    /// Tells whether the lease of a key may be lost.
    pub(super) fn has(&self, key: &Key) -> bool {
        self.keys().contains(key)
    }

    /// Notes that somebody has the lease of a key.
    pub(super) fn found(&self, key: &Key) {
        self.keys().retain(|other| other != key);
    }

    fn note(&self, key: &Key) {
        let mut keys = self.keys();
        if keys.contains(key) {
            return;
        }
        if keys.len() == Self::MOST {
            keys.pop_front();
        }
        keys.push_back(key.clone());
    }

    fn keys(&self) -> MutexGuard<'_, VecDeque<Key>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Losing<'_> {
    /// Says that it is known what became of the lease.
    pub(super) fn known(mut self) {
        self.key = None;
    }
}

impl Drop for Losing<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.lost.note(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Owner;

    #[test]
    fn what_is_not_known_is_lost_until_it_is_found() {
        let lost = Lost::default();
        let [cars, trips] = ["cars", "trips"].map(key);

        lost.losing(&cars).known();
        assert!(!lost.has(&cars));
        drop(lost.losing(&cars));

        assert!(lost.has(&cars) && !lost.has(&trips));
        lost.found(&cars);
        assert!(!lost.has(&cars));
    }

    #[test]
    fn of_too_many_the_oldest_are_not_remembered() {
        let lost = Lost::default();
        let keys: Vec<_> = (0..=Lost::MOST).map(|it| key(&it.to_string())).collect();

        for key in keys.iter().chain(&keys[1..]) {
            drop(lost.losing(key));
        }

        assert!(!lost.has(&keys[0]));
        assert!(keys[1..].iter().all(|key| lost.has(key)));
    }

    fn key(name: &str) -> Key {
        Key::value(Owner::Everyone, name).unwrap()
    }
}
