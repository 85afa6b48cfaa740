//! The list of cars, and the names that their user gives them.

use serde_json::{Value, json};

use super::{envelope, live::Call, refusal::Refusal};
use crate::{account::Payload, exchange::header, route::Families};

/// The longest name of a car, in characters; nobody has seen the service's own limit.
const NAME_LIMIT: usize = 64;
/// What went away in September 2026, and clients broke that had relied on it.
const REMOTE_DISPLAY: &str = "remoteDisplay";

/// The first second of the year 2001, in milliseconds: what is less was counted in seconds.
const EARLIEST: u64 = 978_307_200_000;

/// Returns the list; in that of before the service moved its routes, no key had gone yet.
pub(super) fn list(call: Call<'_>) -> Result<Value, Refusal> {
    let cars = call.account.cars().iter();
    let mut vehicles: Vec<Value> = cars
        .filter_map(|car| car.payload(Payload::Vehicle))
        .collect();
    for vehicle in vehicles.iter_mut().filter_map(Value::as_object_mut) {
        match call.families {
            Families::OldOnly => {
                vehicle.entry(REMOTE_DISPLAY).or_insert_with(|| json!("7"));
            }
            Families::NewOnly => {
                vehicle.remove(REMOTE_DISPLAY);
            }
            Families::Both => {}
        }
    }
    Ok(envelope::messages(
        "ONE-VL-10000",
        "Request Processed successfully",
        Value::Array(vehicles),
    ))
}

/// Gives a car of the user's the name that the body has for it, and returns an answer whose
/// payload nobody has described.
pub(super) fn name(call: Call<'_>) -> Result<Value, Refusal> {
    let exchange = call.exchange;
    let guid = call.account.guid().to_owned();
    let car = call.car()?;
    header(exchange.headers(), "datetime")
        .ok_or(Refusal::MissingHeader("datetime"))?
        .parse::<u64>()
        .ok()
        .filter(|milliseconds| *milliseconds >= EARLIEST)
        .ok_or(Refusal::InvalidHeader("datetime"))?;
    let body: Value = serde_json::from_slice(exchange.body()).map_err(|_| Refusal::InvalidBody)?;
    let text = |key| body.get(key).and_then(Value::as_str);
    let name = text("nickName")
        .filter(|name| name.chars().count() <= NAME_LIMIT)
        .ok_or(Refusal::InvalidBody)?;
    if (text("guid"), text("vin")) != (Some(guid.as_str()), Some(car.vin())) {
        return Err(Refusal::NotMapped);
    }
    if let Some(Value::Object(mut vehicle)) = car.payload(Payload::Vehicle) {
        vehicle.insert("nickName".to_owned(), Value::from(name));
        car.set(Payload::Vehicle, Value::Object(vehicle));
    }
    Ok(envelope::remote(Some(json!({}))))
}
