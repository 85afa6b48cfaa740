//! What was done in one cycle, and what came of it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::car::{DataSet, Outcome, UpdateReport};
use crate::wake::{Attended, How};
use crate::{Error, Kind, Vin};

/// One cycle of a [`Watch`](super::Watch): what was done, and what came of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Cycle {
    /// When it began.
    pub began: Timestamp,
    /// Why the list of cars could not be had, if it was due: the cars that are known are watched all
    /// the same.
    pub unlisted: Option<Error>,
    /// What was done about each car, in the order of the account.
    pub cars: Vec<CarCycle>,
}

/// What was done about one car in a cycle.
#[derive(Debug)]
#[non_exhaustive]
pub struct CarCycle {
    /// The car.
    pub vin: Vin,
    /// What was asked for, and what came of it, in the order in which it was.
    pub outcomes: Vec<(DataSet, Outcome)>,
    /// What was decided about its doors and windows, and what came of it.
    pub attended: Option<Attended>,
    /// How it was woken for its charge, if it was to be.
    pub charge: Option<How>,
}

impl Cycle {
    pub(super) fn new(began: Timestamp) -> Self {
        Self {
            began,
            unlisted: None,
            cars: Vec::new(),
        }
    }

    /// Returns what could not be had, of all cars.
    pub fn failures(&self) -> impl Iterator<Item = (DataSet, &Error)> {
        self.cars.iter().flat_map(CarCycle::failures)
    }

    /// Returns why the account was refused, if it was: nothing more can be had until it is signed in
    /// anew, and whoever goes on trying with a wrong password can lock it.
    #[must_use]
    pub fn refused(&self) -> Option<&Error> {
        let failures = self.failures().map(|(_, error)| error);
        let mut all = self.unlisted.iter().chain(failures);
        all.find(|error| error.is(Kind::Authentication))
    }

    pub(super) fn unlisted(&mut self, error: Error) {
        self.unlisted = Some(error);
    }

    pub(super) fn add(&mut self, car: CarCycle) {
        self.cars.push(car);
    }
}

impl CarCycle {
    pub(super) fn new(vin: Vin) -> Self {
        Self {
            vin,
            outcomes: Vec::new(),
            attended: None,
            charge: None,
        }
    }

    /// Returns what could not be had.
    pub fn failures(&self) -> impl Iterator<Item = (DataSet, &Error)> {
        self.outcomes.iter().filter_map(|(set, outcome)| {
            let error: &Arc<Error> = match outcome {
                Outcome::Failed(error) => error,
                _ => return None,
            };
            Some((*set, &**error))
        })
    }

    /// Tells whether there is something new of a data set.
    #[must_use]
    pub fn has_updated(&self, set: DataSet) -> bool {
        self.outcomes
            .iter()
            .any(|(it, outcome)| *it == set && matches!(outcome, Outcome::Updated))
    }

    /// Whether a data set was asked for, whatever came of it.
    pub(super) fn has_asked(&self, set: DataSet) -> bool {
        self.outcomes.iter().any(|(it, _)| *it == set)
    }

    /// Takes what was asked for in an update; what was not is no news.
    pub(super) fn read(&mut self, report: &UpdateReport) {
        let asked = report
            .iter()
            .filter(|(_, outcome)| !matches!(outcome, Outcome::Skipped(_)));
        let asked = asked.map(|(set, outcome)| (set, outcome.clone()));
        self.outcomes.extend(asked);
    }

    pub(super) fn failed(&mut self, set: DataSet, outcome: Outcome) {
        self.outcomes.push((set, outcome));
    }

    pub(super) fn attended(&mut self, attended: Attended) {
        self.attended = Some(attended);
    }

    pub(super) fn charge(&mut self, how: How) {
        self.charge = Some(how);
    }

    /// Whether the account is refused, and so every other car.
    pub(super) fn is_pointless(&self) -> bool {
        self.failures()
            .any(|(_, error)| error.is(Kind::Authentication))
    }

    /// Whether the account is refused, or the car is not the account's any more.
    pub(super) fn is_refused(&self) -> bool {
        let mut failures = self.failures();
        self.is_pointless() || failures.any(|(_, error)| error.kind() == Kind::Vehicle)
    }
}
