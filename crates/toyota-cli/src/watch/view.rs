//! What is known of the cars that are watched, and of the watching: what is drawn.

use std::time::Duration;

use jiff::Timestamp;
use toyota_client::car::{Car, DataSet};
use toyota_client::wake::WakeRecord;
use toyota_client::watch::{Cadence, CarCycle, Cycle};
use toyota_client::{Error, Kind};

use super::totals::Totals;

/// What a car reports by itself, when it is used, is old after a day without a word of it.
const REPORTED: Duration = Duration::from_secs(24 * 60 * 60);

/// What is known after a cycle, and what is being done.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) cars: Vec<Watched>,
    pub(crate) last: Option<LastCycle>,
    pub(crate) doing: Doing,
    pub(crate) totals: Totals,
    pub(crate) cadence: Cadence,
}

/// A car, and how it was woken.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub(crate) car: Car,
    pub(crate) wakes: WakeRecord,
}

/// The cycle that was made last.
#[derive(Debug)]
pub(crate) struct LastCycle {
    /// Which it was, from 1.
    pub(crate) number: u32,
    pub(crate) cycle: Cycle,
    pub(crate) took: Duration,
}

/// What a watch does at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// It makes a cycle.
    Asking {
        /// For how long already.
        since: Duration,
    },
    /// It waits for the next.
    Waiting {
        /// For how long still.
        left: Duration,
    },
    /// It has made its last cycle.
    Done,
}

impl View {
    /// Returns what is known before anything was asked.
    pub(crate) fn new(cadence: Cadence) -> Self {
        Self {
            cars: Vec::new(),
            last: None,
            doing: Doing::Asking {
                since: Duration::ZERO,
            },
            totals: Totals::default(),
            cadence,
        }
    }

    /// Returns what the last cycle did about a car.
    pub(crate) fn done_for(&self, car: &Car) -> Option<&CarCycle> {
        let mut cars = self.last.as_ref()?.cycle.cars.iter();
        cars.find(|done| done.vin == *car.vin())
    }

    /// Returns why nothing more can be asked for, if nobody is signed in any more.
    pub(crate) fn signed_out(&self) -> Option<&Error> {
        let cycle = &self.last.as_ref()?.cycle;
        let failures = cycle.failures().map(|(_, error)| error);
        let mut failures = cycle.unlisted.iter().chain(failures);
        failures.find(|error| error.is(Kind::Authentication))
    }

    /// Returns how old a data set may be before it is stale.
    pub(crate) fn max_age(&self, set: DataSet) -> Duration {
        let cadence = &self.cadence;
        let interval = match set {
            DataSet::Health => cadence.health,
            DataSet::Notifications => cadence.notifications,
            DataSet::ServiceHistory => cadence.service_history,
            DataSet::ClimateSettings => cadence.climate_settings,
            DataSet::Trips => cadence.trips,
            _ => return REPORTED,
        };
        // It is asked for in the first cycle after that.
        interval + 2 * cadence.cycle
    }

    /// Returns when the last cycle began.
    pub(crate) fn began(&self) -> Option<Timestamp> {
        self.last.as_ref().map(|last| last.cycle.began)
    }
}
