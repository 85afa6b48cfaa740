//! What a climate command says of minutes, degrees, heaters and seats.

use serde_json::Value;

use crate::{
    api::refusal::Refusal,
    garage::{ClimateSettings, Seat},
};

const LONGEST: u32 = 20;
const COLDEST: f64 = 18.0;
const WARMEST: f64 = 29.0;

/// Returns `settings` with what a command of the new route says.
pub(super) fn settings(
    body: &Value,
    settings: ClimateSettings,
) -> Result<ClimateSettings, Refusal> {
    let mut settings = with_minutes(settings, body.get("duration"))?;
    if let Some(wanted) = body.get("temperature") {
        settings.celsius = temperature(wanted.get("value"), wanted.get("unit"))?;
    }
    for (name, heater) in [
        ("frontDefroster", &mut settings.front_defrost),
        ("rearDefogger", &mut settings.rear_defog),
        ("steeringHeater", &mut settings.steering),
        ("mirrorHeater", &mut settings.mirrors),
    ] {
        if let Some(wanted) = body.get("heatingOptions").and_then(|all| all.get(name)) {
            *heater = switch(wanted)?;
        }
    }
    let seats = &mut settings.seats;
    for (name, place) in [
        ("driverSeat", &mut seats.driver),
        ("passengerSeat", &mut seats.passenger),
        ("rearDriverSeat", &mut seats.rear_driver),
        ("rearPassengerSeat", &mut seats.rear_passenger),
    ] {
        if let Some(wanted) = body.get("seatOptions").and_then(|all| all.get(name)) {
            *place = seat(wanted)?;
        }
    }
    Ok(settings)
}

/// Returns `settings` with what the old route is sent, which is all of them.
pub(super) fn old_settings(
    body: &Value,
    mut settings: ClimateSettings,
) -> Result<ClimateSettings, Refusal> {
    settings.on = body
        .get("settingsOn")
        .and_then(Value::as_bool)
        .ok_or(Refusal::InvalidBody)?;
    settings.celsius = temperature(body.get("temperature"), body.get("temperatureUnit"))?;
    let operations = body.get("acOperations").and_then(Value::as_array);
    let parameters = operations
        .into_iter()
        .flatten()
        .filter_map(|operation| operation.get("acParameters")?.as_array())
        .flatten();
    for parameter in parameters {
        let enabled = parameter.get("enabled").and_then(Value::as_bool);
        let enabled = enabled.ok_or(Refusal::InvalidBody)?;
        match parameter.get("name").and_then(Value::as_str) {
            Some("frontDefrost") => settings.front_defrost = enabled,
            Some("rearDefrost") => settings.rear_defog = enabled,
            _ => return Err(Refusal::InvalidBody),
        }
    }
    Ok(settings)
}

/// Returns `settings` with a time to run, if one is given.
pub(super) fn with_minutes(
    mut settings: ClimateSettings,
    minutes: Option<&Value>,
) -> Result<ClimateSettings, Refusal> {
    if let Some(minutes) = minutes {
        settings.minutes = minutes
            .as_u64()
            .and_then(|minutes| u32::try_from(minutes).ok())
            .filter(|minutes| (1..=LONGEST).contains(minutes))
            .ok_or(Refusal::UnknownCommand)?;
    }
    Ok(settings)
}

/// Returns a temperature in °C that the car can make.
fn temperature(value: Option<&Value>, unit: Option<&Value>) -> Result<f64, Refusal> {
    let value = value.and_then(Value::as_f64).ok_or(Refusal::InvalidBody)?;
    let celsius = match unit.and_then(Value::as_str) {
        Some("C") => value,
        Some("F") => (value - 32.0) / 1.8,
        _ => return Err(Refusal::InvalidBody),
    };
    (COLDEST..=WARMEST)
        .contains(&celsius)
        .then_some(celsius)
        .ok_or(Refusal::UnknownCommand)
}

fn switch(wanted: &Value) -> Result<bool, Refusal> {
    match wanted.as_str() {
        Some("on") => Ok(true),
        Some("off") => Ok(false),
        _ => Err(Refusal::UnknownCommand),
    }
}

fn seat(wanted: &Value) -> Result<Seat, Refusal> {
    Ok(match wanted.as_str() {
        Some("off") => Seat::Off,
        Some("low") => Seat::Low,
        Some("medium") => Seat::Medium,
        Some("high") => Seat::High,
        _ => return Err(Refusal::UnknownCommand),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_said_stays_as_it_was() {
        let before = ClimateSettings {
            mirrors: true,
            minutes: 7,
            ..ClimateSettings::default()
        };

        let after = settings(
            &json!({
                "command": "start",
                "temperature": {"value": 23.5, "unit": "C"},
                "heatingOptions": {"frontDefroster": "on"},
                "seatOptions": {"passengerSeat": "high"},
            }),
            before.clone(),
        )
        .unwrap();

        let mut expected = before;
        expected.celsius = 23.5;
        expected.front_defrost = true;
        expected.seats.passenger = Seat::High;
        assert_eq!(after, expected);
    }

    #[test]
    fn what_the_car_cannot_do_is_refused() {
        for (body, refusal) in [
            (json!({"duration": 0}), Refusal::UnknownCommand),
            (json!({"duration": 21}), Refusal::UnknownCommand),
            (json!({"duration": "20"}), Refusal::UnknownCommand),
            (
                json!({"temperature": {"value": 17.5, "unit": "C"}}),
                Refusal::UnknownCommand,
            ),
            (
                json!({"temperature": {"value": 29.5, "unit": "C"}}),
                Refusal::UnknownCommand,
            ),
            (json!({"temperature": {"value": 21}}), Refusal::InvalidBody),
            (
                json!({"heatingOptions": {"mirrorHeater": true}}),
                Refusal::UnknownCommand,
            ),
            (
                json!({"seatOptions": {"driverSeat": "warm"}}),
                Refusal::UnknownCommand,
            ),
        ] {
            let refused = settings(&body, ClimateSettings::default());

            assert_eq!(refused, Err(refusal), "{body}");
        }
    }

    #[test]
    fn degrees_are_converted() {
        let warm = temperature(Some(&json!(71.6)), Some(&json!("F"))).unwrap();

        assert!((warm - 22.0).abs() < 1e-9);
    }
}
