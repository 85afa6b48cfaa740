//! What is remembered of a car from one cycle to the next.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::movement::{self, Movement};
use super::{Inputs, WakeOptions};
use crate::wake::quota::later;

/// How long wakes that were refused are not tried: it can have been a fault of the service.
const REJECTED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A car that drives reports every few minutes: until then it seems to stand. Another program that keeps
/// the same car in view may look just after this one.
const STANDS_AFTER: SignedDuration = SignedDuration::from_mins(4);
/// How far a car's clock may be ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// What is remembered of one car, for [`decide`](super::decide): how it moved, how its wakes went.
///
/// To be kept for longer than a process lives; holds nothing that tells whose car it is, but where its
/// odometer stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WakeState {
    seed: u64,
    pub(super) since: Option<Timestamp>,
    pub(super) kilometres: Option<f64>,
    pub(super) telemetry: Option<Timestamp>,
    pub(super) contact: Option<Timestamp>,
    pub(super) reported: Option<Timestamp>,
    pub(super) is_moving: bool,
    /// When it was last seen to move.
    moved: Option<Timestamp>,
    pub(super) follow_ups: u32,
    pub(super) woken: Option<Timestamp>,
    silent_wakes: u32,
    rejections: u32,
    rejected: Option<Timestamp>,
}

/// Whether a car is woken without being asked for, and if not why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// It is.
    Active,
    /// It did not answer several times: until it gives news.
    Silent,
    /// Its wakes were refused: until one is accepted, or so long.
    Rejected {
        /// When it is tried again.
        until: Timestamp,
    },
    /// Switched off by [`WakeOptions::enabled`].
    Off,
}

impl WakeState {
    /// Returns the state of a car of which nothing is known. Cars with different seeds are not all woken
    /// at the same time.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// Tells whether the car is woken without being asked for.
    #[must_use]
    pub fn standing(&self, options: &WakeOptions, now: Timestamp) -> Standing {
        let rejected = self
            .rejected
            .filter(|_| self.rejections >= options.rejections);
        let until = rejected.map(|rejected| later(rejected.min(now), REJECTED_FOR));
        match until {
            _ if !options.enabled => Standing::Off,
            Some(until) if now < until => Standing::Rejected { until },
            _ if self.silent_wakes >= options.silent_wakes => Standing::Silent,
            _ => Standing::Active,
        }
    }

    /// Returns when the car last reported its status, as far as is known.
    #[must_use]
    pub fn reported(&self) -> Option<Timestamp> {
        self.reported
    }

    /// Returns when a wake was last accepted.
    #[must_use]
    pub fn woken(&self) -> Option<Timestamp> {
        self.woken
    }

    /// Returns how many wakes in a row the car has not answered.
    #[must_use]
    pub fn silent_wakes(&self) -> u32 {
        self.silent_wakes
    }

    /// Returns how many wakes in a row were refused.
    #[must_use]
    pub fn rejections(&self) -> u32 {
        self.rejections
    }

    /// A wake was accepted, which is no answer of the car.
    pub fn accepted(&mut self, now: Timestamp) {
        self.woken = Some(now);
        self.rejections = 0;
        self.rejected = None;
    }

    /// A wake was refused.
    pub fn rejected(&mut self, now: Timestamp) {
        self.rejections = self.rejections.saturating_add(1);
        self.rejected = Some(now);
    }

    /// A wake was accepted, and the car has not answered in time.
    pub fn unanswered(&mut self) {
        self.silent_wakes = self.silent_wakes.saturating_add(1);
    }

    /// The car has reported its status at a time, for whatever reason: news if it was not known.
    pub fn reports(&mut self, at: Timestamp, now: Timestamp) {
        let is_news = self.reported.is_none_or(|known| at > known);
        if is_news && is_plausible(at, now) {
            self.reported = Some(at);
            self.silent_wakes = 0;
        }
    }

    /// Takes nothing to have been later than now; tells whether anything was.
    pub(crate) fn settle(&mut self, now: Timestamp) -> bool {
        let settled = Self {
            since: self.since.map(|since| since.min(now)),
            ..self.settled(now)
        };
        let is_other = settled != *self;
        *self = settled;
        is_other
    }

    /// Returns the state as it is for a clock that may have been set back.
    pub(super) fn settled(&self, now: Timestamp) -> Self {
        let past = |time: Option<Timestamp>| time.map(|time| time.min(now));
        Self {
            reported: self.reported.filter(|at| is_plausible(*at, now)),
            since: Some(self.since.map_or(now, |since| since.min(now))),
            woken: past(self.woken),
            moved: past(self.moved),
            rejected: past(self.rejected),
            ..*self
        }
    }

    /// Whether it was seen to move so lately that nothing new of it is no stop.
    pub(super) fn has_just_moved(&self, now: Timestamp) -> bool {
        self.is_moving
            && self
                .moved
                .is_some_and(|moved| now < later(moved, STANDS_AFTER))
    }

    /// Remembers what was seen; what was not seen does not make what was known unknown.
    pub(super) fn note(&mut self, inputs: &Inputs, movement: Movement) {
        let seen = &inputs.seen;
        self.kilometres = movement::kilometres(seen).or(self.kilometres);
        self.telemetry = seen.telemetry.or(self.telemetry);
        self.contact = seen.contact.or(self.contact);
        match movement {
            Movement::Moving => {
                self.is_moving = true;
                self.moved = Some(inputs.now);
            }
            Movement::Still => self.is_moving = false,
            Movement::Unknown => {}
        }
        if let Some(status) = seen.status {
            self.reports(status, inputs.now);
        }
    }

    /// Returns the same part of `most` for the same car and time.
    pub(super) fn jitter(&self, at: Timestamp, most: Duration) -> Duration {
        let mixed = mix(self.seed ^ mix(at.as_millisecond().cast_unsigned()));
        let [part, ..] = mixed.to_be_bytes();
        most * u32::from(part) / 255
    }
}

/// Tells a report from nonsense, after which nothing would be news any more.
pub(crate) fn is_plausible(at: Timestamp, now: Timestamp) -> bool {
    at <= later(now, AHEAD)
}

/// The finaliser of SplitMix64: spreads numbers that lie close.
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
