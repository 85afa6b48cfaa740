//! How much time has passed, by two clocks.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// A moment on both clocks.
///
/// The monotonic clock stands still while the machine sleeps, the wall clock can be set:
/// whichever says that more time has passed counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) monotonic: Instant,
    pub(crate) wall: SystemTime,
}

impl Moment {
    #[inline]
    pub(crate) fn now() -> Self {
        Self {
            monotonic: Instant::now(),
            wall: SystemTime::now(),
        }
    }

    /// Returns the moment that is so much later, by whichever clock comes there first; `None` for
    /// one that never comes.
    pub(crate) fn after(self, time: Duration) -> Option<Self> {
        Some(Self {
            monotonic: self.monotonic.checked_add(time)?,
            wall: self.wall.checked_add(time)?,
        })
    }

    /// Tells whether this moment has not come yet by either clock.
    #[inline]
    pub(crate) fn is_ahead_of(self, now: Self) -> bool {
        now.monotonic < self.monotonic && now.wall < self.wall
    }

    /// Returns how much time passed from here to `later`.
    pub(crate) fn elapsed_until(self, later: Self) -> Duration {
        let monotonic = later.monotonic.saturating_duration_since(self.monotonic);
        let wall = later.wall.duration_since(self.wall).unwrap_or_default();
        monotonic.max(wall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_that_moved_more_counts() {
        let start = Moment::now();
        let seconds = Duration::from_secs;
        for (monotonic, wall, elapsed) in [
            (10, 10, 10),
            // Asleep: only the wall clock went on.
            (0, 80, 80),
            // The wall clock was set back.
            (30, -500, 30),
            // Both stood still, or a moment before.
            (0, 0, 0),
            (0, -1, 0),
        ] {
            let shift = seconds(i64::unsigned_abs(wall));
            let later = Moment {
                monotonic: start.monotonic + seconds(monotonic),
                wall: if wall < 0 {
                    start.wall - shift
                } else {
                    start.wall + shift
                },
            };

            assert_eq!(
                start.elapsed_until(later),
                seconds(elapsed),
                "{monotonic} {wall}"
            );
        }
    }
}
