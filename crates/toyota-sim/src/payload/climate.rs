//! The climate control, as the new routes put it.

use serde_json::{Value, json};

use super::date;
use crate::{
    garage::{ClimatePhase, ClimateSettings, Seat, Twin, View},
    number::tenth,
};

pub(super) fn status(twin: &Twin) -> Option<Value> {
    twin.spec.climate?;
    let picture = twin.seen.of(View::Climate)?;
    let climate = &picture.state.climate;
    let word = match climate.phase {
        ClimatePhase::Stopped => return Some(json!({"status": "stopped"})),
        ClimatePhase::Starting => "starting",
        ClimatePhase::Running => "running",
        ClimatePhase::Stopping => "stopping",
    };
    let updated = date(picture.taken);
    Some(json!({
        "status": word,
        "startedAt": climate.started.map(date),
        "updatedAt": updated,
        "duration": climate.settings.minutes,
        "currentTemperature": {
            "value": tenth(climate.cabin),
            "unit": "C",
            "timestamp": updated,
        },
        "targetTemperature": temperature(&climate.settings),
        "heatingOptions": heating(&climate.settings),
        "seatOptions": seats(&climate.settings),
    }))
}

pub(super) fn settings(twin: &Twin) -> Option<Value> {
    twin.spec.climate?;
    Some(json!({
        "duration": twin.saved.minutes,
        "temperature": temperature(&twin.saved),
        "heatingOptions": heating(&twin.saved),
        "seatOptions": seats(&twin.saved),
    }))
}

fn temperature(settings: &ClimateSettings) -> Value {
    json!({"value": settings.celsius, "unit": "C"})
}

fn heating(settings: &ClimateSettings) -> Value {
    let word = |on| if on { "on" } else { "off" };
    json!({
        "frontDefroster": word(settings.front_defrost),
        "rearDefogger": word(settings.rear_defog),
        "steeringHeater": word(settings.steering),
        "mirrorHeater": word(settings.mirrors),
    })
}

fn seats(settings: &ClimateSettings) -> Value {
    let seats = settings.seats;
    json!({
        "driverSeat": seat(seats.driver),
        "passengerSeat": seat(seats.passenger),
        "rearDriverSeat": seat(seats.rear_driver),
        "rearPassengerSeat": seat(seats.rear_passenger),
    })
}

fn seat(seat: Seat) -> &'static str {
    match seat {
        Seat::Off => "off",
        Seat::Low => "low",
        Seat::Medium => "medium",
        Seat::High => "high",
    }
}
