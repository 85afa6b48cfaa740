//! What a car can have open, unlocked or switched on.

use jiff::Timestamp;
use serde::Serialize;

use super::super::value::Extra;

/// Whether something is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Open {
    /// It is.
    Open,
    /// It is not.
    Closed,
}

/// Whether something is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lock {
    /// It is.
    Locked,
    /// It is not.
    Unlocked,
}

/// A door, the hatch or the bonnet. What is not known is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Door {
    /// Whether it is open.
    pub open: Option<Open>,
    /// When the car reported that; only the newer route tells.
    pub open_updated: Option<Timestamp>,
    /// Whether it is locked.
    pub locked: Option<Lock>,
    /// When the car reported that; only the newer route tells.
    pub lock_updated: Option<Timestamp>,
    /// Whether anything is said of it, be it nothing that is understood.
    #[serde(skip)]
    pub(super) is_told_of: bool,
}

/// The doors and the hatch, by who sits behind them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Doors {
    /// The driver's.
    pub driver: Door,
    /// The front passenger's.
    pub passenger: Door,
    /// The one behind the driver.
    pub rear_driver: Door,
    /// The one behind the front passenger.
    pub rear_passenger: Door,
    /// The hatch, or the boot's lid.
    pub trunk: Door,
    /// What else is said of doors.
    #[serde(skip)]
    pub extra: Extra,
}

/// A window. What is not known is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Window {
    /// Whether it is open.
    pub open: Option<Open>,
    /// When the car reported that; only the newer route tells.
    pub updated: Option<Timestamp>,
    /// Whether anything is said of it, be it nothing that is understood.
    #[serde(skip)]
    pub(super) is_told_of: bool,
}

/// The windows, by who sits at them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Windows {
    /// The driver's.
    pub driver: Window,
    /// The front passenger's.
    pub passenger: Window,
    /// The one behind the driver.
    pub rear_driver: Window,
    /// The one behind the front passenger.
    pub rear_passenger: Window,
    /// What else is said of windows.
    #[serde(skip)]
    pub extra: Extra,
}

/// A light. What is not known is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Light {
    /// Whether it is on.
    pub on: Option<bool>,
    /// When the car reported that.
    pub updated: Option<Timestamp>,
}

/// The lights.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Lights {
    /// The hazard lights.
    pub hazard: Light,
    /// The tail lights.
    pub tail: Light,
    /// The headlights.
    pub head: Light,
    /// What else is said of lights.
    #[serde(skip)]
    pub extra: Extra,
}

/// Whether something was left on the rear seats.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RearSeatReminder {
    /// Whether it warns.
    pub warning: Option<bool>,
    /// Why, or why not, such as `notDetected`.
    pub reason: Option<String>,
    /// When the car reported that.
    pub updated: Option<Timestamp>,
    /// What else is said of it.
    #[serde(skip)]
    pub extra: Extra,
}

impl Door {
    /// Returns when the car last reported anything of it.
    #[must_use]
    pub fn updated(&self) -> Option<Timestamp> {
        self.open_updated.max(self.lock_updated)
    }

    /// Tells whether the car has it, as far as is known.
    pub(super) fn exists(&self) -> bool {
        self.is_told_of || self.open.is_some() || self.locked.is_some()
    }
}

impl Window {
    /// Tells whether the car has it, as far as is known.
    pub(super) fn exists(&self) -> bool {
        self.is_told_of || self.open.is_some()
    }
}

impl Doors {
    /// Returns all of them.
    pub fn iter(&self) -> impl Iterator<Item = &Door> {
        self.sides().chain([&self.trunk])
    }

    /// Returns all but the hatch, which is locked by commands of its own.
    pub(crate) fn sides(&self) -> impl Iterator<Item = &Door> {
        let front = [&self.driver, &self.passenger];
        let rear = [&self.rear_driver, &self.rear_passenger];
        front.into_iter().chain(rear)
    }
}

impl Windows {
    /// Returns all of them.
    pub fn iter(&self) -> impl Iterator<Item = &Window> {
        let front = [&self.driver, &self.passenger];
        let rear = [&self.rear_driver, &self.rear_passenger];
        front.into_iter().chain(rear)
    }
}
