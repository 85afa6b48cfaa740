//! Cars that are kept in view: cycle by cycle, with as few requests and wakes as that takes.
//!
//! A [`Watch`] asks for each data set as often as it changes ([`Cadence`]), for one after the other, and
//! wakes a car where that is worth it ([`wake::decide`](crate::wake::decide)), within its quotas. What
//! fails leaves everything else as it is. With the usual cadence that is 600 to 900 requests for a car
//! and day; to ask for everything in each cycle takes 3,600.
//!
//! ```no_run
//! use toyota_client::ToyotaClient;
//! use toyota_client::watch::Watch;
//!
//! # async fn example(client: ToyotaClient) {
//! let mut watch = Watch::new(client);
//! loop {
//!     let cycle = watch.next().await;
//!     for (data_set, error) in cycle.failures() {
//!         eprintln!("{data_set}: {error}");
//!     }
//!     for car in watch.cars() {
//!         println!("{:?}: {:?}", car.vehicle().name(), car.telemetry.value());
//!     }
//! }
//! # }
//! ```

mod cadence;
mod cycle;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::{Instant, sleep_until};
use tower_client::call::InvalidSetting;

pub use self::cadence::Cadence;
use self::cadence::{Marks, first, is_charge_due, is_past, then};
pub use self::cycle::{CarCycle, Cycle};
use crate::car::{Car, DataSet, Outcome, Support, Update, UpdateReport};
use crate::model::{Electric, Vehicle};
use crate::wake::{Action, Attended, How, Seen, Trigger, WakeOptions};
use crate::{Error, HttpService, Kind, Stack, ToyotaClient, Vin};

/// In how many cycles trips are asked for after a car has stopped.
const TRIPS_AFTER_STOP: u32 = 2;

/// Keeps the cars of an account in view.
///
/// It can be left off at any time: what was learnt until then is there.
#[derive(Debug)]
pub struct Watch<S = Stack> {
    client: ToyotaClient<S>,
    cadence: Cadence,
    wakes: WakeOptions,
    only: Option<BTreeSet<Vin>>,
    zone: TimeZone,
    watched: Vec<Watched>,
    listed: Option<Timestamp>,
    due: Option<Instant>,
}

/// A car, and when what was asked for.
#[derive(Debug)]
struct Watched {
    car: Car,
    marks: Marks,
}

impl<S> Watch<S> {
    /// Watches all cars of the client's account.
    #[must_use]
    pub fn new(client: ToyotaClient<S>) -> Self {
        Self {
            client,
            cadence: Cadence::default(),
            wakes: WakeOptions::default(),
            only: None,
            zone: TimeZone::UTC,
            watched: Vec::new(),
            listed: None,
            due: None,
        }
    }

    /// Asks as often as this says.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] when this cannot be kept.
    pub fn cadence(self, cadence: Cadence) -> Result<Self, InvalidSetting> {
        cadence.check()?;
        Ok(Self { cadence, ..self })
    }

    /// Wakes cars as this says.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] when this cannot be followed.
    pub fn wakes(self, wakes: WakeOptions) -> Result<Self, InvalidSetting> {
        wakes.check()?;
        Ok(Self { wakes, ..self })
    }

    /// Watches only these cars.
    #[must_use]
    pub fn only(self, vins: impl IntoIterator<Item = Vin>) -> Self {
        let only = Some(vins.into_iter().collect());
        Self { only, ..self }
    }

    /// Begins the day, the week, the month and the year of trips by this zone's calendar, not by UTC's.
    #[must_use]
    pub fn in_zone(self, zone: TimeZone) -> Self {
        Self { zone, ..self }
    }

    /// Returns what is known of the cars, in the order of the account.
    pub fn cars(&self) -> impl ExactSizeIterator<Item = &Car> {
        self.watched.iter().map(|watched| &watched.car)
    }

    /// Returns the cars, to say [what they have](Car::set_support).
    pub fn cars_mut(&mut self) -> impl ExactSizeIterator<Item = &mut Car> {
        self.watched.iter_mut().map(|watched| &mut watched.car)
    }

    /// Returns how long it is to the next cycle.
    #[must_use]
    pub fn due_in(&self) -> Duration {
        let now = Instant::now();
        self.due
            .map_or(Duration::ZERO, |due| due.saturating_duration_since(now))
    }
}

impl<S: HttpService> Watch<S> {
    /// Waits until the next cycle is due, and makes it. The first is due at once. After one that took
    /// longer than there is between two, the next begins at once, and none is made up for.
    pub async fn next(&mut self) -> Cycle {
        if let Some(due) = self.due {
            sleep_until(due).await;
        }
        let now = Instant::now();
        self.due = Some(now + self.cadence.cycle);
        self.cycle().await
    }

    /// Makes a cycle now: the list of cars if it is due, then each car.
    pub async fn cycle(&mut self) -> Cycle {
        let mut cycle = Cycle::new(self.client.clock.now());
        if let Err(error) = self.list().await {
            let is_pointless = error.is(Kind::Authentication);
            cycle.unlisted(error);
            if is_pointless {
                return cycle;
            }
        }
        let Self {
            client,
            cadence,
            wakes,
            zone,
            watched,
            ..
        } = self;
        let watching = Watching {
            client,
            cadence,
            wakes,
            zone,
        };
        for watched in watched {
            let of_car = watching.car(watched).await;
            let is_pointless = of_car.is_pointless();
            cycle.add(of_car);
            if is_pointless {
                break;
            }
        }
        cycle
    }

    /// Asks which cars there are. What is known of those that are still there stays.
    async fn list(&mut self) -> Result<(), Error> {
        let now = self.client.clock.now();
        if !is_past(self.listed, self.cadence.vehicles, now) {
            return Ok(());
        }
        let listed = self.client.vehicles().await?;
        self.listed = Some(now);
        let mut before = std::mem::take(&mut self.watched);
        let is_watched = |vehicle: &Vehicle| match &self.only {
            Some(only) => only.contains(&vehicle.vin),
            None => true,
        };
        let vehicles = listed.value.into_iter().filter(is_watched);
        self.watched = vehicles
            .map(|vehicle| {
                let known = before.iter().position(|it| *it.car.vin() == vehicle.vin);
                match known {
                    Some(at) => {
                        let mut watched = before.swap_remove(at);
                        watched.car.renew(vehicle);
                        watched
                    }
                    None => Watched {
                        car: Car::new(vehicle),
                        marks: Marks::default(),
                    },
                }
            })
            .collect();
        Ok(())
    }
}

/// By what a car is watched.
struct Watching<'a, S> {
    client: &'a ToyotaClient<S>,
    cadence: &'a Cadence,
    wakes: &'a WakeOptions,
    zone: &'a TimeZone,
}

impl<S: HttpService> Watching<'_, S> {
    /// Does in a cycle what is to be done about a car.
    async fn car(&self, watched: &mut Watched) -> CarCycle {
        let mut cycle = CarCycle::new(watched.car.vin().clone());
        let sets = first(self.now(), &watched.marks, self.cadence);
        cycle.read(self.update(watched, &sets).await);
        if cycle.is_refused() {
            return cycle;
        }
        if !cycle.has_updated(DataSet::Telemetry) {
            // Without an odometer, when the service heard of the car last tells whether it moves.
            cycle.read(self.update(watched, &[DataSet::Location]).await);
        }
        self.attend(watched, &mut cycle).await;
        if self.is_status_due(watched, &cycle) {
            cycle.read(self.update(watched, &[DataSet::Status]).await);
        }
        let sets = then(self.now(), &watched.marks, self.cadence);
        cycle.read(self.update(watched, &sets).await);
        watched.marks.trips_due = watched.marks.trips_due.saturating_sub(1);
        self.follow_charge(watched, &mut cycle).await;
        cycle
    }

    /// Asks for these data sets, but for those that the car does not have.
    async fn update(&self, watched: &mut Watched, sets: &[DataSet]) -> UpdateReport {
        let now = self.now();
        let others = DataSet::ALL.into_iter().filter(|set| !sets.contains(set));
        let update = Update::all().skip(others).in_zone(self.zone.clone());
        for set in sets {
            watched.marks.asked.insert(*set, now);
        }
        self.client.update(&mut watched.car, &update).await
    }

    /// Does what is to be done about doors and windows, and learns whether the car has moved.
    async fn attend(&self, watched: &mut Watched, cycle: &mut CarCycle) {
        let Watched { car, marks } = watched;
        let attended = if car.supports(DataSet::Status) == Support::No {
            let asleep = WakeOptions {
                enabled: false,
                ..*self.wakes
            };
            self.attend_by(car, cycle, &asleep).await
        } else {
            self.attend_by(car, cycle, self.wakes).await
        };
        let now = self.now();
        match attended {
            Ok(attended) => {
                let why = attended.decision.why;
                marks.has_moved = matches!(why, Trigger::Moving | Trigger::Stopped);
                if why == Trigger::Stopped {
                    marks.trips_due = TRIPS_AFTER_STOP;
                }
                if let Some(reading) = &attended.reading {
                    let value = reading.value.clone();
                    car.status.take(value, reading.reported, now);
                }
                cycle.attended(attended);
            }
            Err(error) => {
                let outcome = car.failed(DataSet::Status, error, now);
                cycle.failed(DataSet::Status, outcome);
            }
        }
    }

    /// Tells whether the status is to be read as everything else is: where cars are never woken for it.
    fn is_status_due(&self, watched: &Watched, cycle: &CarCycle) -> bool {
        let action = cycle.attended.as_ref().map(|it| it.decision.action);
        let asked = watched.marks.asked.get(&DataSet::Status).copied();
        action == Some(Action::Disabled) && is_past(asked, self.wakes.max_age, self.now())
    }

    async fn attend_by(
        &self,
        car: &Car,
        cycle: &CarCycle,
        wakes: &WakeOptions,
    ) -> Result<Attended, Error> {
        let seen = seen(car, cycle);
        self.client.attend(car.vin(), seen, false, wakes).await
    }

    /// Wakes a car that is charged now and then: what its battery has stands still until then.
    async fn follow_charge(&self, watched: &mut Watched, cycle: &mut CarCycle) {
        let Watched { car, marks } = watched;
        let charging = car.electric.value().and_then(Electric::is_charging);
        let now = self.now();
        let due = self.wakes.enabled && is_charge_due(now, marks, self.cadence);
        if charging != Some(true) || !due || !cycle.has_updated(DataSet::Electric) {
            return;
        }
        marks.charge_woken = Some(now);
        match self.client.wake_electric(car.vin()).await {
            Ok(reading) => {
                let reported = reading.reported;
                let how = reading.how;
                car.electric.take(reading.value, reported, self.now());
                cycle.charge(how);
            }
            Err(error) => {
                let outcome = car.failed(DataSet::Electric, error, self.now());
                cycle.failed(DataSet::Electric, outcome);
            }
        }
    }

    fn now(&self) -> Timestamp {
        self.client.clock.now()
    }
}

/// What was read of a car in this cycle, for who decides whether it moves.
fn seen(car: &Car, cycle: &CarCycle) -> Seen {
    let telemetry = car.telemetry.value();
    let telemetry = telemetry.filter(|_| cycle.has_updated(DataSet::Telemetry));
    let location = car.location.value();
    let location = location.filter(|_| cycle.has_updated(DataSet::Location));
    Seen {
        odometer: telemetry.and_then(|it| it.odometer),
        telemetry: telemetry.and_then(|it| it.timestamp),
        contact: location.and_then(|it| it.last_contact),
        status: car.status.history().reported(),
    }
}
