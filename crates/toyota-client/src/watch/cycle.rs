//! What was done in one cycle, and what came of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::Watched;
use super::task::Task;
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
#[derive(Clone, Debug)]
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
    /// What it came to, also where that was left off.
    tried: BTreeSet<Task>,
    is_left_off: bool,
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
        let of_cars = self.cars.iter().flat_map(CarCycle::errors);
        let mut all = self.unlisted.iter().chain(of_cars);
        all.find(|error| error.is(Kind::Authentication))
    }

    /// Which car's turn it is.
    pub(super) fn turn(&self) -> Option<usize> {
        self.cars.len().checked_sub(1)
    }

    /// The car whose turn it is, and what was done about it.
    pub(super) fn current<'a>(
        &'a mut self,
        watched: &'a mut [Watched],
    ) -> Option<(&'a mut Watched, &'a mut CarCycle)> {
        let watched = watched.get_mut(self.turn()?)?;
        Some((watched, self.cars.last_mut()?))
    }
}

impl CarCycle {
    pub(super) fn new(vin: Vin) -> Self {
        Self {
            vin,
            outcomes: Vec::new(),
            attended: None,
            charge: None,
            tried: BTreeSet::new(),
            is_left_off: false,
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

    /// Begins with something; what [ends](Self::ends) nowhere was left off.
    pub(super) fn begins(&mut self, task: Task) {
        self.tried.insert(task);
        self.is_left_off = true;
    }

    /// Is done with what it began with, and was or was not left off before.
    pub(super) fn ends(&mut self, was_left_off: bool) {
        self.is_left_off = was_left_off;
    }

    pub(super) fn has_tried(&self, task: Task) -> bool {
        self.tried.contains(&task)
    }

    pub(super) fn is_left_off(&self) -> bool {
        self.is_left_off
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

    /// Whether the account is refused, or the car is not the account's any more.
    pub(super) fn is_refused(&self) -> bool {
        self.errors()
            .any(|error| error.is(Kind::Authentication) || error.kind() == Kind::Vehicle)
    }

    /// Whether it came to all that was to be done.
    pub(super) fn is_whole(&self) -> bool {
        !self.is_left_off && !self.is_refused()
    }

    /// What went wrong, also as the car was to be woken.
    fn errors(&self) -> impl Iterator<Item = &Error> {
        let reading = self.attended.as_ref().and_then(|it| it.reading.as_ref());
        let wakes = reading.map(|it| &it.how).into_iter().chain(&self.charge);
        let unwoken = wakes.filter_map(|how| match how {
            How::WakeFailed(error) => Some(&**error),
            _ => None,
        });
        self.failures().map(|(_, error)| error).chain(unwoken)
    }
}
