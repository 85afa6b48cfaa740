//! What could not be recorded.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts what could not be recorded, for all of a registry together.
#[derive(Clone, Debug, Default)]
pub(super) struct Drops(Arc<AtomicU64>);

impl Drops {
    pub(super) fn count(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }

    pub(super) fn reset(&self) {
        self.0.store(0, Relaxed);
    }
}

/// Where a handle's numbers go.
#[derive(Debug)]
pub(super) enum Slot<C> {
    /// To a series.
    Kept(Arc<C>),
    /// Nowhere: the metric is of another kind, or one too many.
    Lost(Drops),
}

impl<C> Slot<C> {
    /// Returns the series, or counts what cannot be recorded.
    pub(super) fn get(&self) -> Option<&C> {
        match self {
            Self::Kept(cell) => Some(cell),
            Self::Lost(drops) => {
                drops.count();
                None
            }
        }
    }

    /// Returns the series, to look at it.
    pub(super) fn peek(&self) -> Option<&C> {
        match self {
            Self::Kept(cell) => Some(cell),
            Self::Lost(_) => None,
        }
    }
}

// Derived, it would ask for `C: Clone`.
impl<C> Clone for Slot<C> {
    fn clone(&self) -> Self {
        match self {
            Self::Kept(cell) => Self::Kept(Arc::clone(cell)),
            Self::Lost(drops) => Self::Lost(drops.clone()),
        }
    }
}
