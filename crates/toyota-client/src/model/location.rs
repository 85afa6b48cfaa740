//! Where a car was parked last.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::decode::{Decode, Members, OBJECT, object};
use super::value::Extra;
use super::warning::{Decoded, Path, Warnings};
use crate::Vin;

/// Where a car was parked last. Changes only when the car has parked.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Location {
    /// The car.
    pub vin: Option<Vin>,
    /// The position; `None` also for 0, 0, which the service writes when it withholds it.
    pub coordinates: Option<Coordinates>,
    /// What the position is, such as `Last Parked`.
    pub display_name: Option<String>,
    /// When the position was taken.
    pub acquired: Option<Timestamp>,
    /// When the service last heard from the car.
    pub last_contact: Option<Timestamp>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// A position in degrees (WGS 84). `Debug` shows nothing of it: it is somebody's home.
#[derive(Clone, Copy, PartialEq, Serialize)]
pub struct Coordinates {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl Coordinates {
    /// Returns the position that these are, if they are one: whole, on earth, and not 0, 0, by which
    /// one is withheld.
    pub(crate) fn known(latitude: Option<f64>, longitude: Option<f64>) -> Option<Self> {
        let (latitude, longitude) = (latitude?, longitude?);
        let withheld = latitude == 0.0 && longitude == 0.0;
        let on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        (on_earth && !withheld).then_some(Self {
            latitude,
            longitude,
        })
    }
}

impl fmt::Debug for Coordinates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Coordinates(…)")
    }
}

impl Location {
    /// Reads the answer of `GET /v1/location`. Without a payload there is no location.
    #[must_use]
    pub fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        super::decode::payload(answer)
    }
}

impl Decode for Location {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            let position: Position = members.take("vehicleLocation").unwrap_or_default();
            Some(Self {
                vin: members.take("vin"),
                coordinates: position.coordinates,
                display_name: position.display_name,
                acquired: position.acquired,
                last_contact: members.take("lastTimestamp"),
                extra: members.rest(),
            })
        })
    }
}

/// The member `vehicleLocation`.
#[derive(Default)]
struct Position {
    coordinates: Option<Coordinates>,
    display_name: Option<String>,
    acquired: Option<Timestamp>,
}

impl Decode for Position {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                coordinates: coordinates(members),
                display_name: members.take("displayName"),
                acquired: members.take("locationAcquisitionDatetime"),
            })
        })
    }
}

/// A position that is whole, on earth and not withheld.
pub(super) fn coordinates(members: &mut Members<'_>) -> Option<Coordinates> {
    let (latitude, longitude) = (members.take("latitude"), members.take("longitude"));
    Coordinates::known(latitude, longitude)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(latitude: &Value, longitude: &Value) -> Option<Coordinates> {
        let position = json!({"latitude": latitude, "longitude": longitude});
        let answer = json!({"payload": {"vehicleLocation": position}});
        Location::from_answer(answer).value.unwrap().coordinates
    }

    #[test]
    fn a_position_is_whole_on_earth_and_not_zero() {
        assert!(at(&json!(50.1), &json!("8.7")).is_some());
        assert!(at(&json!(0.0), &json!(8.7)).is_some());
        assert!(at(&json!(0.0), &json!(0)).is_none());
        assert!(at(&json!(91), &json!(8.7)).is_none());
        assert!(at(&json!(null), &json!(8.7)).is_none());
    }

    #[test]
    fn debug_shows_no_position() {
        let shown = format!("{:?}", at(&json!(50.123), &json!(8.765)));

        assert_eq!(shown, "Some(Coordinates(…))");
    }
}
