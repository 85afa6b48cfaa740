//! How long nothing is tried after a failure.

use std::time::Duration;

use tokio::time::Instant;

use crate::AuthError;

/// After a first failure nothing is tried for so long; then for twice as long, and so on.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);
/// The most that a source may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(15 * 60);
/// Waits are longer by up to a quarter, so that many clients do not come back together.
const JITTER: f64 = 0.25;

/// What came in the way of the last fetch, and still does.
#[derive(Debug)]
pub(crate) enum Trouble {
    None,
    /// It passes: tried again at this time.
    Passing {
        error: AuthError,
        failures: u32,
        until: Instant,
    },
    /// It stays until the credentials change; the store is looked at again at this time.
    Lasting {
        error: AuthError,
        look: Instant,
    },
}

impl Trouble {
    /// Returns why nothing is tried now.
    pub(crate) fn hinders(&self, now: Instant) -> Option<AuthError> {
        match self {
            Self::None => None,
            Self::Passing { error, until, .. } => {
                let wait = until.saturating_duration_since(now);
                (!wait.is_zero()).then(|| error.not_yet(wait))
            }
            Self::Lasting { error, .. } => Some(error.clone()),
        }
    }

    /// Tells whether it is time to see if another process has changed the credentials.
    pub(crate) fn looks_again(&self, now: Instant) -> bool {
        matches!(self, Self::Lasting { look, .. } if *look <= now)
    }

    /// The store was looked at.
    pub(crate) fn note_look(&mut self, now: Instant) {
        if let Self::Lasting { look, .. } = self {
            *look = now + LONGEST;
        }
    }

    /// Another fetch failed; `asked` is what the source wants, `random` from 0 to 1.
    pub(crate) fn worsen(
        &mut self,
        error: AuthError,
        lasting: bool,
        asked: Option<Duration>,
        now: Instant,
        random: f64,
    ) {
        if lasting {
            let look = now + LONGEST;
            *self = Self::Lasting { error, look };
            return;
        }
        let failures = match self {
            Self::Passing { failures, .. } => failures.saturating_add(1),
            Self::None | Self::Lasting { .. } => 1,
        };
        let wait = backoff(failures).mul_f64(1.0 + JITTER * random);
        let asked = asked.unwrap_or_default().min(LONGEST_ASKED);
        *self = Self::Passing {
            error,
            failures,
            until: now + wait.max(asked),
        };
    }
}

/// One second after the first failure, a minute in the end.
fn backoff(failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(6);
    (SHORTEST * 2_u32.pow(doublings)).min(LONGEST)
}

/// A credential that was refused as soon as it came: another one would hardly be better.
///
/// An endpoint that answers every token with 401 costs one fetch at first, and in the end one a
/// minute, and no other endpoint its credential.
#[derive(Debug)]
pub(crate) struct Rejection {
    generation: u64,
    times: u32,
    until: Instant,
}

impl Rejection {
    /// Tells whether its refusals are left to those who meet them.
    pub(crate) fn holds_back(&self, now: Instant) -> bool {
        now < self.until
    }

    /// Tells whether it is this generation that was refused.
    pub(crate) fn is_of(&self, generation: u64) -> bool {
        self.generation == generation
    }

    /// What is known when this generation was refused as soon as it came. Each counts once,
    /// however many calls it is refused to at a time.
    pub(crate) fn after(last: Option<Self>, generation: u64, now: Instant) -> Self {
        let times = last.map_or(0, |last| last.times).saturating_add(1);
        Self {
            generation,
            times,
            until: now + backoff(times),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TokenError;
    use crate::error::Failure;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn busy() -> AuthError {
        Failure::Source(TokenError::transient("busy")).into()
    }

    #[test]
    fn failures_back_off_from_a_second_to_a_minute() {
        let now = Instant::now();
        let mut trouble = Trouble::None;
        for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
            trouble.worsen(busy(), false, None, now, 0.0);

            let told = trouble.hinders(now).unwrap().retry_after();
            assert_eq!(told, Some(seconds(wait)));
            assert!(trouble.hinders(now + seconds(wait)).is_none());
        }
    }

    #[test]
    fn jitter_makes_waits_longer_by_up_to_a_quarter() {
        let now = Instant::now();
        let mut trouble = Trouble::None;

        trouble.worsen(busy(), false, None, now, 1.0);

        let told = trouble.hinders(now).unwrap().retry_after();
        assert_eq!(told, Some(Duration::from_millis(1250)));
    }

    #[test]
    fn a_source_may_ask_for_more_up_to_a_quarter_of_an_hour() {
        let now = Instant::now();
        for (asked, wait) in [(0, 1), (30, 30), (900, 900), (u64::MAX, 900)] {
            let mut trouble = Trouble::None;

            trouble.worsen(busy(), false, Some(seconds(asked)), now, 0.0);

            let told = trouble.hinders(now).unwrap().retry_after();
            assert_eq!(told, Some(seconds(wait)), "{asked}");
        }
    }

    #[test]
    fn a_lasting_failure_stays_and_the_store_is_looked_at_once_a_minute() {
        let now = Instant::now();
        let mut trouble = Trouble::None;

        trouble.worsen(busy(), true, None, now, 0.0);

        assert!(trouble.hinders(now + seconds(100_000)).is_some());
        assert!(!trouble.looks_again(now + seconds(59)));
        assert!(trouble.looks_again(now + seconds(60)));
    }

    #[test]
    fn a_rejection_holds_back_longer_each_time() {
        let now = Instant::now();
        let mut rejection = None;
        for (generation, wait) in [(2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 32), (8, 60)] {
            let known = Rejection::after(rejection, generation, now);

            assert!(known.is_of(generation) && !known.is_of(generation + 1));
            assert!(known.holds_back(now));
            assert!(!known.holds_back(now + seconds(wait)));
            rejection = Some(known);
        }
    }
}
