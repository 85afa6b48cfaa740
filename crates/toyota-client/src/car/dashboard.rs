//! What the owner wants to see at a glance.

use std::time::Duration;

use serde::Serialize;

use super::Car;
use crate::Units;
use crate::model::{Charging, ChargingSchedule, Distance, Electric, Telemetry, WarningLight, Word};

/// What a car's owner wants to see at a glance, put together from several data sets.
///
/// Distances are in the units that were asked for. What nobody reports is `None`; zero is a value.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Dashboard {
    /// The distance driven in the car's life.
    pub odometer: Option<Distance>,
    /// Fuel in the tank, in percent.
    pub fuel_level: Option<f64>,
    /// Charge of the traction battery, in percent of all of it.
    pub battery_level: Option<f64>,
    /// Charge of the traction battery, in percent of what is made use of: what the app shows.
    pub usable_battery_level: Option<f64>,
    /// How far the fuel goes.
    pub fuel_range: Option<Distance>,
    /// How far the battery goes.
    pub battery_range: Option<Distance>,
    /// How far the battery goes with the air conditioning on.
    pub battery_range_with_ac: Option<Distance>,
    /// How far the car can go.
    pub range: Option<Distance>,
    /// How far the car can go with the air conditioning on.
    pub range_with_ac: Option<Distance>,
    /// What the charger does.
    pub charging_status: Option<Word<Charging>>,
    /// How long charging still takes.
    #[serde(serialize_with = "jiff::fmt::serde::unsigned_duration::optional::serialize")]
    pub remaining_charge_time: Option<Duration>,
    /// When the car is to charge.
    pub charging_schedules: Option<Vec<ChargingSchedule>>,
    /// The warning lights that are on; empty when all is well.
    pub warning_lights: Option<Vec<WarningLight>>,
}

impl Car {
    /// Returns what its owner wants to see at a glance, as far as it is known, however old.
    #[must_use]
    pub fn dashboard(&self, units: Units) -> Dashboard {
        let telemetry = self.telemetry.value();
        let electric = self.electric.value();
        let status = self.status.value();
        let of_telemetry = |read: fn(&Telemetry) -> Option<Distance>| telemetry.and_then(read);
        let of_electric = |read: fn(&Electric) -> Option<Distance>| electric.and_then(read);
        let shown = |distance: Option<Distance>| distance.map(|it| units.distance(it));

        let range = of_telemetry(|it| it.distance_to_empty);
        // What the car can go it goes by battery, if it speaks of one here, or else by fuel.
        let has_battery = telemetry.is_some_and(|it| it.battery_level.is_some());
        let (by_battery, by_fuel) = if has_battery {
            (range, None)
        } else {
            (None, range)
        };
        let odometer = of_telemetry(|it| it.odometer).or_else(|| status?.odometer);
        Dashboard {
            odometer: shown(odometer),
            fuel_level: telemetry
                .and_then(|it| it.fuel_level)
                .or_else(|| electric?.fuel_level)
                .or_else(|| status?.fuel_level),
            battery_level: electric
                .and_then(|it| it.battery_level)
                .or_else(|| telemetry?.battery_level),
            usable_battery_level: electric.and_then(|it| it.usable_battery_level),
            fuel_range: shown(of_electric(|it| it.fuel_range).or(by_fuel)),
            battery_range: shown(of_electric(|it| it.ev_range).or(by_battery)),
            battery_range_with_ac: shown(of_electric(|it| it.ev_range_with_ac)),
            range: shown(range.or_else(|| status?.range)),
            range_with_ac: shown(of_electric(|it| it.total_range_with_ac)),
            charging_status: electric
                .and_then(|it| it.charging_status.clone())
                .or_else(|| telemetry?.charging_status.clone()),
            remaining_charge_time: electric.and_then(Electric::remaining_charge_time),
            charging_schedules: electric.and_then(|it| it.schedules.clone()),
            warning_lights: self.health.value().and_then(|it| it.warnings.clone()),
        }
    }
}

#[cfg(test)]
mod tests;
