//! What is sent to climate controls, and what is not.

use super::*;
use crate::model::TemperatureUnit;

fn celsius(value: f64) -> Temperature {
    Temperature::from_celsius(value)
}

fn fahrenheit(value: f64) -> Temperature {
    let unit = TemperatureUnit::Fahrenheit;
    Temperature { value, unit }
}

#[test]
fn a_temperature_is_in_range_and_at_a_step() {
    for (temperature, expected) in [
        (celsius(18.0), Ok(())),
        (celsius(29.0), Ok(())),
        (celsius(17.0), Err(InvalidCommand::Temperature)),
        (celsius(30.0), Err(InvalidCommand::Temperature)),
        (celsius(21.5), Err(InvalidCommand::Step)),
        (celsius(f64::NAN), Err(InvalidCommand::Temperature)),
        (celsius(f64::INFINITY), Err(InvalidCommand::Temperature)),
        (celsius(-f64::INFINITY), Err(InvalidCommand::Temperature)),
        (fahrenheit(64.0), Ok(())),
        (fahrenheit(84.0), Ok(())),
        (fahrenheit(63.0), Err(InvalidCommand::Temperature)),
        (fahrenheit(70.5), Err(InvalidCommand::Step)),
        (fahrenheit(21.0), Err(InvalidCommand::Temperature)),
    ] {
        let start = ClimateStart::new().with_temperature(temperature);

        assert_eq!(start.map(drop), expected, "{temperature:?}");
    }
}

#[test]
fn a_car_s_own_range_and_steps_hold_for_it() {
    let answer = json!({"payload": {
        "temperatureUnit": "C", "minTemp": 15.5, "maxTemp": 25, "tempInterval": 0.5,
    }});
    let car = ClimateSettings::from_answer(answer).value.unwrap();
    for (temperature, expected) in [
        (celsius(15.5), Ok(())),
        (celsius(21.5), Ok(())),
        (celsius(25.0), Ok(())),
        (celsius(15.0), Err(InvalidCommand::Temperature)),
        (celsius(25.5), Err(InvalidCommand::Temperature)),
        (celsius(21.2), Err(InvalidCommand::Step)),
        (fahrenheit(60.0), Ok(())),
        (fahrenheit(78.0), Err(InvalidCommand::Temperature)),
    ] {
        let start = ClimateStart::new().with_temperature_of(temperature, &car);

        assert_eq!(start.map(drop), expected, "{temperature:?}");
    }
}

#[test]
fn it_runs_for_whole_minutes_and_not_too_many() {
    let minute = Duration::from_secs(60);
    for (duration, minutes) in [
        (minute, Some(1)),
        (20 * minute, Some(20)),
        (21 * minute, None),
        (Duration::ZERO, None),
        (Duration::from_secs(90), None),
        (Duration::MAX, None),
    ] {
        let start = ClimateStart::new().with_duration(duration);

        assert_eq!(start.ok().and_then(|it| it.minutes), minutes);
    }
}

#[test]
fn what_is_not_said_is_left_out() {
    let start = ClimateStart::new();
    assert!(!start.is_more_than_the_older_route_takes());

    let command = ClimateCommand::Start(start);
    assert_eq!(command.body(), json!({"command": "start"}));
    assert_eq!(command.old_body(), json!({"command": "engine-start"}));
    assert_eq!(command.old_settings(&set()), None);

    let stop = ClimateCommand::Stop;
    assert_eq!(stop.body(), json!({"command": "stop"}));
    assert_eq!(stop.old_body(), json!({"command": "engine-stop"}));
    assert_eq!(stop.old_settings(&set()), None);
}

#[test]
fn what_is_not_said_to_the_older_route_stays_as_the_car_is_set() {
    let front = ClimateStart::new().with_heater(Heater::FrontDefroster, true);
    let warm = ClimateStart::new().with_temperature(celsius(25.0)).unwrap();
    for (start, temperature, front) in [(front, 19.5, true), (warm, 25.0, false)] {
        let settings = ClimateCommand::Start(start).old_settings(&set()).unwrap();

        assert_eq!(settings["temperature"], temperature);
        assert_eq!(settings["temperatureUnit"], "C");
        let parameters = &settings["acOperations"][0]["acParameters"];
        let front = json!({"enabled": front, "name": "frontDefrost"});
        assert_eq!(
            *parameters,
            json!([front, {"enabled": true, "name": "rearDefrost"}])
        );
    }

    let seat = ClimateStart::new().with_seat(Seat::Driver, SeatHeat::High);
    assert_eq!(ClimateCommand::Start(seat).old_settings(&set()), None);
}

/// How a car is set.
fn set() -> ClimateSettings {
    let payload = json!({
        "temperature": {"value": 19.5, "unit": "C"},
        "heatingOptions": {"frontDefroster": "off", "rearDefogger": "on"},
    });
    let answer = json!({ "payload": payload });
    ClimateSettings::from_answer(answer).value.unwrap()
}

#[test]
fn the_older_route_takes_settings_first_and_less_of_them() {
    let start = ClimateStart::new()
        .with_temperature(fahrenheit(70.0))
        .unwrap()
        .with_duration(Duration::from_secs(300))
        .unwrap()
        .with_heater(Heater::RearDefogger, false)
        .with_heater(Heater::Steering, true)
        .saved();
    assert!(start.is_more_than_the_older_route_takes());

    let command = ClimateCommand::Start(start);

    assert_eq!(
        command.old_body(),
        json!({"command": "engine-start", "remoteHvac": {"engineStartTime": 5}})
    );
    assert_eq!(
        command.old_settings(&ClimateSettings::default()).unwrap(),
        json!({
            "settingsOn": true, "temperature": 70.0, "temperatureUnit": "F",
            "acOperations": [{
                "categoryName": "defrost",
                "acParameters": [{"enabled": false, "name": "rearDefrost"}],
            }],
        })
    );
    assert_eq!(
        command.body(),
        json!({
            "command": "start", "duration": 5, "temperature": {"value": 70.0, "unit": "F"},
            "heatingOptions": {"rearDefogger": "off", "steeringHeater": "on"}, "saveSettings": true,
        })
    );
}

#[test]
fn less_is_set_without_a_start() {
    let start = ClimateStart::new;
    let minute = Duration::from_secs(60);
    for (settings, expected) in [
        (start().with_temperature(celsius(21.0)).unwrap(), Ok(())),
        (start().with_heater(Heater::RearDefogger, false), Ok(())),
        (start(), Err(InvalidCommand::Settings)),
        (
            start().with_duration(minute).unwrap(),
            Err(InvalidCommand::Settings),
        ),
        (
            start().with_heater(Heater::Steering, true),
            Err(InvalidCommand::Settings),
        ),
        (
            start()
                .with_heater(Heater::FrontDefroster, true)
                .with_seat(Seat::Driver, SeatHeat::Low),
            Err(InvalidCommand::Settings),
        ),
    ] {
        assert_eq!(settings.check_settings(), expected, "{settings:?}");
    }
}

#[test]
fn a_car_is_set_to_what_is_said_only_if_it_tells_all_of_it() {
    let degrees = |it| ClimateStart::new().with_temperature(it).unwrap();
    for (wanted, expected) in [
        (degrees(celsius(19.0)), Some(false)),
        (degrees(celsius(20.0)), Some(false)),
        (degrees(fahrenheit(67.0)), Some(true)),
        (degrees(fahrenheit(68.0)), Some(false)),
        (
            ClimateStart::new().with_heater(Heater::RearDefogger, true),
            Some(true),
        ),
        (
            ClimateStart::new().with_heater(Heater::FrontDefroster, true),
            Some(false),
        ),
        (
            degrees(fahrenheit(67.0)).with_heater(Heater::Steering, true),
            None,
        ),
        (
            degrees(celsius(29.0)).with_heater(Heater::Steering, true),
            Some(false),
        ),
    ] {
        assert_eq!(wanted.is_set_in(&set()), expected, "{wanted:?}");
    }
    let nothing = ClimateSettings::default();
    assert_eq!(degrees(celsius(21.0)).is_set_in(&nothing), None);
}
