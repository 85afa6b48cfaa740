//! The time of day, by which ages, quotas and periods are told.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

/// A clock that shows the date. What is waited for does not go by it: it can be set back.
///
/// ```
/// use toyota_client::Clock;
///
/// let stopped = Clock::from_fn(|| jiff::Timestamp::UNIX_EPOCH);
///
/// assert_eq!(stopped.now(), jiff::Timestamp::UNIX_EPOCH);
/// ```
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// Creates the system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::from_fn(Timestamp::now)
    }

    /// Creates a clock that shows what `now` returns: for tests, and for simulated time.
    pub fn from_fn(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Returns what it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock").finish_non_exhaustive()
    }
}
