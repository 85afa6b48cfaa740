//! When a credential is renewed: in the background, then while callers wait.

use std::time::Duration;

/// The last part of a lifetime in which a credential is renewed while it serves: the longer of
/// this and a tenth of the lifetime.
const SOFT: Duration = Duration::from_secs(60);
/// The last part in which callers wait for the next: a request takes a while to arrive.
const HARD: Duration = Duration::from_secs(5);
/// The soft window is longer by up to a quarter, so that many clients do not renew together.
const JITTER: f64 = 0.25;

/// How good a credential still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Freshness {
    /// Of no use.
    Expired,
    /// Good, but not for long enough: callers wait for the next.
    Hard,
    /// Good, and to be renewed in the background.
    Soft,
    /// Good.
    Fresh,
}

/// How long before its end a credential is renewed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Windows {
    soft: Duration,
    hard: Duration,
}

impl Windows {
    /// Decides the windows of a lifetime; `random` is from 0 to 1.
    ///
    /// Neither is longer than half of the lifetime, and the hard one never longer than half of the
    /// soft one: a token of ten seconds is renewed in its second half, and makes nobody wait
    /// before the last quarter.
    pub(crate) fn of(lifetime: Duration, random: f64) -> Self {
        let soft = SOFT.max(lifetime / 10).mul_f64(1.0 + JITTER * random);
        let soft = soft.min(lifetime / 2);
        let hard = HARD.min(soft / 2);
        Self { soft, hard }
    }

    /// Returns for how much of what remains nothing has to be done.
    pub(crate) fn fresh_part(self, remaining: Duration) -> Duration {
        remaining.saturating_sub(self.soft)
    }

    pub(crate) fn judge(self, remaining: Duration) -> Freshness {
        if remaining > self.soft {
            Freshness::Fresh
        } else if remaining > self.hard {
            Freshness::Soft
        } else if remaining.is_zero() {
            Freshness::Expired
        } else {
            Freshness::Hard
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_soft_window_is_a_minute_or_a_tenth_and_never_more_than_half() {
        for (lifetime, soft, hard) in [
            (36_000, 3600, 5),
            (3600, 360, 5),
            (600, 60, 5),
            (300, 60, 5),
            (120, 60, 5),
            (100, 50, 5),
            (20, 10, 5),
            (8, 4, 2),
            (0, 0, 0),
        ] {
            let windows = Windows::of(seconds(lifetime), 0.0);

            assert_eq!(windows.soft, seconds(soft), "{lifetime}");
            assert_eq!(windows.hard, seconds(hard), "{lifetime}");
        }
    }

    #[test]
    fn jitter_makes_the_soft_window_longer_by_up_to_a_quarter() {
        assert_eq!(Windows::of(seconds(3600), 1.0).soft, seconds(450));
        assert_eq!(Windows::of(seconds(600), 1.0).soft, seconds(75));
        // Half of the lifetime is the most.
        assert_eq!(Windows::of(seconds(120), 1.0).soft, seconds(60));
    }

    #[test]
    fn what_remains_decides() {
        let windows = Windows::of(seconds(3600), 0.0);
        for (remaining, freshness) in [
            (seconds(3600), Freshness::Fresh),
            (seconds(361), Freshness::Fresh),
            (seconds(360), Freshness::Soft),
            (seconds(6), Freshness::Soft),
            (seconds(5), Freshness::Hard),
            (Duration::from_nanos(1), Freshness::Hard),
            (Duration::ZERO, Freshness::Expired),
        ] {
            assert_eq!(windows.judge(remaining), freshness, "{remaining:?}");
        }
    }

    #[test]
    fn a_short_life_has_a_part_that_nobody_waits_in() {
        for millis in [1, 10, 500, 1000, 5000, 20_000] {
            let lifetime = Duration::from_millis(millis);

            let windows = Windows::of(lifetime, 1.0);

            assert_eq!(windows.judge(lifetime), Freshness::Fresh, "{millis}");
            assert_eq!(windows.judge(lifetime * 2 / 5), Freshness::Soft, "{millis}");
        }
    }
}
