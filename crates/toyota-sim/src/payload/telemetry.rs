//! Where a car is and what it has left, in the form in which it said so first: with its units, and
//! numbers as numbers or as text.

use serde_json::{Value, json};

use super::{KM_PER_MILE, date};
use crate::{
    garage::{Plug, Twin, View},
    number::{tenth, whole},
};

pub(super) fn location(twin: &Twin, first: &Value) -> Option<Value> {
    let mut answer = first.clone();
    if let Some(picture) = twin.seen.of(View::Location) {
        let at = picture.state.position;
        let place = answer.get_mut("vehicleLocation")?.as_object_mut()?;
        place.insert("latitude".to_owned(), json!(at.latitude));
        place.insert("longitude".to_owned(), json!(at.longitude));
        let acquired = json!(date(picture.taken));
        place.insert("locationAcquisitionDatetime".to_owned(), acquired);
        answer["lastTimestamp"] = json!(date(picture.taken));
    }
    if let Some(contact) = twin.seen.newest(&[View::Telemetry]) {
        answer["lastTimestamp"] = json!(date(contact));
    }
    Some(answer)
}

pub(super) fn telemetry(twin: &Twin, first: &Value) -> Option<Value> {
    let mut answer = first.clone();
    let Some(picture) = twin.seen.of(View::Telemetry) else {
        return Some(answer);
    };
    let state = &picture.state;
    let battery = state.battery.as_ref();
    let range = [
        twin.spec.fuel_range(state.fuel),
        twin.spec.electric_range(battery.map(|it| it.percent)),
    ];
    put_distance(&mut answer["odometer"], state.odometer_km);
    put_distance(
        &mut answer["distanceToEmpty"],
        range.iter().flatten().sum::<f64>(),
    );
    if let Some(fuel) = state.fuel {
        answer["fuelLevel"] = json!(whole(fuel));
    }
    if let Some(battery) = battery {
        answer["batteryLevel"] = json!(whole(battery.percent));
        answer["chargingStatus"] = json!(plug(battery.plug));
    }
    answer["timestamp"] = json!(date(picture.taken));
    Some(answer)
}

/// Returns the word for what a plug does.
pub(super) fn plug(plug: Plug) -> &'static str {
    match plug {
        Plug::Out => "none",
        Plug::Waiting => "plugged",
        Plug::Charging => "charging",
        Plug::Full => "chargeComplete",
    }
}

/// Puts a distance in the place of one, with its unit, and as text if it was.
fn put_distance(distance: &mut Value, km: f64) {
    let unit = distance.get("unit").and_then(Value::as_str);
    let miles = unit.is_some_and(|unit| unit.to_ascii_lowercase().starts_with("mi"));
    let value = tenth(if miles { km / KM_PER_MILE } else { km });
    let as_text = distance.get("value").is_some_and(Value::is_string);
    distance["value"] = if as_text {
        json!(value.to_string())
    } else {
        json!(value)
    };
}
