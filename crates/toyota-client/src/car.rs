//! A car over time: what is known of it, how old that is, and what it has.
//!
//! A [`Car`] is brought up to date by [`ToyotaClient::update`](crate::ToyotaClient::update), one data
//! set after the other. One that fails leaves the others alone, and what was known of it as it was.
//!
//! ```no_run
//! use toyota_client::car::{Car, Update};
//! use toyota_client::{ToyotaClient, Units};
//!
//! # async fn example(client: ToyotaClient) -> Result<(), toyota_client::Error> {
//! for vehicle in client.vehicles().await?.value {
//!     let mut car = Car::new(vehicle);
//!     let report = client.update(&mut car, &Update::all()).await;
//!     for (data_set, error) in report.failures() {
//!         eprintln!("{data_set}: {error}");
//!     }
//!     println!("{:?}", car.dashboard(Units::Metric).fuel_level);
//! }
//! # Ok(())
//! # }
//! ```

mod dashboard;
mod data_set;
mod refusal;
mod support;
mod tracked;
mod update;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

pub use self::dashboard::Dashboard;
pub use self::data_set::{DataSet, UnknownDataSet};
use self::refusal::Refusal;
pub use self::support::Support;
pub use self::tracked::{DataState, History, LastFailure, Tracked};
pub use self::update::{Outcome, Skipped, Update, UpdateReport};
use crate::model::{
    ClimateSettings, ClimateStatus, Electric, Health, Location, Notification, ServiceHistory,
    Status, Telemetry, Vehicle,
};
use crate::trips::Overview;
use crate::wake::Seen;
use crate::{Error, Vin};

/// A car, and what is known of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Car {
    /// Where it was parked last.
    pub location: Tracked<Location>,
    /// Warning lights.
    pub health: Tracked<Health>,
    /// Battery, ranges and charging.
    pub electric: Tracked<Electric>,
    /// Odometer, fuel and battery.
    pub telemetry: Tracked<Telemetry>,
    /// Notifications, newest first.
    pub notifications: Tracked<Vec<Notification>>,
    /// Doors, locks, windows and lights.
    pub status: Tracked<Status>,
    /// What workshops did to it.
    pub service_history: Tracked<ServiceHistory>,
    /// What the climate control is set to.
    pub climate_settings: Tracked<ClimateSettings>,
    /// What the climate control does.
    pub climate_status: Tracked<ClimateStatus>,
    /// Trips of the day, the week, the month and the year of the last update.
    pub trips: Tracked<Overview>,
    vehicle: Vehicle,
    overrides: BTreeMap<DataSet, bool>,
}

impl Car {
    /// Creates a car of which nothing is known but what the list of vehicles says.
    #[must_use]
    pub fn new(vehicle: Vehicle) -> Self {
        Self {
            location: Tracked::default(),
            health: Tracked::default(),
            electric: Tracked::default(),
            telemetry: Tracked::default(),
            notifications: Tracked::default(),
            status: Tracked::default(),
            service_history: Tracked::default(),
            climate_settings: Tracked::default(),
            climate_status: Tracked::default(),
            trips: Tracked::default(),
            vehicle,
            overrides: BTreeMap::new(),
        }
    }

    /// Returns what the list of vehicles says of it.
    #[must_use]
    pub fn vehicle(&self) -> &Vehicle {
        &self.vehicle
    }

    /// Returns its identification number.
    #[must_use]
    pub fn vin(&self) -> &Vin {
        &self.vehicle.vin
    }

    /// Takes what a later list of vehicles says of it, and keeps what is known. Of another car nothing
    /// is taken: `false`.
    pub fn renew(&mut self, vehicle: Vehicle) -> bool {
        let is_same = vehicle.vin == self.vehicle.vin;
        if is_same {
            self.vehicle = vehicle;
        }
        is_same
    }

    /// Says whether it has a data set, whatever the service says; `None` leaves it to the service.
    pub fn set_support(&mut self, data_set: DataSet, supported: Option<bool>) {
        match supported {
            Some(supported) => self.overrides.insert(data_set, supported),
            None => self.overrides.remove(&data_set),
        };
    }

    /// Tells whether it has a data set: by what [was said](Self::set_support), or else by what the
    /// service answered, or else by the list of vehicles, whose flags lie in both directions.
    #[must_use]
    pub fn supports(&self, data_set: DataSet) -> Support {
        let history = self.history(data_set);
        match self.overrides.get(&data_set) {
            Some(true) => Support::Yes,
            Some(false) => Support::No,
            None if history.refused().is_some() => Support::No,
            None if history.fetched().is_some() => Support::Yes,
            None => support::hinted(&self.vehicle, data_set),
        }
    }

    /// Tells whether it has a battery to charge: by what it reported, or else by several hints of the
    /// list of vehicles, each of which is sometimes wrong.
    #[must_use]
    pub fn has_battery(&self) -> Support {
        let telemetry = self.telemetry.value();
        let reported = [
            self.electric.value().and_then(|it| it.battery_level),
            telemetry.and_then(|it| it.battery_level),
        ];
        if reported.iter().any(Option::is_some) {
            return Support::Yes;
        }
        match support::battery(&self.vehicle) {
            // It had two opportunities to speak of one.
            Support::Unknown
                if telemetry.is_some() && self.electric.history().refused().is_some() =>
            {
                Support::No
            }
            hinted => hinted,
        }
    }

    /// Returns what is known of a data set, where a value older than `max_age` is stale.
    #[must_use]
    pub fn state(&self, data_set: DataSet, now: Timestamp, max_age: Duration) -> DataState {
        match self.history(data_set).state(now, max_age) {
            DataState::NotFetched if self.supports(data_set) == Support::No => {
                DataState::NotSupported
            }
            state => state,
        }
    }

    /// Returns what became of the attempts to have a data set.
    #[must_use]
    pub fn history(&self, data_set: DataSet) -> &History {
        match data_set {
            DataSet::Location => self.location.history(),
            DataSet::Health => self.health.history(),
            DataSet::Electric => self.electric.history(),
            DataSet::Telemetry => self.telemetry.history(),
            DataSet::Notifications => self.notifications.history(),
            DataSet::Status => self.status.history(),
            DataSet::ServiceHistory => self.service_history.history(),
            DataSet::ClimateSettings => self.climate_settings.history(),
            DataSet::ClimateStatus => self.climate_status.history(),
            DataSet::Trips => self.trips.history(),
        }
    }

    /// Returns what a program that wakes cars by itself goes by: what the last update read. What it
    /// could not read is not known to be as it was.
    #[must_use]
    pub fn seen(&self) -> Seen {
        let telemetry = self.telemetry.of_last_attempt();
        let location = self.location.of_last_attempt();
        let status = self.status.of_last_attempt();
        Seen {
            odometer: telemetry.and_then(|it| it.odometer),
            telemetry: telemetry.and_then(|it| it.timestamp),
            contact: location.and_then(|it| it.last_contact),
            status: status.and_then(|it| it.updated),
        }
    }

    fn history_mut(&mut self, data_set: DataSet) -> &mut History {
        match data_set {
            DataSet::Location => self.location.history_mut(),
            DataSet::Health => self.health.history_mut(),
            DataSet::Electric => self.electric.history_mut(),
            DataSet::Telemetry => self.telemetry.history_mut(),
            DataSet::Notifications => self.notifications.history_mut(),
            DataSet::Status => self.status.history_mut(),
            DataSet::ServiceHistory => self.service_history.history_mut(),
            DataSet::ClimateSettings => self.climate_settings.history_mut(),
            DataSet::ClimateStatus => self.climate_status.history_mut(),
            DataSet::Trips => self.trips.history_mut(),
        }
    }

    /// Takes why a data set could not be had. That it is refused counts: but only by a service that
    /// answers for the car at all, as it may be the account that it refuses.
    pub(crate) fn failed(&mut self, data_set: DataSet, error: Error, now: Timestamp) -> Outcome {
        let is_answered = |data_set| self.history(data_set).is_answered();
        let answers = DataSet::ALL.into_iter().any(is_answered);
        let refusal = Refusal::of(&error).filter(|it| answers || *it == Refusal::Known);
        let error = Arc::new(error);
        let history = self.history_mut(data_set);
        history.fail(Arc::clone(&error), now);
        if refusal.is_some_and(|refusal| history.refuse(refusal, now)) {
            return Outcome::Refused(error);
        }
        Outcome::Failed(error)
    }
}
