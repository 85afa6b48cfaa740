//! The end of a call's use.

use std::time::Duration;

use http::Request;
use tokio::time::Instant;

/// The instant after which no answer to a call is of use.
///
/// A layer that waits (to retry, for a credential, for its turn) does not begin a wait that cannot
/// end before it. Absent, there is no deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deadline(Instant);

impl Deadline {
    /// Creates a deadline at an instant.
    #[must_use]
    pub const fn at(instant: Instant) -> Self {
        Self(instant)
    }

    /// Creates a deadline this long from now; one too far away to be told is put 30 years ahead.
    #[must_use]
    pub fn within(time: Duration) -> Self {
        const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
        let now = Instant::now();
        Self(now.checked_add(time.min(FAR)).unwrap_or(now))
    }

    /// Returns the deadline of a request.
    #[must_use]
    pub fn of<B>(request: &Request<B>) -> Option<Self> {
        request.extensions().get().copied()
    }

    /// Returns the instant.
    #[must_use]
    pub const fn instant(self) -> Instant {
        self.0
    }

    /// Returns the time left, zero when it has passed.
    #[must_use]
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_remains_shrinks_to_nothing() {
        let deadline = Deadline::within(Duration::from_secs(10));

        tokio::time::advance(Duration::from_secs(4)).await;
        assert_eq!(deadline.remaining(), Duration::from_secs(6));

        tokio::time::advance(Duration::from_secs(40)).await;
        assert_eq!(deadline.remaining(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn for_ever_is_a_long_time() {
        assert!(Deadline::within(Duration::MAX).remaining() > Duration::from_secs(1 << 29));
    }
}
