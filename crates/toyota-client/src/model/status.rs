//! Doors, windows and lights.

mod current;
mod item;
mod old;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

pub use self::item::{Door, Doors, Light, Lights, Lock, Open, RearSeatReminder, Window, Windows};
use super::decode::{Decode, OBJECT, object};
use super::location::Coordinates;
use super::value::{Distance, Extra};
use super::warning::{Decoded, Path, Warnings};
use super::word::{Vocabulary, Word};
use crate::Vin;

/// Members by which an answer of the older route is recognised: any of them may be missing.
const OF_THE_OLD_ROUTE: [&str; 3] = ["vehicleStatus", "telemetry", "occurrenceDate"];

/// Doors, windows and lights, as the service remembers them from the last time the car spoke.
///
/// What is not known is `None`: a door of which nothing is said is not open.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Status {
    /// The car; only the newer route tells.
    pub vin: Option<Vin>,
    /// When the car reported this.
    pub updated: Option<Timestamp>,
    /// Whether anything is as it should not be; only the newer route tells.
    pub overall: Option<Word<Overall>>,
    /// How many things are as they should not be.
    pub warning_count: Option<u32>,
    /// Whether the driver sits on the left; only the newer route tells.
    pub left_hand_drive: Option<bool>,
    /// The doors and the hatch.
    pub doors: Doors,
    /// The bonnet, which has no lock.
    pub hood: Door,
    /// The windows.
    pub windows: Windows,
    /// The lights; only the newer route tells.
    pub lights: Lights,
    /// Whether something was left on the rear seats; only the newer route tells.
    pub rear_seat_reminder: Option<RearSeatReminder>,
    /// The distance driven in the car's life; only the older route tells.
    pub odometer: Option<Distance>,
    /// Fuel in the tank, in percent; only the older route tells.
    pub fuel_level: Option<f64>,
    /// How far the car can go; only the older route tells.
    pub range: Option<Distance>,
    /// Where the car is; only the older route tells.
    pub coordinates: Option<Coordinates>,
    /// When that position was taken.
    pub acquired: Option<Timestamp>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// Whether anything of a car is as it should not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Overall {
    /// Nothing is.
    Ok,
    /// Something is.
    Warning,
}

impl Vocabulary for Overall {
    fn recognise(word: &str) -> Option<Self> {
        match word {
            "ok" => Some(Self::Ok),
            "warning" => Some(Self::Warning),
            _ => None,
        }
    }
}

impl Status {
    /// Reads the answer of `GET /v1/vehicle/status`, or of the route before it. Without a payload
    /// nothing is known.
    #[must_use]
    pub fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        super::decode::payload(answer)
    }

    /// Tells whether the car is locked. It is when each of the doors that the car tells of, and the
    /// hatch, is known to be locked; it is not when one of them is known to be unlocked. Otherwise
    /// `None`: what is unknown is not locked.
    #[must_use]
    pub fn is_locked(&self) -> Option<bool> {
        locked(self.doors.iter())
    }

    /// Tells of the doors without the hatch what [`is_locked`](Self::is_locked) tells of all.
    pub(crate) fn are_sides_locked(&self) -> Option<bool> {
        locked(self.doors.sides())
    }

    /// Tells whether a door, the hatch, the bonnet or a window is open. One is when it is known to be;
    /// none is when each that the car tells of is known to be closed. Otherwise `None`: what is unknown
    /// is neither.
    #[must_use]
    pub fn is_open(&self) -> Option<bool> {
        let doors = self.doors.iter().chain([&self.hood]);
        let doors = doors.filter(|door| door.exists()).map(|door| door.open);
        any(doors.chain(self.told_windows()), Open::Open)
    }

    /// Tells of the windows alone what [`is_open`](Self::is_open) tells of all.
    pub(crate) fn is_window_open(&self) -> Option<bool> {
        any(self.told_windows(), Open::Open)
    }

    fn told_windows(&self) -> impl Iterator<Item = Option<Open>> {
        let windows = self.windows.iter().filter(|window| window.exists());
        windows.map(|window| window.open)
    }
}

/// Tells whether all of these doors that the car tells of are locked.
fn locked<'a>(doors: impl Iterator<Item = &'a Door>) -> Option<bool> {
    let doors = doors.filter(|door| door.exists());
    any(doors.map(|door| door.locked), Lock::Unlocked).map(|unlocked| !unlocked)
}

/// Tells whether any of these is so. None is only if there are some, and all of them are known.
fn any<T: PartialEq>(states: impl Iterator<Item = Option<T>>, so: T) -> Option<bool> {
    let found = states.map(|state| state.map(|state| state == so));
    found.reduce(|all, one| match (all, one) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    })?
}

impl Decode for Status {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            let is_old = OF_THE_OLD_ROUTE.iter().any(|name| members.has(name));
            Some(if is_old {
                old::read(members)
            } else {
                current::read(members)
            })
        })
    }
}

#[cfg(test)]
mod tests;
