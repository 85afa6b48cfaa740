//! Panics of the whole program: also those in tasks that nobody joins.

use std::panic;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static PANICS: AtomicU64 = AtomicU64::new(0);

/// Counts panics from now on.
pub(crate) fn watch() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Relaxed);
        tell(info);
    }));
}

/// Returns how many there were.
pub(crate) fn count() -> u64 {
    PANICS.load(Relaxed)
}
