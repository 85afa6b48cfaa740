//! Which temperatures a car can be set to.

use super::super::InvalidCommand;
use crate::model::{ClimateSettings, Temperature, TemperatureUnit};

/// Limits are converted, and steps of a tenth are no whole fractions.
const TOLERANCE: f64 = 1e-6;
/// What the app offers in degrees Fahrenheit for 18 to 29 °C.
const FAHRENHEIT: (f64, f64) = (64.0, 84.0);

/// The temperatures from one to another, in steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    min: Temperature,
    max: Temperature,
    /// In degrees of its limits.
    step: f64,
    /// Whether the car says so itself.
    is_own: bool,
}

impl Range {
    /// Returns a car's own range, or what the app takes for it.
    pub(super) fn of(car: &ClimateSettings) -> Self {
        Self {
            min: car.min(),
            max: car.max(),
            step: car.step(),
            is_own: car.min_temperature.is_some() || car.max_temperature.is_some(),
        }
    }

    pub(super) fn check(&self, temperature: Temperature) -> Result<(), InvalidCommand> {
        let (min, max) = self.in_unit(temperature.unit);
        let value = temperature.value;
        // Not a number is in no range.
        if !(value >= min - TOLERANCE && value <= max + TOLERANCE) {
            return Err(InvalidCommand::Temperature);
        }
        let of_step = temperature.unit == self.min.unit;
        let (from, step) = if of_step {
            (min, self.step)
        } else {
            (0.0, 1.0)
        };
        let steps = (value - from) / step;
        if (steps - steps.round()).abs() > TOLERANCE {
            return Err(InvalidCommand::Step);
        }
        Ok(())
    }

    fn in_unit(&self, unit: TemperatureUnit) -> (f64, f64) {
        match unit {
            TemperatureUnit::Celsius => (self.min.celsius(), self.max.celsius()),
            TemperatureUnit::Fahrenheit if !self.is_own => FAHRENHEIT,
            TemperatureUnit::Fahrenheit => (fahrenheit(self.min), fahrenheit(self.max)),
        }
    }
}

fn fahrenheit(temperature: Temperature) -> f64 {
    match temperature.unit {
        TemperatureUnit::Fahrenheit => temperature.value,
        TemperatureUnit::Celsius => temperature.value * 1.8 + 32.0,
    }
}
