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
//!
//! A cycle takes as long as the service does, for many cars minutes. Whoever wants to see what comes as it
//! comes goes [step](Watch::step) by step:
//!
//! ```no_run
//! # use toyota_client::ToyotaClient;
//! # use toyota_client::watch::Watch;
//! # async fn example(client: ToyotaClient) {
//! # let mut watch = Watch::new(client);
//! let cycle = loop {
//!     if let Some(cycle) = watch.step().await {
//!         break cycle;
//!     }
//!     let name = watch.current().and_then(|car| car.vehicle().name());
//!     println!("{} cars, now asking {name:?}", watch.cars().len());
//! };
//! # drop(cycle);
//! # }
//! ```

mod cadence;
mod cycle;
mod round;
mod task;
#[cfg(test)]
mod tests;
mod watched;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::{Instant, sleep_until};
use tower_client::call::InvalidSetting;

pub use self::cadence::Cadence;
use self::cadence::is_past;
pub use self::cycle::{CarCycle, Cycle};
use self::round::Round;
use self::watched::Watched;
use crate::car::Car;
use crate::model::Vehicle;
use crate::routes::Feature;
use crate::wake::WakeOptions;
use crate::{Error, HttpService, Stack, ToyotaClient, Vin};

/// Keeps the cars of an account in view.
///
/// Everything is asked of the service itself, past the client's cache, one thing after the other.
///
/// # Cancellation
///
/// It can be left off at any time: what was learnt until then is there, and the cycle goes on with the next
/// [`step`](Self::step) or [`next`](Self::next). What was being asked for is asked for in the next cycle, so
/// nothing is asked for more often by it, however often that is. One that is left off as the cars are listed
/// has not begun: the next begins when it is due.
#[derive(Debug)]
pub struct Watch<S = Stack> {
    round: Round<S>,
    only: Option<BTreeSet<Vin>>,
    watched: Vec<Watched>,
    listed: Option<Timestamp>,
    due: Option<Instant>,
    /// The last of its cars is the one whose turn it is.
    under_way: Option<Cycle>,
}

impl<S> Watch<S> {
    /// Watches all cars of the client's account.
    #[must_use]
    pub fn new(client: ToyotaClient<S>) -> Self {
        Self {
            round: Round::new(client),
            only: None,
            watched: Vec::new(),
            listed: None,
            due: None,
            under_way: None,
        }
    }

    /// Asks as often as this says.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] when this cannot be kept.
    pub fn cadence(mut self, cadence: Cadence) -> Result<Self, InvalidSetting> {
        cadence.check()?;
        self.round.cadence = cadence;
        Ok(self)
    }

    /// Wakes cars as this says.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] when this cannot be followed.
    pub fn wakes(mut self, wakes: WakeOptions) -> Result<Self, InvalidSetting> {
        wakes.check()?;
        self.round.wakes = wakes;
        Ok(self)
    }

    /// Watches only these cars.
    #[must_use]
    pub fn only(self, vins: impl IntoIterator<Item = Vin>) -> Self {
        let only = Some(vins.into_iter().collect());
        Self { only, ..self }
    }

    /// Begins the day, the week, the month and the year of trips by this zone's calendar, not by UTC's.
    #[must_use]
    pub fn in_zone(mut self, zone: TimeZone) -> Self {
        self.round.zone = zone;
        self
    }

    /// Returns what is known of the cars, in the order of the account.
    pub fn cars(&self) -> impl ExactSizeIterator<Item = &Car> {
        self.watched.iter().map(|watched| &watched.car)
    }

    /// Returns the cars, to say [what they have](Car::set_support).
    pub fn cars_mut(&mut self) -> impl ExactSizeIterator<Item = &mut Car> {
        self.watched.iter_mut().map(|watched| &mut watched.car)
    }

    /// Returns what was done until now in the cycle that is under way, if one is; the last of its cars is the
    /// [current](Self::current) one.
    #[must_use]
    pub fn under_way(&self) -> Option<&Cycle> {
        self.under_way.as_ref()
    }

    /// Returns the car whose turn it is in the cycle that is under way.
    #[must_use]
    pub fn current(&self) -> Option<&Car> {
        let turn = self.under_way.as_ref()?.turn()?;
        self.watched.get(turn).map(|watched| &watched.car)
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
    /// Waits until the next cycle is due, and makes it, or what is left of the one that is under way. The
    /// first is due at once. After one that took longer than there is between two, the next begins at once,
    /// and none is made up for.
    pub async fn next(&mut self) -> Cycle {
        loop {
            if let Some(cycle) = self.step().await {
                return cycle;
            }
        }
    }

    /// Makes a step of a cycle, and returns the cycle if that was its last: waits until it is due and asks
    /// for the list of cars, where that is due; then asks for one data set of one car, or sees to its waking.
    /// What came of it is among the [cars](Self::cars).
    pub async fn step(&mut self) -> Option<Cycle> {
        match self.under_way {
            Some(_) => self.go_on().await,
            None => {
                if let Some(due) = self.due {
                    sleep_until(due).await;
                }
                self.due = Some(Instant::now() + self.round.cadence.cycle);
                self.begin().await;
            }
        }
        self.over()
    }

    /// Makes a cycle now, from its beginning: the list of cars if it is due, then each car.
    pub async fn cycle(&mut self) -> Cycle {
        self.under_way = None;
        self.begin().await;
        loop {
            if let Some(cycle) = self.over() {
                return cycle;
            }
            self.go_on().await;
        }
    }

    async fn begin(&mut self) {
        let mut cycle = Cycle::new(self.round.now());
        if let Err(error) = self.list().await {
            cycle.unlisted = Some(error);
        }
        self.under_way = Some(cycle);
    }

    /// Does one thing about the car whose turn it is.
    async fn go_on(&mut self) {
        if let Some(cycle) = &mut self.under_way
            && let Some((watched, done)) = cycle.current(&mut self.watched)
            && let Some(task) = self.round.next(watched, done)
        {
            self.round.carry_out(task, watched, done).await;
        }
    }

    /// Gives the turn to the next car that there is something to do about; without one the cycle is over.
    fn over(&mut self) -> Option<Cycle> {
        let cycle = self.under_way.as_mut()?;
        while cycle.refused().is_none() {
            if let Some((watched, done)) = cycle.current(&mut self.watched) {
                if self.round.next(watched, done).is_some() {
                    return None;
                }
                if done.is_whole() {
                    watched.marks.end_cycle();
                }
            }
            let Some(next) = self.watched.get(cycle.cars.len()) else {
                break;
            };
            cycle.cars.push(CarCycle::new(next.car.vin().clone()));
        }
        self.under_way.take()
    }

    /// Asks which cars there are.
    async fn list(&mut self) -> Result<(), Error> {
        let now = self.round.now();
        if !is_past(self.listed, self.round.cadence.vehicles, now) {
            return Ok(());
        }
        let read = Vehicle::list_from_answer;
        let client = &self.round.client;
        let listed = client.read(Feature::Vehicles, None, true, read);
        let listed = listed.await?;
        let before = std::mem::take(&mut self.watched);
        self.watched = watched::listed(listed.value, before, self.only.as_ref());
        // Where one is missed, the list is asked for again in the next cycle.
        let is_whole = !self.watched.iter().any(|it| it.is_missed);
        self.listed = is_whole.then_some(now);
        Ok(())
    }
}
