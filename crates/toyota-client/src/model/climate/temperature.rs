//! Temperatures with their unit.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::super::decode::{Decode, Leaf, Members, OBJECT, object};
use super::super::warning::{Path, Warnings};

/// A temperature as the service gives it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Temperature {
    /// The number.
    pub value: f64,
    /// What it counts.
    pub unit: TemperatureUnit,
}

/// A unit of temperature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub enum TemperatureUnit {
    /// Degrees Celsius.
    #[serde(rename = "C")]
    Celsius,
    /// Degrees Fahrenheit.
    #[serde(rename = "F")]
    Fahrenheit,
}

impl Temperature {
    /// Returns a temperature in degrees Celsius.
    #[must_use]
    pub const fn from_celsius(value: f64) -> Self {
        let unit = TemperatureUnit::Celsius;
        Self { value, unit }
    }

    /// A number without a known unit says nothing: both or none.
    pub(super) fn of(members: &mut Members<'_>) -> Option<Self> {
        let (value, unit) = (members.require("value"), members.require("unit"));
        Some(Self {
            value: value?,
            unit: unit?,
        })
    }

    /// Returns the temperature in degrees Celsius.
    #[must_use]
    pub fn celsius(self) -> f64 {
        match self.unit {
            TemperatureUnit::Celsius => self.value,
            TemperatureUnit::Fahrenheit => (self.value - 32.0) / 1.8,
        }
    }
}

impl fmt::Display for Temperature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            TemperatureUnit::Celsius => "°C",
            TemperatureUnit::Fahrenheit => "°F",
        };
        write!(f, "{} {unit}", self.value)
    }
}

impl Leaf for TemperatureUnit {
    const EXPECTED: &'static str = "C or F";

    fn read(value: &Value) -> Option<Self> {
        let unit = value.as_str()?.trim().trim_start_matches('°');
        match unit.to_ascii_lowercase().as_str() {
            "c" | "celsius" => Some(Self::Celsius),
            "f" | "fahrenheit" => Some(Self::Fahrenheit),
            _ => None,
        }
    }
}

impl Decode for Temperature {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, Self::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_told_apart_in_any_spelling() {
        for (text, unit) in [
            ("C", Some(TemperatureUnit::Celsius)),
            ("celsius", Some(TemperatureUnit::Celsius)),
            ("°F", Some(TemperatureUnit::Fahrenheit)),
            ("K", None),
            ("", None),
        ] {
            assert_eq!(TemperatureUnit::read(&text.into()), unit, "{text}");
        }
    }

    #[test]
    fn fahrenheit_becomes_celsius() {
        for (value, celsius) in [(32.0, 0.0), (212.0, 100.0), (-40.0, -40.0)] {
            let unit = TemperatureUnit::Fahrenheit;

            assert!((Temperature { value, unit }.celsius() - celsius).abs() < 1e-9);
        }
    }
}
