//! Which data sets of a car are asked for, and what came of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Car, DataSet, Support};
use crate::{Error, Kind};

/// Which data sets of a car are brought up to date.
///
/// ```
/// use toyota_client::car::{DataSet, Update};
///
/// let quick = Update::all().skip([DataSet::Trips, DataSet::ServiceHistory]);
/// let battery = Update::all().only([DataSet::Electric]);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Update {
    only: Option<BTreeSet<DataSet>>,
    skip: BTreeSet<DataSet>,
    zone: TimeZone,
    is_fresh: bool,
}

/// What came of an update, data set by data set, in the order in which they were asked for.
#[derive(Clone, Debug, Default)]
pub struct UpdateReport {
    outcomes: Vec<(DataSet, Outcome)>,
}

/// What came of a data set in an update.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// There is a value.
    Updated,
    /// The service has nothing of it. What was known before stays.
    Empty,
    /// It was not asked for. What was known before stays.
    Skipped(Skipped),
    /// The car does not have it, which is remembered: it is asked for again a day later, or after an hour
    /// as long as it was refused less than three times in a row.
    Refused(Arc<Error>),
    /// It could not be had this time. What was known before stays.
    Failed(Arc<Error>),
}

/// Why a data set was not asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Skipped {
    /// The update is not to have it.
    Unwanted,
    /// The car does not have it.
    NotSupported,
    /// What failed before it would fail again for all: the account is not signed in, or the car is
    /// not the account's any more.
    Pointless,
}

impl Update {
    /// Everything that the car is not said or known to lack.
    pub fn all() -> Self {
        Self {
            only: None,
            skip: BTreeSet::new(),
            zone: TimeZone::UTC,
            is_fresh: false,
        }
    }

    /// Only these, also those that the list of vehicles says the car lacks.
    pub fn only(mut self, data_sets: impl IntoIterator<Item = DataSet>) -> Self {
        self.only = Some(data_sets.into_iter().collect());
        self
    }

    /// Not these.
    pub fn skip(mut self, data_sets: impl IntoIterator<Item = DataSet>) -> Self {
        self.skip.extend(data_sets);
        self
    }

    /// Begins the day, the week, the month and the year of trips by this zone's calendar, not by
    /// UTC's.
    pub fn in_zone(mut self, zone: TimeZone) -> Self {
        self.zone = zone;
        self
    }

    /// Asks the service for all of it, also for what the client's cache has. For programs that ask so
    /// seldom that an earlier answer is no news.
    pub fn past_cache(mut self) -> Self {
        self.is_fresh = true;
        self
    }

    /// Tells whether it is to have a data set, if the car does.
    #[must_use]
    pub fn wants(&self, data_set: DataSet) -> bool {
        let is_meant = self.only.as_ref().is_none_or(|it| it.contains(&data_set));
        is_meant && !self.skip.contains(&data_set)
    }

    pub(crate) fn is_fresh(&self) -> bool {
        self.is_fresh
    }

    pub(crate) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Why a data set of the car is not to be asked for; `None` if it is.
    pub(crate) fn skipped(&self, car: &Car, data_set: DataSet, now: Timestamp) -> Option<Skipped> {
        if !self.wants(data_set) {
            return Some(Skipped::Unwanted);
        }
        let is_lacking = match car.overrides.get(&data_set) {
            Some(supported) => !supported,
            // It is named.
            None if self.only.is_some() => false,
            None if car.history(data_set).refused().is_some() => {
                car.history(data_set).is_refused_at(now)
            }
            None => car.supports(data_set) == Support::No,
        };
        is_lacking.then_some(Skipped::NotSupported)
    }
}

impl UpdateReport {
    /// Returns what came of each data set, in the order in which they were asked for.
    pub fn iter(&self) -> impl Iterator<Item = (DataSet, &Outcome)> {
        self.outcomes
            .iter()
            .map(|(data_set, outcome)| (*data_set, outcome))
    }

    /// Returns what came of a data set.
    #[must_use]
    pub fn of(&self, data_set: DataSet) -> Option<&Outcome> {
        self.iter()
            .find(|(it, _)| *it == data_set)
            .map(|(_, outcome)| outcome)
    }

    /// Returns what could not be had this time.
    pub fn failures(&self) -> impl Iterator<Item = (DataSet, &Error)> {
        self.iter().filter_map(|(data_set, outcome)| match outcome {
            Outcome::Failed(error) => Some((data_set, &**error)),
            _ => None,
        })
    }

    /// Tells whether nothing failed that was asked for.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failures().next().is_none()
    }

    pub(crate) fn add(&mut self, data_set: DataSet, outcome: Outcome) {
        self.outcomes.push((data_set, outcome));
    }

    /// Whether something failed in a way in which all that comes after would fail too.
    pub(crate) fn is_pointless(&self) -> bool {
        self.failures()
            .any(|(_, error)| error.is(Kind::Authentication) || error.kind() == Kind::Vehicle)
    }
}

#[cfg(test)]
mod tests;
