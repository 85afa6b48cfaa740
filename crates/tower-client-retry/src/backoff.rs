//! How long to wait before the next attempt.

use std::time::Duration;

use crate::InvalidSetting;

/// How long to wait before the next attempt: `min(base * factor^n, max)` before the n-th retry,
/// from 0, changed at random by the [`Jitter`].
///
/// ```
/// use std::time::Duration;
///
/// use tower_client_retry::{Backoff, Jitter};
///
/// let backoff = Backoff {
///     base: Duration::from_millis(100),
///     jitter: Jitter::None,
///     ..Backoff::default()
/// };
///
/// let delays = [0, 1, 2].map(|retry| backoff.delay(retry, Duration::ZERO, 0.5));
/// assert_eq!(delays.map(|delay| delay.as_millis()), [100, 200, 400]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    /// The first delay; more than zero. 1 s.
    pub base: Duration,
    /// By how much each is longer than the one before, 1 to 100. 2.
    pub factor: f64,
    /// The longest delay, from `base` to a day. 60 s.
    pub max: Duration,
    /// How it is changed at random. [`Jitter::Full`].
    pub jitter: Jitter,
}

/// How a delay is changed at random, so that clients which failed together do not come back
/// together. `d` is the delay without it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Jitter {
    /// `d`: all come back together.
    None,
    /// Between `d / 2` and `d`.
    Equal,
    /// Between 0 and `d`: spreads best.
    Full,
    /// `d`, more or less by this part of it (0.25: a quarter), and never over the maximum.
    Proportional(f64),
    /// Between the base and three times the delay before, and never over the maximum: grows with
    /// its own chance and not with the number of attempts.
    Decorrelated,
}

const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

impl Default for Backoff {
    fn default() -> Self {
        Self {
            base: Duration::from_secs(1),
            factor: 2.0,
            max: Duration::from_secs(60),
            jitter: Jitter::Full,
        }
    }
}

impl Backoff {
    /// Returns the delay before a retry: the number of the retry from 0, the delay before the last
    /// one, and a random number from 0 to 1.
    #[must_use]
    pub fn delay(&self, retry: u32, previous: Duration, random: f64) -> Duration {
        let (base, max) = (self.base.as_secs_f64(), self.max.as_secs_f64());
        let power = self.factor.powi(i32::try_from(retry).unwrap_or(i32::MAX));
        let delay = (base * power).min(max);
        let seconds = match self.jitter {
            Jitter::None => delay,
            Jitter::Equal => delay / 2.0 * (1.0 + random),
            Jitter::Full => delay * random,
            Jitter::Proportional(part) => delay * (1.0 - part + 2.0 * part * random),
            Jitter::Decorrelated => {
                let most = (previous.as_secs_f64() * 3.0).max(base);
                base + (most - base) * random
            }
        };
        // Neither negative nor endless: `check` saw to that.
        let delay = Duration::try_from_secs_f64(seconds.min(max));
        delay.unwrap_or(self.max).min(self.max)
    }

    pub(crate) fn check(&self) -> Result<(), InvalidSetting> {
        let day = "more than zero, at most a day";
        InvalidSetting::unless(is_time(self.base), "backoff.base", self.base, day)?;
        let max = self.base <= self.max && is_time(self.max);
        InvalidSetting::unless(max, "backoff.max", self.max, "from the base to a day")?;
        let factor = (1.0..=100.0).contains(&self.factor);
        InvalidSetting::unless(factor, "backoff.factor", self.factor, "from 1 to 100")?;
        match self.jitter {
            Jitter::Proportional(part) => {
                let good = part > 0.0 && part <= 1.0;
                InvalidSetting::unless(good, "backoff.jitter", part, "more than 0, at most 1")
            }
            Jitter::None | Jitter::Equal | Jitter::Full | Jitter::Decorrelated => Ok(()),
        }
    }
}

/// Tells whether a setting is a time that something can take.
pub(crate) fn is_time(time: Duration) -> bool {
    !time.is_zero() && time <= LONGEST
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn jittered(jitter: Jitter) -> Backoff {
        Backoff {
            jitter,
            ..Backoff::default()
        }
    }

    #[test]
    fn delays_grow_to_the_maximum_and_stay_there() {
        let backoff = jittered(Jitter::None);

        let delays = [0, 1, 2, 5, 6, 7, u32::MAX].map(|n| backoff.delay(n, SECOND, 0.5).as_secs());

        assert_eq!(delays, [1, 2, 4, 32, 60, 60, 60]);
    }

    #[test]
    fn jitter_moves_a_delay_within_its_bounds() {
        for (jitter, retry, previous, least, most) in [
            (Jitter::None, 2, SECOND, 4.0, 4.0),
            (Jitter::Equal, 2, SECOND, 2.0, 4.0),
            (Jitter::Full, 2, SECOND, 0.0, 4.0),
            (Jitter::Proportional(0.25), 2, SECOND, 3.0, 5.0),
            (Jitter::Proportional(0.25), 9, SECOND, 45.0, 60.0),
            (Jitter::Decorrelated, 0, Duration::ZERO, 1.0, 1.0),
            (Jitter::Decorrelated, 2, SECOND, 1.0, 3.0),
            (Jitter::Decorrelated, 2, 50 * SECOND, 1.0, 60.0),
        ] {
            let backoff = jittered(jitter);

            let bounds = [0.0, 1.0].map(|random| backoff.delay(retry, previous, random));

            let bounds = bounds.map(|delay| delay.as_secs_f64());
            assert_eq!(bounds, [least, most], "{jitter:?} {retry}");
        }
    }

    #[test]
    fn absurd_settings_are_refused_by_name() {
        let good = Backoff::default();
        for (backoff, shown) in [
            (
                Backoff {
                    base: Duration::ZERO,
                    ..good
                },
                "backoff.base is 0ns; allowed is more than zero, at most a day",
            ),
            (
                Backoff {
                    max: Duration::MAX,
                    ..good
                },
                "backoff.max is 18446744073709551615.999999999s; allowed is from the base to a day",
            ),
            (
                Backoff {
                    base: 2 * SECOND,
                    max: SECOND,
                    ..good
                },
                "backoff.max is 1s; allowed is from the base to a day",
            ),
            (
                Backoff {
                    factor: 0.5,
                    ..good
                },
                "backoff.factor is 0.5; allowed is from 1 to 100",
            ),
            (
                Backoff {
                    factor: f64::NAN,
                    ..good
                },
                "backoff.factor is NaN; allowed is from 1 to 100",
            ),
            (
                jittered(Jitter::Proportional(0.0)),
                "backoff.jitter is 0.0; allowed is more than 0, at most 1",
            ),
            (
                jittered(Jitter::Proportional(f64::INFINITY)),
                "backoff.jitter is inf; allowed is more than 0, at most 1",
            ),
        ] {
            assert_eq!(backoff.check().unwrap_err().to_string(), shown);
        }
        assert!(good.check().is_ok());
    }

    fn jitters() -> impl Strategy<Value = Jitter> {
        prop_oneof![
            Just(Jitter::None),
            Just(Jitter::Equal),
            Just(Jitter::Full),
            Just(Jitter::Decorrelated),
            (0.0..=1.0f64)
                .prop_filter("more than 0", |part| *part > 0.0)
                .prop_map(Jitter::Proportional),
        ]
    }

    proptest! {
        #[test]
        fn a_delay_never_exceeds_the_maximum(
            base in 1..=u64::from(u32::MAX),
            more in 0..u64::from(u32::MAX),
            factor in 1.0..=100.0f64,
            jitter in jitters(),
            retry in any::<u32>(),
            previous in any::<u32>(),
            random in 0.0..=1.0f64,
        ) {
            let backoff = Backoff {
                base: Duration::from_micros(base),
                factor,
                max: Duration::from_micros(base + more),
                jitter,
            };
            prop_assert!(backoff.check().is_ok());

            let delay = backoff.delay(retry, Duration::from_micros(previous.into()), random);

            prop_assert!(delay <= backoff.max);
        }
    }
}
