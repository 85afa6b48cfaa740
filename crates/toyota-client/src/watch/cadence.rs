//! Which data sets of a car are due: a pure function.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tower_client::call::InvalidSetting;

use crate::car::{DataSet, Outcome};
use crate::wake::Trigger;

/// In how many cycles trips are asked for after a car has stopped.
const TRIPS_AFTER_STOP: u32 = 2;
/// What could not be had is asked for again after this time, if it is not due before.
const AFTER_FAILURE: Duration = Duration::from_secs(30 * 60);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// How often the data sets of a car are asked for.
///
/// What changes while a car is used is asked for in each cycle; what changes only when it has moved, or
/// when somebody enters something, at longer intervals, and as soon as the car has moved. Its doors and
/// windows are not among these: when they are asked for, and when the car is woken for them, is
/// [decided](crate::wake::decide) by how it moves. What could not be had is asked for again half an hour
/// later, or when it is due if that is before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cadence {
    /// The time between the beginnings of two cycles: 5 to 60 minutes. 6 minutes.
    pub cycle: Duration,
    /// The list of the account's cars. 1 hour.
    pub vehicles: Duration,
    /// The position: as soon as the car has moved, or after this time. 1 hour.
    pub location: Duration,
    /// Warning lights: as soon as the car has moved, or after this time. 6 hours.
    pub health: Duration,
    /// Notifications. 30 minutes.
    pub notifications: Duration,
    /// The history of services. 1 day.
    pub service_history: Duration,
    /// What the climate control is set to. 6 hours.
    pub climate_settings: Duration,
    /// Trips: in the two cycles after the car has stopped, as they take some minutes to be there, or
    /// after this time. 6 hours.
    pub trips: Duration,
    /// The battery's charge while the car is charged: then it stands still until the car is woken, which
    /// is done after this time, within its quota; `None` is never. 30 minutes.
    pub charge: Option<Duration>,
}

/// What is known of a car as a cycle begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// When each data set was last asked for, whatever came of it.
    pub(super) asked: BTreeMap<DataSet, Timestamp>,
    /// Of these, what could not be had then.
    pub(super) failed: BTreeSet<DataSet>,
    /// Whether the car has moved since the last cycle that was brought to its end.
    pub(super) has_moved: bool,
    /// In how many cycles the trips are still to be asked for after the car has stopped.
    pub(super) trips_due: u32,
    /// When the car was last woken for its charge.
    pub(super) charge_woken: Option<Timestamp>,
}

impl Marks {
    /// A data set was asked for, and this came of it.
    pub(super) fn asked(&mut self, set: DataSet, outcome: &Outcome, now: Timestamp) {
        match outcome {
            Outcome::Skipped(_) => return,
            Outcome::Failed(_) => self.failed.insert(set),
            _ => self.failed.remove(&set),
        };
        self.asked.insert(set, now);
    }

    /// It was decided by this whether the car moves.
    pub(super) fn moved(&mut self, why: Trigger) {
        self.has_moved |= matches!(why, Trigger::Moving | Trigger::Stopped);
        if why == Trigger::Stopped {
            self.trips_due = TRIPS_AFTER_STOP;
        }
    }

    /// What a car that has moved is asked for was asked for.
    pub(super) fn end_cycle(&mut self) {
        self.has_moved = false;
        self.trips_due = self.trips_due.saturating_sub(1);
    }
}

impl Default for Cadence {
    fn default() -> Self {
        Self {
            cycle: 6 * MINUTE,
            vehicles: HOUR,
            location: HOUR,
            health: 6 * HOUR,
            notifications: 30 * MINUTE,
            service_history: 24 * HOUR,
            climate_settings: 6 * HOUR,
            trips: 6 * HOUR,
            charge: Some(30 * MINUTE),
        }
    }
}

impl Cadence {
    /// Tells whether this can be kept.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] when a cycle is shorter than five minutes, for which the service answers 429, or
    /// longer than an hour, which no drive and no charge can be followed by.
    pub fn check(&self) -> Result<(), InvalidSetting> {
        let good = (5 * MINUTE..=HOUR).contains(&self.cycle);
        InvalidSetting::unless(good, "cycle", self.cycle, "from 5 to 60 minutes")
    }

    /// Returns how long an answer is waited for until it is asked for again; nothing is each cycle.
    fn interval(&self, set: DataSet) -> Option<Duration> {
        match set {
            DataSet::Location => Some(self.location),
            DataSet::Health => Some(self.health),
            DataSet::Notifications => Some(self.notifications),
            DataSet::ServiceHistory => Some(self.service_history),
            DataSet::ClimateSettings => Some(self.climate_settings),
            DataSet::Trips => Some(self.trips),
            DataSet::Electric | DataSet::Telemetry | DataSet::ClimateStatus | DataSet::Status => {
                None
            }
        }
    }
}

/// Returns what is to be asked for in this cycle before it is known whether the car has moved.
pub(super) fn first(now: Timestamp, marks: &Marks, cadence: &Cadence) -> Vec<DataSet> {
    let sets = DataSet::ALL.into_iter();
    let others = sets.filter(|set| !matches!(set, DataSet::Status) && !after_moves(*set));
    others
        .filter(|set| is_due(*set, now, marks, cadence))
        .collect()
}

/// Returns what is to be asked for after that: what changes when the car moves.
pub(super) fn then(now: Timestamp, marks: &Marks, cadence: &Cadence) -> Vec<DataSet> {
    let sets = DataSet::ALL.into_iter().filter(|set| after_moves(*set));
    let is_news = |set: &DataSet| match set {
        DataSet::Trips => marks.trips_due > 0,
        _ => marks.has_moved,
    };
    sets.filter(|set| is_news(set) || is_due(*set, now, marks, cadence))
        .collect()
}

fn after_moves(set: DataSet) -> bool {
    matches!(set, DataSet::Location | DataSet::Health | DataSet::Trips)
}

fn is_due(set: DataSet, now: Timestamp, marks: &Marks, cadence: &Cadence) -> bool {
    let interval = cadence.interval(set);
    let failed = marks.failed.contains(&set);
    match interval.map(|it| if failed { it.min(AFTER_FAILURE) } else { it }) {
        Some(interval) => is_past(marks.asked.get(&set).copied(), interval, now),
        None => true,
    }
}

/// Tells whether a car that is charged is to be woken for what its battery has.
pub(super) fn is_charge_due(now: Timestamp, marks: &Marks, cadence: &Cadence) -> bool {
    let interval = cadence.charge;
    interval.is_some_and(|interval| is_past(marks.charge_woken, interval, now))
}

/// Tells whether so much time is past since then; a clock that was set back makes nothing wait longer.
pub(super) fn is_past(since: Option<Timestamp>, interval: Duration, now: Timestamp) -> bool {
    let interval = SignedDuration::try_from(interval).unwrap_or(SignedDuration::MAX);
    since.is_none_or(|since| {
        let waited = now.duration_since(since);
        waited >= interval || waited.is_negative()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    /// A car of which everything was asked for at the beginning.
    fn marks() -> Marks {
        Marks {
            asked: DataSet::ALL.into_iter().map(|set| (set, at(0))).collect(),
            ..Marks::default()
        }
    }

    #[test]
    fn of_a_new_car_everything_is_asked_for_but_its_status() {
        let (marks, cadence) = (Marks::default(), Cadence::default());

        let first = first(at(0), &marks, &cadence);
        let then = then(at(0), &marks, &cadence);

        assert_eq!(first.len() + then.len(), DataSet::ALL.len() - 1);
        assert!(!first.contains(&DataSet::Status) && !then.contains(&DataSet::Status));
    }

    #[test]
    fn a_car_that_stands_is_asked_for_little() {
        use DataSet::{
            ClimateSettings, ClimateStatus, Electric, Health, Location, Notifications,
            ServiceHistory, Telemetry, Trips,
        };
        let each = [Electric, Telemetry, ClimateStatus];
        for (minutes, also, later) in [
            (6, &[][..], &[][..]),
            (30, &[Notifications], &[]),
            (60, &[Notifications], &[Location]),
            (
                360,
                &[Notifications, ClimateSettings],
                &[Location, Health, Trips],
            ),
            (
                1440,
                &[Notifications, ClimateSettings, ServiceHistory],
                &[Location, Health, Trips],
            ),
        ] {
            let asked = first(at(minutes), &marks(), &Cadence::default());
            let then = then(at(minutes), &marks(), &Cadence::default());

            let mut expected: Vec<_> = each.into_iter().chain(also.iter().copied()).collect();
            expected.sort_by_key(|set| DataSet::ALL.iter().position(|it| it == set));
            assert_eq!(asked, expected, "{minutes}");
            assert_eq!(then, later, "{minutes}");
        }
    }

    #[test]
    fn what_moves_with_the_car_is_asked_for_when_it_has_moved() {
        let moved = Marks {
            has_moved: true,
            ..marks()
        };
        let stopped = Marks {
            trips_due: 1,
            ..marks()
        };

        let moving = then(at(6), &moved, &Cadence::default());
        let parked = then(at(6), &stopped, &Cadence::default());

        assert_eq!(moving, [DataSet::Location, DataSet::Health]);
        assert_eq!(parked, [DataSet::Trips]);
    }

    #[test]
    fn a_car_that_is_charged_is_woken_now_and_then_if_it_may_be() {
        let cadence = Cadence::default();
        let never = Cadence {
            charge: None,
            ..cadence
        };
        let woken = Marks {
            charge_woken: Some(at(0)),
            ..marks()
        };

        assert!(is_charge_due(at(0), &marks(), &cadence));
        assert!(!is_charge_due(at(29), &woken, &cadence));
        assert!(is_charge_due(at(30), &woken, &cadence));
        assert!(!is_charge_due(at(30), &woken, &never));
    }

    #[test]
    fn a_clock_that_was_set_back_holds_nothing_up() {
        let due = then(at(-1), &marks(), &Cadence::default());

        assert_eq!(due, [DataSet::Location, DataSet::Health, DataSet::Trips]);
    }

    #[test]
    fn a_cycle_lasts_from_five_minutes_to_an_hour() {
        for (seconds, good) in [(299, false), (300, true), (3600, true), (3601, false)] {
            let cadence = Cadence {
                cycle: Duration::from_secs(seconds),
                ..Cadence::default()
            };

            assert_eq!(cadence.check().is_ok(), good, "{seconds}");
        }
    }
}
