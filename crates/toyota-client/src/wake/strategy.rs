//! When a program that runs by itself wakes a car.

mod movement;
mod state;
#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tower_client::call::InvalidSetting;

use self::movement::Movement;
pub(crate) use self::state::is_plausible;
pub use self::state::{Standing, WakeState};
use super::quota::{age, later};
use crate::model::Distance;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// How a program that runs by itself wakes a car.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WakeOptions {
    /// Whether cars are woken at all. Yes.
    pub enabled: bool,
    /// How often a car is asked after it has stopped, once in each cycle: the first answer can be from
    /// before its doors were locked. At most 5. 2.
    pub wakes_per_stop: u32,
    /// After what time without news a parked car is woken, from 1 to 72 hours, and up to a tenth later;
    /// `None` is never. Never.
    pub idle: Option<Duration>,
    /// How old what the service has may be before it is read again. 30 minutes.
    pub max_age: Duration,
    /// After how many wakes without an answer a car is woken by itself no more, until it gives news. 3.
    pub silent_wakes: u32,
    /// After how many refusals in a row it is woken no more for a week. 2.
    pub rejections: u32,
}

/// What is known in one cycle.
#[derive(Clone, Copy, Debug)]
pub struct Inputs {
    /// What time it is.
    pub now: Timestamp,
    /// Whether a person asks for news.
    pub asked: bool,
    /// What was read.
    pub seen: Seen,
}

/// What was read of a car in one cycle. What could not be read is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seen {
    /// The distance driven.
    pub odometer: Option<Distance>,
    /// When the car reported that.
    pub telemetry: Option<Timestamp>,
    /// When the service last heard of the car.
    pub contact: Option<Timestamp>,
    /// When the car reported the doors, windows and lights that the service has.
    pub status: Option<Timestamp>,
}

/// What is to be done in a cycle, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What is to be done.
    pub action: Action,
    /// What gave rise to it.
    pub why: Trigger,
}

/// What is to be done about a car's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Wake the car, and read until it has answered.
    WakeThenRead,
    /// Read what the service has.
    ReadOnly,
    /// Nothing: what is known is good.
    ServeCache,
    /// Nothing but what is done for cars that are never woken.
    Disabled,
}

/// What gives rise to a wake or a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Trigger {
    /// A person asks.
    Asked,
    /// The car stopped some cycles ago, and is asked once more.
    FollowUp,
    /// The car has stopped.
    Stopped,
    /// The car is moving, and reports by itself.
    Moving,
    /// Nothing was heard of the car for long.
    Idle,
    /// Nothing is special.
    Routine,
}

impl Default for WakeOptions {
    fn default() -> Self {
        Self {
            enabled: true,
            wakes_per_stop: 2,
            idle: None,
            max_age: Duration::from_secs(30 * 60),
            silent_wakes: 3,
            rejections: 2,
        }
    }
}

impl WakeOptions {
    /// Tells whether these can be followed.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] names the first that cannot.
    pub fn check(&self) -> Result<(), InvalidSetting> {
        let good = self.wakes_per_stop <= 5;
        InvalidSetting::unless(good, "wakes_per_stop", self.wakes_per_stop, "at most 5")?;
        let idle = self.idle.unwrap_or(HOUR);
        let good = (HOUR..=72 * HOUR).contains(&idle);
        InvalidSetting::unless(good, "idle", idle, "from 1 to 72 hours")?;
        let good = self.silent_wakes > 0;
        InvalidSetting::unless(good, "silent_wakes", self.silent_wakes, "more than 0")?;
        let good = self.rejections > 0;
        InvalidSetting::unless(good, "rejections", self.rejections, "more than 0")
    }
}

/// Decides what to do about a car's status in this cycle, and what to remember for the next.
///
/// A car is woken when a person asks, when it has stopped, in the cycles after that
/// ([`wakes_per_stop`](WakeOptions::wakes_per_stop)), and after a long silence
/// ([`idle`](WakeOptions::idle)). Whether it moves is told by the odometer, and if that is not known
/// by the dates of its reports; where nothing is known, nothing is taken for a stop, nor is what is seen
/// less than four minutes after it moved: it has not reported yet. One that does not
/// answer, or whose wakes are refused, is woken only when a person asks ([`WakeState::standing`]).
///
/// It counts nothing: before a wake is sent, it has to be spent from a
/// [`WakeLedger`](super::WakeLedger), and what came of it has to be told to the new state.
///
/// ```
/// use jiff::{Timestamp, ToSpan};
/// use toyota_client::model::{Distance, LengthUnit};
/// use toyota_client::wake::{Action, Inputs, Seen, WakeOptions, WakeState, decide};
///
/// let mut now: Timestamp = "2026-03-01T12:00:00Z".parse()?;
/// let mut state = WakeState::new(0);
/// let mut actions = Vec::new();
/// for kilometres in [100.0, 103.0, 103.0, 103.0, 103.0] {
///     let odometer = Some(Distance { value: kilometres, unit: LengthUnit::Kilometre });
///     let seen = Seen { odometer, status: Some(now), ..Seen::default() };
///     let inputs = Inputs { now, asked: false, seen };
///     let (decision, next) = decide(&inputs, &state, &WakeOptions::default());
///     actions.push(decision.action);
///     state = next;
///     now += 6.minutes();
/// }
///
/// let (wake, rest) = (Action::WakeThenRead, Action::ServeCache);
/// assert_eq!(actions, [rest, rest, wake, wake, rest]);
/// # Ok::<_, jiff::Error>(())
/// ```
#[must_use]
pub fn decide(inputs: &Inputs, state: &WakeState, options: &WakeOptions) -> (Decision, WakeState) {
    let now = inputs.now;
    let mut next = state.settled(now);
    let movement = match movement::of(&inputs.seen, &next) {
        Movement::Still if next.has_just_moved(now) => Movement::Unknown,
        movement => movement,
    };
    let stopped = next.is_moving && movement == Movement::Still;
    next.note(inputs, movement);

    let follow_ups = state.follow_ups.min(options.wakes_per_stop);
    let follow_up = follow_ups > 0 && movement != Movement::Moving;
    let why = match () {
        () if inputs.asked => Trigger::Asked,
        () if follow_up => Trigger::FollowUp,
        () if stopped => Trigger::Stopped,
        () if movement == Movement::Moving => Trigger::Moving,
        () if next.is_idle(now, options) => Trigger::Idle,
        () => Trigger::Routine,
    };
    // A car that drives off again stops again.
    next.follow_ups = match movement {
        Movement::Moving => 0,
        _ if stopped => options.wakes_per_stop.saturating_sub(1),
        Movement::Still | Movement::Unknown => follow_ups.saturating_sub(u32::from(follow_up)),
    };

    let may_wake = next.standing(options, now) == Standing::Active;
    let wake = match why {
        Trigger::Asked => true,
        Trigger::Stopped | Trigger::FollowUp => may_wake && options.wakes_per_stop > 0,
        Trigger::Idle => may_wake,
        Trigger::Moving | Trigger::Routine => false,
    };
    let is_old = next
        .reported
        .is_none_or(|reported| age(reported, now) > options.max_age);
    let action = match () {
        () if !options.enabled => Action::Disabled,
        () if wake => Action::WakeThenRead,
        () if stopped || is_old => Action::ReadOnly,
        () => Action::ServeCache,
    };
    (Decision { action, why }, next)
}

impl WakeState {
    /// Whether nothing was heard of the car for so long that it may be asked.
    fn is_idle(&self, now: Timestamp, options: &WakeOptions) -> bool {
        let Some(idle) = options.idle else {
            return false;
        };
        let last = self.reported.max(self.woken).or(self.since);
        last.is_some_and(|last| {
            let wait = SignedDuration::try_from(idle + self.jitter(last, idle / 10));
            later(last, wait.unwrap_or(SignedDuration::MAX)) <= now
        })
    }
}
