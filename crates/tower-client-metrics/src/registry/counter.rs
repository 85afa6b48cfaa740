//! A number that grows.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use super::drops::Slot;

/// A counter of a [`Registry`](crate::Registry).
///
/// Cheap to clone and to use; all clones count together.
#[derive(Clone, Debug)]
pub struct Counter(pub(super) Slot<CounterCell>);

impl Counter {
    /// Adds to it. Beyond [`u64::MAX`] it starts again from 0.
    pub fn increment(&self, by: u64) {
        if let Some(cell) = self.0.get() {
            cell.increment(by);
        }
    }

    /// Returns what was counted so far.
    #[must_use]
    pub fn value(&self) -> u64 {
        let read = self.0.peek().and_then(CounterCell::read);
        read.unwrap_or_default()
    }
}

/// The numbers of one counter.
#[derive(Debug, Default)]
pub(super) struct CounterCell {
    value: AtomicU64,
    /// Whether it is shown although it is 0.
    used: AtomicBool,
}

impl CounterCell {
    pub(super) fn increment(&self, by: u64) {
        self.value.fetch_add(by, Relaxed);
        // Loaded first: a store would take the cache line from the other threads each time.
        if !self.used.load(Relaxed) {
            self.used.store(true, Relaxed);
        }
    }

    /// Returns its value, if it was ever used.
    pub(super) fn read(&self) -> Option<u64> {
        let value = self.value.load(Relaxed);
        (value != 0 || self.used.load(Relaxed)).then_some(value)
    }

    pub(super) fn reset(&self) {
        self.used.store(false, Relaxed);
        self.value.store(0, Relaxed);
    }
}
