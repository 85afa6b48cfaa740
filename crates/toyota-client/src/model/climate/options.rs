//! What can be heated.

use serde::Serialize;
use serde_json::Value;

use super::super::decode::{Decode, OBJECT, object};
use super::super::value::Extra;
use super::super::warning::{Path, Warnings};
use super::super::word::{Vocabulary, Word};

/// What is heated, apart from the air.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Heating {
    /// The front window.
    pub front_defroster: Option<bool>,
    /// The rear window.
    pub rear_defogger: Option<bool>,
    /// The steering wheel.
    pub steering: Option<bool>,
    /// The mirrors.
    pub mirror: Option<bool>,
    /// What else is said of it.
    #[serde(skip)]
    pub extra: Extra,
}

/// How far the seats are heated.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Seats {
    /// The driver's.
    pub driver: Option<Word<SeatHeat>>,
    /// The front passenger's.
    pub passenger: Option<Word<SeatHeat>>,
    /// The one behind the driver.
    pub rear_driver: Option<Word<SeatHeat>>,
    /// The one behind the front passenger.
    pub rear_passenger: Option<Word<SeatHeat>>,
    /// What else is said of them.
    #[serde(skip)]
    pub extra: Extra,
}

/// How far a seat is heated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SeatHeat {
    /// Not at all.
    Off,
    /// A little.
    Low,
    /// Between the two.
    Medium,
    /// As far as it goes.
    High,
}

impl Vocabulary for SeatHeat {
    fn recognise(word: &str) -> Option<Self> {
        match word {
            "off" => Some(Self::Off),
            "low" => Some(Self::Low),
            "medium" => Some(Self::Medium),
            "high" => Some(Self::High),
            _ => None,
        }
    }
}

impl Decode for Heating {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                front_defroster: members.take_first(&["frontDefroster", "frontDefogger"]),
                rear_defogger: members.take_first(&["rearDefogger", "rearDefroster"]),
                steering: members.take("steeringHeater"),
                mirror: members.take("mirrorHeater"),
                extra: members.rest(),
            })
        })
    }
}

impl Decode for Seats {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                driver: members.take("driverSeat"),
                passenger: members.take("passengerSeat"),
                rear_driver: members.take("rearDriverSeat"),
                rear_passenger: members.take("rearPassengerSeat"),
                extra: members.rest(),
            })
        })
    }
}
