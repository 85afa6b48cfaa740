//! What a car is said to have: hints, which lie in both directions.

use serde::Serialize;

use super::DataSet;
use crate::model::{Flags, Fuel, Vehicle, Word};

/// Whether a car has something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Support {
    /// It has.
    Yes,
    /// It has not.
    No,
    /// Nobody says, or not clearly: it can be tried.
    Unknown,
}

/// Flags of which several together say that a car has a battery to charge.
const BATTERY_CAPABILITIES: [&str; 6] = [
    "batteryStatus",
    "chargeManagement",
    "econnectVehicleStatusCapable",
    "evBattery",
    "nextCharge",
    "weeklyCharge",
];
const BATTERY_FEATURES: [&str; 3] = ["evRemoteServices", "evVehicleStatus", "smartCharging"];

impl Support {
    /// One hint is enough for a yes; a no needs all of them.
    fn of(hints: impl IntoIterator<Item = Option<bool>>) -> Self {
        hints
            .into_iter()
            .fold(Self::No, |so_far, hint| match (so_far, hint) {
                (Self::Yes, _) | (_, Some(true)) => Self::Yes,
                (Self::Unknown, _) | (_, None) => Self::Unknown,
                (Self::No, Some(false)) => Self::No,
            })
    }
}

/// What the list of vehicles says of a data set.
pub(super) fn hinted(vehicle: &Vehicle, data_set: DataSet) -> Support {
    let capability = |name| flag(vehicle.extended_capabilities.as_ref(), name);
    let feature = |name| flag(vehicle.features.as_ref(), name);
    match data_set {
        DataSet::Location => Support::of([capability("lastParkedCapable"), feature("lastParked")]),
        DataSet::Health | DataSet::Notifications | DataSet::Trips => Support::Yes,
        DataSet::Electric => Support::of([
            capability("econnectVehicleStatusCapable"),
            vehicle.ev_vehicle,
            registered_with_plug(vehicle),
        ]),
        DataSet::Telemetry => Support::of([capability("telemetryCapable")]),
        DataSet::Status => Support::of([capability("vehicleStatus")]),
        DataSet::ServiceHistory => Support::of([feature("serviceHistory")]),
        DataSet::ClimateSettings | DataSet::ClimateStatus => Support::of([
            feature("climateStartEngine"),
            capability("climateCapable"),
            capability("econnectClimateCapable"),
            capability("remoteEngineStartStop"),
        ]),
    }
}

fn flag(flags: Option<&Flags>, name: &str) -> Option<bool> {
    flags?.get(name)
}

/// Whether it is registered as a car that can be plugged in; `None` if nothing is registered.
fn registered_with_plug(vehicle: &Vehicle) -> Option<bool> {
    let fuel = vehicle.fuel_type.as_ref().map(Word::meaning)?;
    Some(matches!(fuel, Some(Fuel::Electric | Fuel::PlugInHybrid)))
}

/// Whether the list of vehicles speaks of a battery to charge: the registry alone, or several flags.
/// Either is sometimes wrong, and a single flag often.
pub(super) fn battery(vehicle: &Vehicle) -> Support {
    let registered = [registered_with_plug(vehicle), vehicle.ev_vehicle];
    let capabilities =
        BATTERY_CAPABILITIES.map(|name| (vehicle.extended_capabilities.as_ref(), name));
    let features = BATTERY_FEATURES.map(|name| (vehicle.features.as_ref(), name));
    let flags = capabilities.into_iter().chain(features);
    let set = flags.filter(|(flags, name)| flag(*flags, name) == Some(true));
    match set.count() {
        _ if registered.contains(&Some(true)) => Support::Yes,
        2.. => Support::Yes,
        1 => Support::Unknown,
        _ => Support::of(registered),
    }
}

#[cfg(test)]
mod tests;
