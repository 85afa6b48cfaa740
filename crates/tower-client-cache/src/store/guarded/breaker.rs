//! Whether a store is asked, or left alone for a while.

use std::time::Duration;

use tokio::time::Instant;

/// A circuit breaker: after some failures in a row it lets nobody through for a while, then one,
/// whose success lets everybody through again.
#[derive(Debug)]
pub(super) struct Breaker {
    state: State,
    /// Counts changes of the state: what was let through before one says nothing about what is after.
    period: u64,
}

/// When a breaker opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) failures: u32,
    pub(super) pause: Duration,
    pub(super) longest_pause: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Everybody is let through; so many have failed since one succeeded.
    Closed { failures: u32 },
    /// Nobody is let through before this time, and one is then.
    Open { until: Instant, pause: Duration },
    /// One is through, and nobody else is let through before it is known what came of that.
    Probing { pause: Duration },
}

/// What it takes to be let through; to be given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pass {
    period: u64,
}

/// What is worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Nobody is let through any more.
    Opened,
    /// Everybody is let through again.
    Closed,
}

impl Breaker {
    pub(super) fn new() -> Self {
        Self {
            state: State::Closed { failures: 0 },
            period: 0,
        }
    }

    /// Lets one through, or nobody: `None`.
    pub(super) fn admit(&mut self, now: Instant) -> Option<Pass> {
        match self.state {
            State::Closed { .. } => {}
            State::Open { until, pause } if until <= now => self.turn(State::Probing { pause }),
            State::Open { .. } | State::Probing { .. } => return None,
        }
        Some(Pass {
            period: self.period,
        })
    }

    /// Notes that it went well.
    pub(super) fn succeeded(&mut self, pass: Pass) -> Option<Change> {
        if pass.period != self.period {
            return None;
        }
        let was_closed = matches!(self.state, State::Closed { .. });
        let closed = State::Closed { failures: 0 };
        if was_closed {
            self.state = closed;
            return None;
        }
        self.turn(closed);
        Some(Change::Closed)
    }

    /// Notes that it failed.
    pub(super) fn failed(&mut self, pass: Pass, now: Instant, limits: &Limits) -> Option<Change> {
        if pass.period != self.period {
            return None;
        }
        match self.state {
            State::Closed { failures } if failures.saturating_add(1) < limits.failures => {
                let failures = failures.saturating_add(1);
                self.state = State::Closed { failures };
                None
            }
            State::Closed { .. } => {
                self.open(now, limits.pause);
                Some(Change::Opened)
            }
            State::Open { pause, .. } | State::Probing { pause } => {
                self.open(now, pause.saturating_mul(2).min(limits.longest_pause));
                None
            }
        }
    }

    /// Notes that nobody waited for what would come of it: another is let through in its place.
    pub(super) fn left(&mut self, pass: Pass, now: Instant) {
        if pass.period == self.period
            && let State::Probing { pause } = self.state
        {
            self.turn(State::Open { until: now, pause });
        }
    }

    /// Returns how it is, in a word.
    pub(super) fn as_str(&self) -> &'static str {
        match self.state {
            State::Closed { .. } => "closed",
            State::Open { .. } => "open",
            State::Probing { .. } => "probing",
        }
    }

    fn open(&mut self, now: Instant, pause: Duration) {
        let until = now + pause;
        self.turn(State::Open { until, pause });
    }

    fn turn(&mut self, state: State) {
        self.state = state;
        self.period = self.period.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const LIMITS: Limits = Limits {
        failures: 3,
        pause: Duration::from_secs(1),
        longest_pause: Duration::from_secs(3),
    };

    #[tokio::test(start_paused = true)]
    async fn opens_after_so_many_failures_in_a_row() {
        for (outcomes, expected) in [
            ("", "closed"),
            ("ff", "closed"),
            ("ffsff", "closed"),
            ("fflf", "open"),
            ("fff", "open"),
            ("sfff", "open"),
        ] {
            let mut breaker = Breaker::new();

            let changes: Vec<_> = outcomes.chars().map(|it| next(&mut breaker, it)).collect();

            assert_eq!(breaker.as_str(), expected, "{outcomes}");
            let opened = changes.iter().flatten().count();
            assert_eq!(opened, usize::from(expected == "open"), "{outcomes}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn lets_nobody_through_until_the_pause_is_over_and_then_one() {
        let mut breaker = opened();

        for _ in 0..10 {
            assert_eq!(breaker.admit(Instant::now()), None);
            advance(LIMITS.pause / 10).await;
        }

        assert!(breaker.admit(Instant::now()).is_some());
        assert_eq!(breaker.as_str(), "probing");
        assert_eq!(breaker.admit(Instant::now()), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_goes_well_lets_everybody_through() {
        let mut breaker = opened();
        advance(LIMITS.pause).await;

        assert_eq!(next(&mut breaker, 's'), Some(Change::Closed));

        assert_eq!(breaker.as_str(), "closed");
        assert_eq!(next(&mut breaker, 'f'), None);
        assert_eq!(next(&mut breaker, 'f'), None);
        assert_eq!(next(&mut breaker, 'f'), Some(Change::Opened));
    }

    #[tokio::test(start_paused = true)]
    async fn each_probe_that_fails_doubles_the_pause_up_to_the_longest() {
        let mut breaker = opened();

        for seconds in [1, 2, 3, 3] {
            advance(Duration::from_millis(seconds * 1000 - 1)).await;
            assert_eq!(breaker.admit(Instant::now()), None, "before {seconds} s");
            advance(Duration::from_millis(1)).await;

            assert_eq!(next(&mut breaker, 'f'), None);
        }

        advance(Duration::from_secs(3)).await;
        next(&mut breaker, 's');
        for _ in 0..3 {
            next(&mut breaker, 'f');
        }
        advance(Duration::from_secs(1)).await;
        assert!(breaker.admit(Instant::now()).is_some(), "as at the first");
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_nobody_waits_for_lets_another_through() {
        let mut breaker = opened();
        advance(LIMITS.pause).await;

        for _ in 0..3 {
            next(&mut breaker, 'l');
        }

        assert_eq!(next(&mut breaker, 's'), Some(Change::Closed));
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_let_through_before_says_nothing_after() {
        let mut breaker = Breaker::new();
        let [early, late] = [(); 2].map(|()| breaker.admit(Instant::now()).unwrap());
        for _ in 0..3 {
            next(&mut breaker, 'f');
        }

        assert_eq!(breaker.succeeded(early), None);
        assert_eq!(breaker.as_str(), "open");
        advance(LIMITS.pause).await;
        let probe = breaker.admit(Instant::now()).unwrap();
        assert_eq!(breaker.failed(late, Instant::now(), &LIMITS), None);
        breaker.left(late, Instant::now());
        assert_eq!(breaker.as_str(), "probing");
        assert_eq!(breaker.succeeded(probe), Some(Change::Closed));
        assert_eq!(breaker.succeeded(probe), None);
    }

    fn opened() -> Breaker {
        let mut breaker = Breaker::new();
        for _ in 0..LIMITS.failures {
            next(&mut breaker, 'f');
        }
        breaker
    }

    /// Lets one through that succeeds (`s`), fails (`f`) or is left (`l`).
    fn next(breaker: &mut Breaker, outcome: char) -> Option<Change> {
        let now = Instant::now();
        let pass = breaker.admit(now).expect("to be let through");
        match outcome {
            's' => breaker.succeeded(pass),
            'f' => breaker.failed(pass, now, &LIMITS),
            _ => {
                breaker.left(pass, now);
                None
            }
        }
    }
}
