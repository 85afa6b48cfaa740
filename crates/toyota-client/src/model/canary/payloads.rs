//! The payload of each route, with all members that are known.

mod car;
mod climate;
mod people;
mod status;

use serde::Serialize;
use serde_json::Value;

use super::super::{
    AccountHolder, Acknowledgement, ClimateSettings, ClimateStatus, Decoded, Electric, Health,
    Location, Notification, Odometer, ServiceHistory, Status, Telemetry, Warning,
};

/// A payload, how it is read, and what is known of its members.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    pub(super) name: &'static str,
    text: &'static str,
    pub(super) read: fn(Value) -> (Value, Vec<Warning>),
    /// Members that say something only with the others of their group.
    pub(super) together: &'static [&'static [&'static str]],
    /// Members that no field of the model is for.
    pub(super) unread: &'static [&'static str],
    /// Members that may be of any type.
    pub(super) anything: &'static [&'static str],
}

impl Case {
    pub(super) fn payload(&self) -> Value {
        serde_json::from_str(self.text).unwrap()
    }

    const fn new(
        name: &'static str,
        text: &'static str,
        read: fn(Value) -> (Value, Vec<Warning>),
    ) -> Self {
        Self {
            name,
            text,
            read,
            together: &[&["value", "unit"]],
            unread: &[],
            anything: &[],
        }
    }
}

fn told<T: Serialize>(decoded: Decoded<T>) -> (Value, Vec<Warning>) {
    let value = serde_json::to_value(decoded.value).unwrap();
    (value, decoded.warnings)
}

pub(super) const CASES: [Case; 16] = [
    Case {
        together: &[&["latitude", "longitude"]],
        ..Case::new("location", car::LOCATION, |it| {
            told(Location::from_answer(it))
        })
    },
    Case::new("telemetry", car::TELEMETRY, |it| {
        told(Telemetry::from_answer(it))
    }),
    Case {
        anything: &["quantityOfEngOilIcon"],
        ..Case::new("health", car::HEALTH, |it| told(Health::from_answer(it)))
    },
    Case::new("odometer", car::ODOMETER, |it| {
        told(Odometer::from_answer(it))
    }),
    Case {
        together: &[
            &["value", "unit"],
            &["hour", "minute"],
            &["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        ],
        ..Case::new("electric", car::ELECTRIC, |it| {
            told(Electric::from_answer(it))
        })
    },
    Case {
        together: &[&["mileage", "unit"]],
        anything: &["servicingDealer", "notes", "operationsPerformed"],
        ..Case::new("service history", car::SERVICE_HISTORY, |it| {
            told(ServiceHistory::from_answer(it))
        })
    },
    Case::new("status", status::CURRENT, |it| {
        told(Status::from_answer(it))
    }),
    Case {
        together: &[&["leftHandDrive", "status"]],
        ..Case::new("status, driver on the right", status::RIGHT_HAND, |it| {
            told(Status::from_answer(it))
        })
    },
    Case {
        together: &[
            &["value", "unit"],
            &["latitude", "longitude"],
            &["value", "status", "section"],
        ],
        unread: &["category", "displayOrder"],
        ..Case::new("status of old", status::OLD, |it| {
            told(Status::from_answer(it))
        })
    },
    Case::new("climate status", climate::STATUS, |it| {
        told(ClimateStatus::from_answer(it))
    }),
    Case::new("climate status of old", climate::OLD_STATUS, |it| {
        told(ClimateStatus::from_answer(it))
    }),
    Case::new("climate settings", climate::SETTINGS, |it| {
        told(ClimateSettings::from_answer(it))
    }),
    Case {
        together: &[
            &["temperature", "minTemp", "maxTemp", "temperatureUnit"],
            &["name", "enabled"],
        ],
        unread: &["iconUrl"],
        ..Case::new("climate settings of old", climate::OLD_SETTINGS, |it| {
            told(ClimateSettings::from_answer(it))
        })
    },
    Case {
        unread: &["iconUrl"],
        ..Case::new("notifications", people::NOTIFICATIONS, |it| {
            told(Notification::list_from_answer(it))
        })
    },
    Case::new("acknowledgement", car::ACKNOWLEDGEMENT, |it| {
        told(Acknowledgement::from_answer(it))
    }),
    Case::new("account", people::ACCOUNT, |it| {
        told(AccountHolder::from_answer(it))
    }),
];
