//! What is live, and the most that ever was.

use std::alloc::System;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Measures what is live over what was when it began.
///
/// The peak is the most that was seen: whenever a test [looks](Self::look), which is always at the
/// same moments, and by a thread that looks all the time, for what lives only between these.
pub(crate) struct Meter {
    start: usize,
    peak: Arc<AtomicUsize>,
    ended: Arc<AtomicBool>,
    watch: Option<JoinHandle<()>>,
    /// All threads are counted: one test at a time.
    _alone: MutexGuard<'static, ()>,
}

impl Meter {
    /// Waits until no other test measures, and begins.
    pub(crate) fn start() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let peak = Arc::new(AtomicUsize::new(0));
        let ended = Arc::new(AtomicBool::new(false));
        let watch = thread::spawn({
            let (peak, ended) = (Arc::clone(&peak), Arc::clone(&ended));
            move || {
                while !ended.load(Relaxed) {
                    peak.fetch_max(live(), Relaxed);
                    thread::yield_now();
                }
            }
        });
        let start = live();
        // What was before is not this measurement's.
        peak.store(start, Relaxed);
        Self {
            start,
            peak,
            ended,
            watch: Some(watch),
            _alone: alone,
        }
    }

    /// Begins anew: what was made until now is not this measurement's.
    pub(crate) fn begin_anew(&mut self) {
        self.start = live();
        self.peak.store(self.start, Relaxed);
    }

    /// Returns how many bytes are live over the start.
    pub(crate) fn look(&self) -> usize {
        let live = live();
        self.peak.fetch_max(live, Relaxed);
        live.saturating_sub(self.start)
    }

    /// Returns the most that were live over the start.
    pub(crate) fn peak(&self) -> usize {
        self.look();
        self.peak.load(Relaxed).saturating_sub(self.start)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.ended.store(true, Relaxed);
        if let Some(watch) = self.watch.take() {
            watch.join().unwrap();
        }
    }
}

/// Bytes that are live; fewer if some are freed at this moment, but never more.
fn live() -> usize {
    let stats = ALLOCATOR.stats();
    stats
        .bytes_allocated
        .saturating_sub(stats.bytes_deallocated)
}
