//! One car and what the API says about it.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use crate::garage::Drives;

/// One kind of answer about a car.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Payload {
    /// The car's element of the vehicle list.
    Vehicle,
    /// Where it is parked.
    Location,
    /// Odometer, fuel and battery.
    Telemetry,
}

/// A car of the garage: a VIN and free JSON for each kind of answer.
///
/// A payload that a car lacks is left out of the answer's envelope, and a car without a
/// [`Payload::Vehicle`] is left out of the vehicle list.
#[derive(Clone, PartialEq)]
pub struct Car {
    vin: String,
    payloads: BTreeMap<Payload, Value>,
    drives: Drives,
}

impl Car {
    /// Creates a car without payloads; the VIN may be any text.
    #[must_use]
    pub fn new(vin: impl Into<String>) -> Self {
        Self {
            vin: vin.into(),
            payloads: BTreeMap::new(),
            drives: Drives::default(),
        }
    }

    /// Sets what the API answers about the car.
    #[must_use]
    pub fn with(mut self, payload: Payload, value: Value) -> Self {
        self.set(payload, value);
        self
    }

    /// Returns the VIN, which the `vin` header must name.
    #[must_use]
    pub fn vin(&self) -> &str {
        &self.vin
    }

    /// Returns what the API answers about the car.
    #[must_use]
    pub fn get(&self, payload: Payload) -> Option<&Value> {
        self.payloads.get(&payload)
    }

    /// Returns what the API answers about the car, to change it; a payload that the car lacks
    /// appears as null.
    pub fn get_mut(&mut self, payload: Payload) -> &mut Value {
        self.payloads.entry(payload).or_default()
    }

    /// Sets what the API answers about the car.
    pub fn set(&mut self, payload: Payload, value: Value) {
        self.payloads.insert(payload, value);
    }

    /// Takes a payload away and returns it.
    pub fn remove(&mut self, payload: Payload) -> Option<Value> {
        self.payloads.remove(&payload)
    }

    /// Returns the drives that the car remembers.
    pub(crate) fn drives(&self) -> &Drives {
        &self.drives
    }

    /// Returns the drives that the car remembers, to add one.
    pub(crate) fn drives_mut(&mut self) -> &mut Drives {
        &mut self.drives
    }
}

impl fmt::Debug for Car {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Car")
            .field("payloads", &self.payloads.keys())
            .finish_non_exhaustive()
    }
}
