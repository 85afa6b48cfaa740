//! How long readers wait for a slower one, once not all of the answer is kept.

use std::time::Duration;

use tokio::time::Instant;

use super::places::Place;

/// A reader that keeps others waiting for so long, in all, is cut off.
const PATIENCE: Duration = Duration::from_secs(10);

/// Readers wait for a slower one.
pub(super) struct HeldUp {
    pub(super) since: Instant,
    /// When to look who is to be cut off.
    pub(super) deadline: Instant,
}

impl HeldUp {
    /// `before` is how long others have waited for the slowest already.
    pub(super) fn new(now: Instant, before: Duration) -> Self {
        Self {
            since: now,
            deadline: now + PATIENCE.saturating_sub(before),
        }
    }

    /// Tells whether a reader has kept the others waiting for too long, in all; or else, when it
    /// will have.
    pub(super) fn check(&self, place: &Place, now: Instant) -> Result<(), Instant> {
        let deadline = self.since + PATIENCE.saturating_sub(place.held_up);
        if deadline <= now {
            Ok(())
        } else {
            Err(deadline)
        }
    }
}
