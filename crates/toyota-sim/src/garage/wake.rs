//! How a car's modem, and the service's memory of it, behave when they are asked.

use std::{ops::RangeInclusive, time::Duration};

use super::Spec;
use crate::error::InvalidProbability;

/// How long a car takes to answer, as other clients have seen it.
const USUAL: RangeInclusive<Duration> = Duration::from_secs(10)..=Duration::from_secs(25);
/// How long a command is under way to the car.
const TO_THE_CAR: RangeInclusive<Duration> = Duration::from_secs(3)..=Duration::from_secs(6);
/// How long after a command the car reports.
const AND_BACK: RangeInclusive<Duration> = Duration::from_secs(10)..=Duration::from_secs(15);
const AT_ONCE: RangeInclusive<Duration> = Duration::ZERO..=Duration::ZERO;

/// What a wake asks a car for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wake {
    Status,
    Climate,
    Electric,
}

impl Wake {
    /// Returns whether a car that is made like this can be asked for it.
    pub(crate) fn suits(self, spec: &Spec) -> bool {
        match self {
            Self::Status => true,
            Self::Climate => spec.climate.is_some(),
            Self::Electric => spec.traction.is_some(),
        }
    }
}

/// What comes of a wake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is accepted, and the car reports.
    Report,
    /// It is accepted, and the car hears nothing.
    Silence,
    /// It is answered by another `returnCode` than `000000`.
    Rejection,
    /// It is answered by a 403.
    Forbidden,
    /// It is answered by a 500.
    Failure,
}

/// How a car is reached, and how long the service remembers what it said.
///
/// At first a car answers a wake within 10 to 25 seconds, obeys a command within 3 to 6, and reports
/// what that changed 10 to 15 seconds later. The service never forgets its status: it serves the
/// last one, however old.
#[derive(Clone, Debug, PartialEq)]
pub struct WakeBehaviour {
    pub(crate) answer: Answer,
    pub(crate) delay: RangeInclusive<Duration>,
    /// How long a command takes to the car, and what it changed to the service.
    pub(crate) there: RangeInclusive<Duration>,
    pub(crate) back: RangeInclusive<Duration>,
    pub(crate) cold_after: Option<Duration>,
    pub(crate) throttled: f64,
    /// With what the gateway refuses commands under 200, if it does.
    pub(crate) refusal: Option<String>,
}

impl WakeBehaviour {
    fn new(answer: Answer) -> Self {
        Self {
            answer,
            delay: USUAL,
            there: TO_THE_CAR,
            back: AND_BACK,
            cold_after: None,
            throttled: 0.0,
            refusal: None,
        }
    }

    /// Creates a car that reports 10 to 25 seconds after it was woken.
    #[must_use]
    pub fn responsive() -> Self {
        Self::new(Answer::Report)
    }

    /// Creates a car that reports, obeys and reports again as soon as it is asked to, for tests that
    /// do not wait.
    #[must_use]
    pub fn prompt() -> Self {
        Self {
            delay: AT_ONCE,
            there: AT_ONCE,
            back: AT_ONCE,
            ..Self::responsive()
        }
    }

    /// Creates a car in a garage without reception: a wake, or a command, is accepted, nothing comes
    /// of it, and nothing else is heard of the car.
    #[must_use]
    pub fn silent() -> Self {
        Self::new(Answer::Silence)
    }

    /// Creates a car whose wakes are answered with the `returnCode` `010001`.
    #[must_use]
    pub fn rejected() -> Self {
        Self::new(Answer::Rejection)
    }

    /// Creates a car whose wakes are refused with 403 `APIGW-403`.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(Answer::Forbidden)
    }

    /// Creates a car whose wakes fail with 500 `ONE-GLOBAL-RS-40000`.
    #[must_use]
    pub fn failing() -> Self {
        Self::new(Answer::Failure)
    }

    /// Sets how long the car takes to answer a wake; drawn for each by the simulator's seed.
    #[must_use]
    pub fn after_between(mut self, delay: RangeInclusive<Duration>) -> Self {
        self.delay = delay;
        self
    }

    /// Sets how long the car takes to answer a wake.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        self.after_between(delay..=delay)
    }

    /// Has the service forget a status of this age: reads of it are refused with 429 `APIGW-403`
    /// until the car reports again.
    #[must_use]
    pub fn cold_after(mut self, lifetime: Duration) -> Self {
        self.cold_after = Some(lifetime);
        self
    }

    /// Has the service answer commands with another `returnCode` than `000000`, such as `600000`, under
    /// 200: they are not passed on, and nothing comes of them.
    #[must_use]
    pub fn refusing_commands(mut self, return_code: impl Into<String>) -> Self {
        self.refusal = Some(return_code.into());
        self
    }

    /// Has the service refuse reads of the status with 429 `APIGW-403` at random, though it knows
    /// it.
    ///
    /// # Errors
    ///
    /// Fails if the probability is not between 0 and 1.
    pub fn throttled(mut self, probability: f64) -> Result<Self, InvalidProbability> {
        if !(0.0..=1.0).contains(&probability) {
            return Err(InvalidProbability(probability));
        }
        self.throttled = probability;
        Ok(self)
    }
}

impl Default for WakeBehaviour {
    fn default() -> Self {
        Self::responsive()
    }
}
