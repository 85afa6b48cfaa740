//! Odometer, fuel and battery.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::decode::{Decode, OBJECT, object};
use super::value::{Distance, Extra};
use super::vehicle::Fuel;
use super::warning::{Decoded, Path, Warnings};
use super::word::{Vocabulary, Word};

/// Odometer, fuel and battery, as the car last reported them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Telemetry {
    /// What the car runs on.
    pub fuel_type: Option<Word<Fuel>>,
    /// The distance driven in the car's life.
    pub odometer: Option<Distance>,
    /// Fuel in the tank, in percent. Absent for electric cars.
    pub fuel_level: Option<f64>,
    /// Charge of the traction battery, in percent. Absent for cars that cannot be plugged in.
    pub battery_level: Option<f64>,
    /// How far the car can go.
    pub distance_to_empty: Option<Distance>,
    /// What the charger does.
    pub charging_status: Option<Word<Charging>>,
    /// When the car reported this.
    pub timestamp: Option<Timestamp>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// The known states of charging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Charging {
    /// Not plugged in.
    None,
    /// Plugged in, not charging.
    Plugged,
    /// Charging.
    Charging,
    /// Full.
    Complete,
}

impl Vocabulary for Charging {
    fn recognise(word: &str) -> Option<Self> {
        match word {
            "none" => Some(Self::None),
            "plugged" | "connected" => Some(Self::Plugged),
            "charging" => Some(Self::Charging),
            "chargecomplete" => Some(Self::Complete),
            _ => None,
        }
    }
}

impl Telemetry {
    /// Reads the answer of `GET /v3/telemetry`. Without a payload there is no telemetry.
    #[must_use]
    pub fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        super::decode::payload(answer)
    }
}

impl Decode for Telemetry {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                fuel_type: members.take("fuelType"),
                odometer: members.take("odometer"),
                fuel_level: members.take("fuelLevel"),
                battery_level: members.take("batteryLevel"),
                distance_to_empty: members.take("distanceToEmpty"),
                charging_status: members.take("chargingStatus"),
                timestamp: members.take("timestamp"),
                extra: members.rest(),
            })
        })
    }
}
