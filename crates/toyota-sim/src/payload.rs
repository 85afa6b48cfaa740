//! What the API says of a car, in the words of either family of routes.

mod climate;
mod electric;
mod notices;
mod old_climate;
mod old_status;
mod status;
mod telemetry;
pub(crate) mod trips;

use std::time::SystemTime;

use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) use self::notices::render as notices;
use crate::{account::Payload, garage::Twin, number::tenth};

const KM_PER_MILE: f64 = 1.609_344;

/// Returns what is answered about a car, if it has anything to say to it, but for its
/// [notifications](notices); `delivered` is what it said before anything happened to it.
pub(crate) fn render(
    vin: &str,
    twin: &Twin,
    payload: Payload,
    delivered: Option<&Value>,
) -> Option<Value> {
    match payload {
        Payload::Location => telemetry::location(twin, delivered?),
        Payload::Telemetry => telemetry::telemetry(twin, delivered?),
        Payload::Electric => electric::render(vin, twin, true),
        Payload::OldElectric => electric::render(vin, twin, false),
        Payload::Status => status::render(vin, twin),
        Payload::OldStatus => old_status::render(twin),
        Payload::ClimateStatus => climate::status(twin),
        Payload::OldClimateStatus => old_climate::status(twin),
        Payload::ClimateSettings => climate::settings(twin),
        Payload::OldClimateSettings => old_climate::settings(twin),
        Payload::Vehicle
        | Payload::Health
        | Payload::Trips
        | Payload::Trip
        | Payload::ServiceHistory
        | Payload::Odometer
        | Payload::Notifications => delivered.cloned(),
    }
}

/// Returns a moment as the service writes it.
fn date(at: SystemTime) -> String {
    let milliseconds = at
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .and_then(|since| Timestamp::from_millisecond(since).ok());
    milliseconds.unwrap_or_default().to_string()
}

fn km(distance: f64) -> Value {
    json!({"value": tenth(distance), "unit": "km"})
}

fn miles(km: f64) -> Value {
    json!({"value": tenth(km / KM_PER_MILE), "unit": "mi"})
}
