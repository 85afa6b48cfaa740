//! A user of the service, with credentials and cars.

mod car;
mod demo;

use std::{fmt, time::SystemTime};

use serde_json::Value;

pub(crate) use self::car::Fence;
pub use self::car::{Car, Payload};

/// A user with a garage.
#[derive(Clone, PartialEq)]
pub struct Account {
    username: String,
    password: String,
    guid: String,
    holder: Option<Value>,
    cars: Vec<Car>,
}

impl Account {
    /// Creates an account with an empty garage.
    ///
    /// The user name and the password are what the login tree accepts; `guid` is the `uuid` claim
    /// of the id token and any text will do. Both tell accounts apart: of two of one simulator with
    /// the same, only the first is found.
    #[must_use]
    pub fn new(
        username: impl Into<String>,
        password: impl Into<String>,
        guid: impl Into<String>,
    ) -> Self {
        Self {
            username: username.into(),
            password: password.into(),
            guid: guid.into(),
            holder: None,
            cars: Vec::new(),
        }
    }

    /// Creates the account that a simulator serves by default: an invented user with an invented
    /// petrol Toyota, plug-in hybrid Toyota and electric Lexus.
    #[must_use]
    pub fn demo() -> Self {
        demo::account()
    }

    /// Sets what the API answers about the user; unless it is set, that is the user name and the
    /// `guid`.
    #[must_use]
    pub fn with_holder(mut self, payload: Value) -> Self {
        self.set_holder(payload);
        self
    }

    /// Creates the account of [`demo`](Self::demo) with so many cars: its three, and then others
    /// like them, each with a VIN of its own.
    #[must_use]
    pub fn demo_with_cars(count: usize) -> Self {
        demo::account_with_cars(count)
    }

    /// Adds a car to the garage.
    #[must_use]
    pub fn with_car(mut self, car: Car) -> Self {
        self.cars.push(car);
        self
    }

    /// Returns the user name.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.username
    }

    /// Returns the password.
    #[must_use]
    pub fn password(&self) -> &str {
        &self.password
    }

    /// Returns the identifier that the API knows the user by.
    #[must_use]
    pub fn guid(&self) -> &str {
        &self.guid
    }

    /// Returns what the API answers about the user, if it was set.
    #[must_use]
    pub fn holder(&self) -> Option<&Value> {
        self.holder.as_ref()
    }

    /// Sets what the API answers about the user.
    pub fn set_holder(&mut self, payload: Value) {
        self.holder = Some(payload);
    }

    /// Returns the garage.
    #[must_use]
    pub fn cars(&self) -> &[Car] {
        &self.cars
    }

    /// Returns the garage, to add, change or remove cars.
    pub fn cars_mut(&mut self) -> &mut Vec<Car> {
        &mut self.cars
    }

    /// Returns the car with this VIN.
    #[must_use]
    pub fn car(&self, vin: &str) -> Option<&Car> {
        self.cars.iter().find(|car| car.vin() == vin)
    }

    /// Returns the car with this VIN, to change its payloads.
    pub fn car_mut(&mut self, vin: &str) -> Option<&mut Car> {
        self.cars.iter_mut().find(|car| car.vin() == vin)
    }

    /// Lets everything happen to the cars that happens until `now`.
    pub(crate) fn live_until(&mut self, now: SystemTime) {
        self.cars.iter_mut().for_each(|car| car.live_until(now));
    }

    /// Lets each car remember the drives of the year before, if it has a driver with habits.
    pub(crate) fn remember(&mut self, now: SystemTime) {
        self.cars.iter_mut().for_each(|car| car.remember(now));
    }

    /// Replaces the password.
    pub fn set_password(&mut self, password: impl Into<String>) {
        self.password = password.into();
    }
}

impl Default for Account {
    fn default() -> Self {
        Self::demo()
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("cars", &self.cars)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_credentials_nor_vins() {
        let account = Account::demo();

        let shown = format!("{account:?}");

        for hidden in [account.username(), account.password(), account.guid()] {
            assert!(!shown.contains(hidden), "{shown}");
        }
        for car in account.cars() {
            assert!(!shown.contains(car.vin()), "{shown}");
        }
    }
}
