//! The simulator's own time, which tests move forward.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::time::Instant;

/// The last second that an HTTP date can name, the end of the year 9999, less one day of slack.
const HORIZON: Duration = Duration::from_secs(253_402_214_400);

/// A handle to the simulator's time; its clones share it.
///
/// It starts at the system's time, ticks with Tokio's clock, and jumps when told to. The lifetimes
/// of logins, codes and tokens are measured on it.
#[derive(Clone)]
pub struct Clock {
    started: Instant,
    started_at: Duration,
    skipped: Arc<Mutex<Duration>>,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
            started_at: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
            skipped: Arc::default(),
        }
    }

    /// Moves the simulator's time forward.
    ///
    /// It stops moving at the end of the year 9999.
    pub fn advance(&self, by: Duration) {
        let mut skipped = self.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        *skipped = skipped.saturating_add(by).min(HORIZON);
    }

    /// Returns the simulator's time.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        let skipped = *self.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        from_epoch(
            self.started_at
                .saturating_add(self.started.elapsed())
                .saturating_add(skipped),
        )
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock").field("now", &self.now()).finish()
    }
}

/// Returns `at` later by `by`, but never past what an HTTP date can name.
pub(crate) fn later(at: SystemTime, by: Duration) -> SystemTime {
    from_epoch(since_epoch(at).saturating_add(by))
}

/// Returns the whole seconds from the Unix epoch to `at`.
pub(crate) fn epoch_seconds(at: SystemTime) -> u64 {
    since_epoch(at).as_secs()
}

fn since_epoch(at: SystemTime) -> Duration {
    at.duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn from_epoch(since: Duration) -> SystemTime {
    UNIX_EPOCH + since.min(HORIZON)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_clone_shows_the_time_that_was_skipped() {
        let clock = Clock::start();
        let clone = clock.clone();
        let before = clone.now();

        clock.advance(Duration::from_secs(3600));

        assert_eq!(clone.now(), before + Duration::from_secs(3600));
    }

    #[tokio::test(start_paused = true)]
    async fn ticks_with_tokio() {
        let clock = Clock::start();
        let before = clock.now();

        tokio::time::advance(Duration::from_secs(5)).await;

        assert_eq!(clock.now(), before + Duration::from_secs(5));
    }

    #[test]
    fn stops_at_the_last_date_that_http_can_name() {
        let clock = Clock::start();

        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);

        let last = UNIX_EPOCH + HORIZON;
        assert_eq!(clock.now(), last);
        assert_eq!(later(last, Duration::MAX), last);
        assert!(httpdate::fmt_http_date(last).contains("9999"));
    }
}
