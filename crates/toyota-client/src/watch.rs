//! Cars that are kept in view: cycle by cycle, with as few requests and wakes as that takes.
//!
//! A [`Watch`] asks for each data set as often as it changes ([`Cadence`]), for one after the other, and
//! wakes a car where that is worth it ([`wake::decide`](crate::wake::decide)), within its quotas. What
//! fails leaves everything else as it is. With the usual cadence that is some 600 requests for a car and
//! day, and some 1,100 for one that has a battery to charge and climate control; to ask for everything in
//! each cycle takes 3,600.
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
//!     if let Some(error) = cycle.refused() {
//!         eprintln!("{error}: {}", error.next_step());
//!         break;
//!     }
//!     for car in watch.cars() {
//!         println!("{:?}: {:?}", car.vehicle().name(), car.telemetry.value());
//!     }
//! }
//! # }
//! ```

mod cadence;
mod cycle;
mod round;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::{Instant, sleep_until};
use tower_client::call::InvalidSetting;

pub use self::cadence::Cadence;
use self::cadence::{Marks, is_past};
pub use self::cycle::{CarCycle, Cycle};
use self::round::Round;
use crate::car::Car;
use crate::model::Vehicle;
use crate::routes::Feature;
use crate::wake::WakeOptions;
use crate::{Error, HttpService, Kind, Stack, ToyotaClient, Vin};

/// Keeps the cars of an account in view.
///
/// It can be left off at any time: what was learnt until then is there, and what is not is asked for in
/// the next cycle. Everything is asked of the service itself, past the client's cache.
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
    /// Whether the last list of cars did not name it.
    is_missed: bool,
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
        let round = Round {
            client: &self.client,
            cadence: &self.cadence,
            wakes: &self.wakes,
            zone: &self.zone,
        };
        for watched in &mut self.watched {
            let of_car = round.car(watched).await;
            let is_pointless = of_car.is_pointless();
            cycle.add(of_car);
            if is_pointless {
                break;
            }
        }
        cycle
    }

    /// Asks which cars there are. What is known of those that are still there stays; one that is not
    /// goes when the next list does not name it either, as the service has bad moments.
    async fn list(&mut self) -> Result<(), Error> {
        let now = self.client.clock.now();
        if !is_past(self.listed, self.cadence.vehicles, now) {
            return Ok(());
        }
        let read = Vehicle::list_from_answer;
        let listed = self.client.read(Feature::Vehicles, None, true, read);
        let listed = listed.await?;
        let mut before = std::mem::take(&mut self.watched);
        for vehicle in listed.value {
            let is_wanted = self
                .only
                .as_ref()
                .is_none_or(|only| only.contains(&vehicle.vin));
            let is_same = |it: &Watched| *it.car.vin() == vehicle.vin;
            if !is_wanted || self.watched.iter().any(is_same) {
                continue;
            }
            let known = before.iter().position(is_same);
            let known = known.map(|at| before.remove(at));
            self.watched.push(Watched::of(vehicle, known));
        }
        before.retain(|it| !it.is_missed);
        // Where one is missed, the list is asked for again in the next cycle.
        self.listed = before.is_empty().then_some(now);
        let missed = before.into_iter().map(|it| Watched {
            is_missed: true,
            ..it
        });
        self.watched.extend(missed);
        Ok(())
    }
}

impl Watched {
    /// The car that a list names, of which this was known.
    fn of(vehicle: Vehicle, known: Option<Self>) -> Self {
        match known {
            Some(mut known) => {
                known.car.renew(vehicle);
                known.is_missed = false;
                known
            }
            None => Self {
                car: Car::new(vehicle),
                marks: Marks::default(),
                is_missed: false,
            },
        }
    }
}
