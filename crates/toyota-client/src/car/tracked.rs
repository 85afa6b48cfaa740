//! A data set over time: what is known, how old it is, and what became of the last attempt.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Outcome;
use super::refusal::Refusal;
use crate::Error;
use crate::model::{Decoded, Warning};

/// The last good value of a data set, and what became of the attempts to have it.
#[derive(Clone, Debug)]
pub struct Tracked<T> {
    value: Option<T>,
    history: History,
}

/// What became of the attempts to have a data set.
#[derive(Clone, Debug, Default)]
pub struct History {
    reported: Option<Timestamp>,
    fetched: Option<Timestamp>,
    answered: Option<Timestamp>,
    warnings: Vec<Warning>,
    failure: Option<LastFailure>,
    refused: Option<Refused>,
    /// How often it was refused since it was answered last.
    refusals: u32,
}

/// When the car was taken for one that does not have it, and for how long.
#[derive(Clone, Copy, Debug)]
struct Refused {
    at: Timestamp,
    held: SignedDuration,
}

/// Why and when a data set could not be had, the last time it was tried.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LastFailure {
    /// Why.
    pub error: Arc<Error>,
    /// When.
    pub at: Timestamp,
    /// How many attempts failed in a row, this one among them.
    pub in_a_row: u32,
}

/// What is known of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataState {
    /// It was never asked for.
    NotFetched,
    /// The car does not have it.
    NotSupported,
    /// The service has nothing of it.
    Empty,
    /// There is a value, which is young enough.
    Fresh {
        /// How old it is.
        age: Duration,
    },
    /// There is a value, which is older than that.
    Stale {
        /// How old it is.
        age: Duration,
    },
    /// There is no value that is young enough, and the last attempt to have one failed.
    Failed {
        /// How old the value is that there is.
        age: Option<Duration>,
    },
}

impl<T> Tracked<T> {
    /// Returns the last value that the service had. One that has nothing any more, and an attempt that
    /// fails, leave it as it was.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// Returns what became of the attempts to have it.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Returns how old the value is, see [`History::age`].
    #[must_use]
    pub fn age(&self, now: Timestamp) -> Option<Duration> {
        self.history.age(now)
    }

    /// Returns what is known of it, see [`History::state`].
    #[must_use]
    pub fn state(&self, now: Timestamp, max_age: Duration) -> DataState {
        self.history.state(now, max_age)
    }

    /// Returns the value, unless the last attempt to have one failed.
    pub(super) fn of_last_attempt(&self) -> Option<&T> {
        self.value
            .as_ref()
            .filter(|_| self.history.failure.is_none())
    }

    pub(super) fn history_mut(&mut self) -> &mut History {
        &mut self.history
    }

    /// Takes what was come by otherwise, such as the status of a car that was woken for it, and when
    /// the car reported that. Nothing leaves the last value.
    pub fn take(
        &mut self,
        answer: Decoded<Option<T>>,
        reported: Option<Timestamp>,
        now: Timestamp,
    ) {
        self.answered(answer, now, |_| reported);
    }

    /// Takes what the service answered. Nothing leaves the last value.
    pub(crate) fn answered(
        &mut self,
        answer: Decoded<Option<T>>,
        now: Timestamp,
        reported: impl FnOnce(&T) -> Option<Timestamp>,
    ) -> Outcome {
        let history = &mut self.history;
        history.answered = Some(now);
        history.failure = None;
        history.refused = None;
        history.refusals = 0;
        history.warnings = answer.warnings;
        let Some(value) = answer.value else {
            return Outcome::Empty;
        };
        history.reported = reported(&value);
        history.fetched = Some(now);
        self.value = Some(value);
        Outcome::Updated
    }
}

impl History {
    /// Returns when the car reported the value, if the value says so.
    #[must_use]
    pub fn reported(&self) -> Option<Timestamp> {
        self.reported
    }

    /// Returns when the value was fetched.
    #[must_use]
    pub fn fetched(&self) -> Option<Timestamp> {
        self.fetched
    }

    /// Returns what had to be left out of the last answer.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Returns why the last attempt failed, if it did.
    #[must_use]
    pub fn failure(&self) -> Option<&LastFailure> {
        self.failure.as_ref()
    }

    /// Returns when it was last taken for what the car does not have, if it is.
    #[must_use]
    pub fn refused(&self) -> Option<Timestamp> {
        self.refused.map(|refused| refused.at)
    }

    /// Returns how old the value is: since the car reported it, or else since it was fetched, also where
    /// the car's clock says that it is from later. `None` without a value.
    #[must_use]
    pub fn age(&self, now: Timestamp) -> Option<Duration> {
        let fetched = self.fetched?;
        let since = self
            .reported
            .map_or(fetched, |reported| reported.min(fetched));
        // A clock that was set back makes nothing younger than new.
        Some(now.duration_since(since).try_into().unwrap_or_default())
    }

    /// Returns what is known of it, where a value older than `max_age` is stale.
    #[must_use]
    pub fn state(&self, now: Timestamp, max_age: Duration) -> DataState {
        match self.age(now) {
            Some(age) if age <= max_age => DataState::Fresh { age },
            age if self.failure.is_some() => DataState::Failed { age },
            Some(age) => DataState::Stale { age },
            None if self.refused.is_some() => DataState::NotSupported,
            None if self.answered.is_some() => DataState::Empty,
            None => DataState::NotFetched,
        }
    }

    /// Whether the service ever answered.
    pub(super) fn is_answered(&self) -> bool {
        self.answered.is_some()
    }

    /// Whether it was refused so lately that it is not asked for again.
    pub(super) fn is_refused_at(&self, now: Timestamp) -> bool {
        self.refused
            .is_some_and(|refused| now.duration_since(refused.at).abs() < refused.held)
    }

    /// Takes that it could not be had now.
    pub(super) fn fail(&mut self, error: Arc<Error>, now: Timestamp) {
        let before = self.failure.as_ref().map_or(0, |failure| failure.in_a_row);
        self.failure = Some(LastFailure {
            error,
            at: now,
            in_a_row: before.saturating_add(1),
        });
    }

    /// Takes that this failure is a refusal, and returns whether that is believed.
    pub(super) fn refuse(&mut self, refusal: Refusal, now: Timestamp) -> bool {
        self.refusals = self.refusals.saturating_add(1);
        let Some(held) = refusal.holds(self.refusals, self.answered.is_some()) else {
            return false;
        };
        self.failure = None;
        self.refused = Some(Refused { at: now, held });
        true
    }
}

impl<T> Default for Tracked<T> {
    fn default() -> Self {
        Self {
            value: None,
            history: History::default(),
        }
    }
}

#[cfg(test)]
mod tests;
