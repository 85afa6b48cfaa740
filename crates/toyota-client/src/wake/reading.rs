//! What a car says of itself, and how new that is.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::quota::age;
use super::{Decision, Standing, Wake, WakeRefusal};
use crate::Error;
use crate::model::{ClimateStatus, Decoded, Electric, Status};
use crate::routes::Feature;

/// How new a reading has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Freshness {
    /// Whatever the service has; nothing is woken.
    Cached,
    /// What the car reported within this time: for what else the car is woken. For programs that run by
    /// themselves: a car that is known not to answer, or to refuse, is not woken.
    WakeIfOlderThan(Duration),
    /// What the car says now: it is woken. For a person who asks.
    Wake,
}

/// What a car reports of itself, and how that was come by.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reading<T> {
    /// What it reports; `None` if the service has nothing.
    pub value: Decoded<Option<T>>,
    /// How it was come by.
    pub how: How,
    /// When the car reported it, if that is told.
    pub reported: Option<Timestamp>,
    /// How long ago that was when it was read; what the car dates in the future was just now.
    pub age: Option<Duration>,
}

/// Doors, windows and lights, and how new that is.
pub type StatusReading = Reading<Status>;

/// How a reading was come by.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum How {
    /// It is what the service had; the car was not woken.
    Cached,
    /// The service has nothing, or does not say so now; the car was not woken.
    Cold,
    /// The car was woken, and has answered.
    Woken {
        /// How long that took.
        after: Duration,
    },
    /// The car was woken and has not answered in time: it may still, or be where nothing reaches it.
    NotYet,
    /// The car was woken and has had time to answer, but what the service has is as it was and carries no
    /// date, as of a climate control that is stopped: it may be the answer, or from before.
    Undated {
        /// How long it was waited for.
        after: Duration,
    },
    /// The car was not woken, as it has been often enough.
    QuotaSpent {
        /// When it may be woken again; `None` if never.
        until: Option<Timestamp>,
    },
    /// The car was not woken, for another reason.
    WakeRefused(WakeRefusal),
    /// The car could not be woken.
    WakeFailed(Arc<Error>),
}

/// What was done about a car's status in one cycle.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attended {
    /// What was decided.
    pub decision: Decision,
    /// Whether the car is woken without being asked for, as it was decided.
    pub standing: Standing,
    /// What was read, if anything was.
    pub reading: Option<StatusReading>,
}

impl How {
    /// Tells whether the car was woken, whatever came of it.
    #[must_use]
    pub fn has_woken(&self) -> bool {
        matches!(
            self,
            Self::Woken { .. } | Self::NotYet | Self::Undated { .. }
        )
    }
}

impl<T> Reading<T> {
    pub(crate) fn new(value: Decoded<Option<T>>, how: How, now: Timestamp) -> Self
    where
        T: Wakeable,
    {
        let reported = value.value.as_ref().and_then(T::reported);
        Self {
            value,
            how,
            reported,
            age: reported.map(|reported| age(reported, now)),
        }
    }
}

/// What a car says when it is woken.
pub(crate) trait Wakeable: PartialEq + Sized {
    const WAKE: Wake;
    const READ: Feature;

    /// Reads the service's answer.
    fn from_answer(answer: Value) -> Decoded<Option<Self>>;

    /// Returns when the car reported it.
    fn reported(&self) -> Option<Timestamp>;

    /// Tells whether this, which has no date, says otherwise than what was read before.
    fn says_otherwise_than(&self, last: &Self) -> bool {
        last.reported().is_none() && self != last
    }
}

impl Wakeable for Status {
    const WAKE: Wake = Wake::Status;
    const READ: Feature = Feature::Status;

    fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        Self::from_answer(answer)
    }

    fn reported(&self) -> Option<Timestamp> {
        self.updated
    }
}

impl Wakeable for Electric {
    const WAKE: Wake = Wake::Electric;
    const READ: Feature = Feature::Electric;

    fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        Self::from_answer(answer)
    }

    fn reported(&self) -> Option<Timestamp> {
        self.updated
    }
}

impl Wakeable for ClimateStatus {
    const WAKE: Wake = Wake::Climate;
    const READ: Feature = Feature::ClimateStatus;

    fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        Self::from_answer(answer)
    }

    /// The former route dates only the temperature.
    fn reported(&self) -> Option<Timestamp> {
        self.updated.or(self.measured)
    }

    /// What runs is dated and what is stopped is not, so that a stop is seen by the state.
    fn says_otherwise_than(&self, last: &Self) -> bool {
        match last.reported() {
            Some(_) => matches!((last.is_on(), self.is_on()), (Some(was), Some(is)) if was != is),
            None => self != last,
        }
    }
}
