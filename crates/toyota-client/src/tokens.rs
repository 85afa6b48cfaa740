//! The tokens of a signed-in account, and how long they are good for.

use std::fmt;
use std::time::{Duration, SystemTime};

use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

/// Renewed this long before the end, but never before half of the lifetime.
const MARGIN: Duration = Duration::from_secs(60);
/// A year: beyond that, an `expires_in` is a mistake.
const MAX_LIFETIME: Duration = Duration::from_secs(365 * 24 * 3600);

/// The tokens of a signed-in account.
///
/// Secrets are zeroised on drop and never shown.
#[derive(Clone)]
pub struct Tokens {
    pub(crate) access: SecretString,
    pub(crate) refresh: SecretString,
    pub(crate) user: SecretString,
    received: Received,
    lifetime: Duration,
}

/// A moment on both clocks.
///
/// The monotonic clock stands still while the machine sleeps, the wall clock can be set: whichever
/// says that more time has passed is right enough.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Received {
    monotonic: Instant,
    wall: SystemTime,
}

impl Received {
    pub(crate) fn now() -> Self {
        Self {
            monotonic: Instant::now(),
            wall: SystemTime::now(),
        }
    }

    fn elapsed_until(self, now: Self) -> Duration {
        let monotonic = now.monotonic.saturating_duration_since(self.monotonic);
        let wall = now.wall.duration_since(self.wall).unwrap_or_default();
        monotonic.max(wall)
    }
}

impl Tokens {
    /// `None` when a text cannot be part of a header.
    pub(crate) fn new(
        access: SecretString,
        refresh: SecretString,
        user: SecretString,
        received: Received,
        lifetime_secs: u64,
    ) -> Option<Self> {
        let fits = |text: &SecretString| {
            let text = text.expose_secret();
            text.len() <= 16 * 1024 && text.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let lifetime = Duration::from_secs(lifetime_secs).min(MAX_LIFETIME);
        if !(fits(&access) && fits(&user)) {
            return None;
        }
        Some(Self {
            access,
            refresh,
            user,
            received,
            lifetime,
        })
    }

    /// Returns how long the access token is still good for.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.remaining_at(Received::now())
    }

    /// Tells whether the access token should be used: it has more left than a minute, or than half
    /// of its lifetime where that is shorter.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.is_fresh_at(Received::now())
    }

    fn remaining_at(&self, now: Received) -> Duration {
        self.lifetime
            .saturating_sub(self.received.elapsed_until(now))
    }

    fn is_fresh_at(&self, now: Received) -> bool {
        self.remaining_at(now) > MARGIN.min(self.lifetime / 2)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(lifetime_secs: u64, received: Received) -> Tokens {
        let text = || SecretString::from("s3cret");
        Tokens::new(text(), text(), text(), received, lifetime_secs).unwrap()
    }

    fn later(from: Received, monotonic: u64, wall: i64) -> Received {
        let shift = Duration::from_secs(wall.unsigned_abs());
        Received {
            monotonic: from.monotonic + Duration::from_secs(monotonic),
            wall: if wall < 0 {
                from.wall - shift
            } else {
                from.wall + shift
            },
        }
    }

    #[tokio::test(start_paused = true)]
    async fn stays_fresh_until_a_minute_or_half_its_life_is_left() {
        let start = Received::now();
        for (lifetime, age, fresh) in [
            (3599, 0, true),
            (3599, 3538, true),
            (3599, 3539, false),
            (10, 4, true),
            (10, 5, false),
            (1, 0, true),
            (1, 1, false),
        ] {
            let now = later(start, age, age.try_into().unwrap());

            let tokens = tokens(lifetime, start);

            assert_eq!(tokens.is_fresh_at(now), fresh, "{lifetime} {age}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_clock_that_moved_more_counts() {
        let start = Received::now();
        let tokens = tokens(100, start);

        for (monotonic, wall, remaining) in [
            (10, 10, 90),
            // Asleep: only the wall clock went on.
            (0, 80, 20),
            // The wall clock was set back.
            (30, -500, 70),
            (200, 200, 0),
        ] {
            let left = tokens.remaining_at(later(start, monotonic, wall));

            assert_eq!(left, Duration::from_secs(remaining), "{monotonic} {wall}");
        }
    }

    #[tokio::test]
    async fn absurd_lifetimes_are_cut_and_nothing_overflows() {
        let tokens = tokens(u64::MAX, Received::now());

        assert!(tokens.remaining() <= MAX_LIFETIME);
        assert!(!format!("{tokens:?}").contains("s3cret"));
    }
}
