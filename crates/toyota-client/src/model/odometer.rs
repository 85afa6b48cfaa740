//! The odometer alone.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::decode::{Decode, OBJECT, object};
use super::value::{Distance, Extra};
use super::warning::{Decoded, Path, Warnings};

/// What a car's odometer shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Odometer {
    /// The distance driven in the car's life.
    pub mileage: Option<Distance>,
    /// When the car reported it.
    pub timestamp: Option<Timestamp>,
    /// Whether that time can be relied on.
    pub is_valid_timestamp: Option<bool>,
    /// When the service updated it.
    pub updated: Option<Timestamp>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

impl Odometer {
    /// Reads the answer of `GET /v1/odometer`. Without a payload nothing is known.
    #[must_use]
    pub fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        super::decode::payload(answer)
    }
}

impl Decode for Odometer {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                mileage: members.take("mileage"),
                timestamp: members.take("timestamp"),
                is_valid_timestamp: members.take("isValidTimestamp"),
                updated: members.take("lastUpdateTimestamp"),
                extra: members.rest(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_mileage_is_read_with_its_unit_and_its_time() {
        let answer = json!({"payload": {
            "mileage": {"value": 0, "unit": "Km"},
            "timestamp": "2026-11-20T08:00:00Z",
            "lastUpdateTimestamp": 1_795_161_600_000_i64,
            "isValidTimestamp": "True",
        }});

        let Decoded { value, warnings } = Odometer::from_answer(answer);

        let odometer = value.unwrap();
        assert_eq!(odometer.mileage.unwrap().to_string(), "0 km");
        assert_eq!(odometer.is_valid_timestamp, Some(true));
        assert!(odometer.timestamp.is_some() && odometer.updated.is_some());
        assert!(warnings.is_empty());
    }
}
