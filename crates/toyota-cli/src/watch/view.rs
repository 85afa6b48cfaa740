//! What is known of the cars that are watched, and of the watching: what is drawn.

use std::time::Duration;

use jiff::Timestamp;
use toyota_client::car::{Car, DataSet};
use toyota_client::wake::{WakeQuotas, WakeRecord};
use toyota_client::watch::{Cadence, CarCycle, Cycle, Watch};
use toyota_client::{Error, Vin};

use super::totals::Totals;

/// What a car reports by itself, when it is used, is old after a day without a word of it.
const REPORTED: Duration = Duration::from_secs(24 * 60 * 60);

/// What is known, and what is being done.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) cars: Vec<Watched>,
    pub(crate) last: Option<LastCycle>,
    /// The car that is being read.
    pub(crate) reading: Option<Vin>,
    pub(crate) doing: Doing,
    pub(crate) totals: Totals,
    pub(crate) cadence: Cadence,
    pub(crate) quotas: WakeQuotas,
}

/// A car, how it was woken, and what was done about it in this cycle; or, before its turn, in the last.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub(crate) car: Car,
    pub(crate) wakes: WakeRecord,
    pub(crate) done: Option<CarCycle>,
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
    pub(crate) fn new(cadence: Cadence, quotas: WakeQuotas) -> Self {
        Self {
            cars: Vec::new(),
            last: None,
            reading: None,
            doing: Doing::Asking {
                since: Duration::ZERO,
            },
            totals: Totals::default(),
            cadence,
            quotas,
        }
    }

    /// Takes what is known after a step, and how the car of that step was woken.
    pub(crate) fn see<S>(&mut self, watch: &Watch<S>, woken: Option<(Vin, WakeRecord)>) {
        let mut before = std::mem::take(&mut self.cars);
        for car in watch.cars() {
            let known = before.iter().position(|it| it.car.vin() == car.vin());
            let known = known.map(|at| before.swap_remove(at));
            let (wakes, done) = known.map_or_else(Default::default, |it| (it.wakes, it.done));
            let done_now = watch.under_way().and_then(|cycle| of_car(cycle, car));
            // Until it is decided anew whether the car is woken, what was decided before holds.
            let done_now = done_now.filter(|done| done.attended.is_some());
            self.cars.push(Watched {
                car: car.clone(),
                wakes,
                done: done_now.cloned().or(done),
            });
        }
        self.reading = watch.current().map(|car| car.vin().clone());
        let Some((vin, wakes)) = woken else { return };
        let woken = self.cars.iter_mut().find(|it| *it.car.vin() == vin);
        if let Some(woken) = woken {
            woken.wakes = wakes;
        }
    }

    /// Takes a cycle that is over: what was not done in it is not done.
    pub(crate) fn end(&mut self, last: LastCycle) {
        for watched in &mut self.cars {
            watched.done = of_car(&last.cycle, &watched.car).cloned();
        }
        self.reading = None;
        self.last = Some(last);
    }

    /// Returns why nothing more can be asked for, if nobody is signed in any more.
    pub(crate) fn signed_out(&self) -> Option<&Error> {
        self.last.as_ref()?.cycle.refused()
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

fn of_car<'a>(cycle: &'a Cycle, car: &Car) -> Option<&'a CarCycle> {
    cycle.cars.iter().find(|done| done.vin == *car.vin())
}
