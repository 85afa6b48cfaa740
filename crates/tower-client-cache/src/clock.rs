//! What time it is.

use std::time::SystemTime;

use tokio::time::Instant;

use crate::policy::Timestamp;

/// The time by two clocks.
///
/// The monotonic clock stands still while the machine sleeps, the wall clock can be set: whichever
/// went further counts, so that nothing is taken for younger than it may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    wall: SystemTime,
    monotonic: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self {
            wall: SystemTime::now(),
            monotonic: Instant::now(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let by_monotonic = self.wall.checked_add(self.monotonic.elapsed());
        let wall = SystemTime::now();
        Timestamp::of(by_monotonic.map_or(wall, |time| time.max(wall)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_clock_that_went_further_counts() {
        let hour = Duration::from_secs(3600);
        let clock = Clock::start();
        let start = clock.now();

        tokio::time::advance(hour).await;
        let later = clock.now();
        let asleep = Clock {
            wall: clock.wall - 2 * hour,
            ..clock
        };

        assert!((3600..=3601).contains(&later.since(start)));
        assert!((0..=1).contains(&asleep.now().since(Timestamp::of(SystemTime::now()))));
    }
}
