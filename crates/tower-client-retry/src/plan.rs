//! Whether there is a next attempt, and when: the layer's part of the decision.

use std::time::Duration;

use tower_client_call::StopReason;

/// How much longer than asked for a wait may become, so that not all come back at once.
const SPREAD: f64 = 0.1;

/// What the next attempt depends on, after the policy has allowed it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prospect {
    /// The jittered backoff.
    pub(crate) backoff: Duration,
    /// How long the server, or a cool-down, asks to wait; and the longest such wait.
    pub(crate) asked: Option<Duration>,
    pub(crate) longest: Duration,
    /// The time left to the call.
    pub(crate) remaining: Option<Duration>,
    /// From 0 to 1.
    pub(crate) random: f64,
}

impl Prospect {
    /// Returns how long to wait before the next attempt, or why there is none.
    pub(crate) fn wait(&self) -> Result<Duration, StopReason> {
        let wait = match self.asked {
            Some(asked) if asked > self.longest => return Err(StopReason::RetryAfterTooLong),
            Some(asked) => asked.max(self.backoff),
            None => self.backoff,
        };
        let spread = match self.asked {
            Some(_) => spread(wait, self.longest, self.random),
            None => wait,
        };
        in_time(wait, spread, self.remaining).ok_or(StopReason::Deadline)
    }
}

/// The spread wait, or the wait itself if only that ends in time; `None` if neither does.
pub(crate) fn in_time(
    wait: Duration,
    spread: Duration,
    remaining: Option<Duration>,
) -> Option<Duration> {
    match remaining {
        Some(remaining) if wait >= remaining => None,
        Some(remaining) if spread >= remaining => Some(wait),
        Some(_) | None => Some(spread),
    }
}

/// Makes a wait up to a tenth longer, but not longer than `longest` for that.
pub(crate) fn spread(wait: Duration, longest: Duration, random: f64) -> Duration {
    let more = wait.mul_f64((SPREAD * random).clamp(0.0, SPREAD));
    wait.saturating_add(more).min(longest.max(wait))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    const FIRST: Prospect = Prospect {
        backoff: SECOND,
        asked: None,
        longest: Duration::from_secs(60),
        remaining: None,
        random: 0.0,
    };

    #[test]
    fn the_longer_of_backoff_and_what_is_asked_is_waited() {
        for (asked, random, wait) in [
            (None, 0.0, 1.0),
            (None, 1.0, 1.0),
            (Some(0.0), 0.0, 1.0),
            (Some(0.5), 0.0, 1.0),
            (Some(10.0), 0.0, 10.0),
            (Some(10.0), 0.5, 10.5),
            (Some(10.0), 1.0, 11.0),
            (Some(58.0), 1.0, 60.0),
            (Some(60.0), 1.0, 60.0),
        ] {
            let asked = asked.map(Duration::from_secs_f64);
            let prospect = Prospect {
                asked,
                random,
                ..FIRST
            };

            let waited = prospect.wait().map(|wait| wait.as_secs_f64());

            assert_eq!(waited, Ok(wait), "{asked:?} {random}");
        }
    }

    #[test]
    fn chance_does_not_make_a_wait_too_long() {
        let prospect = Prospect {
            asked: Some(Duration::from_secs(10)),
            remaining: Some(Duration::from_millis(10_500)),
            random: 0.9,
            ..FIRST
        };

        assert_eq!(prospect.wait(), Ok(Duration::from_secs(10)));
    }

    #[test]
    fn there_is_no_next_attempt_that_cannot_be_in_time() {
        use StopReason::{Deadline, RetryAfterTooLong};
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (asked, remaining, wait) in [
            (None, None, Ok(SECOND)),
            (None, seconds(2), Ok(SECOND)),
            (None, seconds(1), Err(Deadline)),
            (None, seconds(0), Err(Deadline)),
            (seconds(30), seconds(31), Ok(30 * SECOND)),
            (seconds(30), seconds(30), Err(Deadline)),
            (seconds(61), None, Err(RetryAfterTooLong)),
            (seconds(61), seconds(2), Err(RetryAfterTooLong)),
            (Some(Duration::MAX), None, Err(RetryAfterTooLong)),
        ] {
            let prospect = Prospect {
                asked,
                remaining,
                ..FIRST
            };

            assert_eq!(prospect.wait(), wait, "{prospect:?}");
        }
    }

    proptest! {
        #[test]
        fn a_wait_is_as_long_as_asked_and_ends_before_the_deadline(
            backoff in 0..200_000u64,
            asked in proptest::option::of(0..100_000u64),
            longest in 1..100_000u64,
            remaining in proptest::option::of(0..200_000u64),
            random in 0.0..=1.0f64,
        ) {
            let time = Duration::from_millis;
            let prospect = Prospect {
                backoff: time(backoff),
                asked: asked.map(time),
                longest: time(longest),
                remaining: remaining.map(time),
                random,
            };

            if let Ok(wait) = prospect.wait() {
                prop_assert!(wait >= time(backoff));
                prop_assert!(wait >= time(asked.unwrap_or(0)));
                prop_assert!(wait <= time(longest).max(time(backoff)));
                prop_assert!(remaining.is_none_or(|remaining| wait < time(remaining)));
            }
        }
    }
}
