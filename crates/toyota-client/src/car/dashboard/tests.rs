//! What several data sets say together. The numbers are those of a well-known client's tests.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::model::{Decoded, Health, LengthUnit, Status, Vehicle};

fn car() -> Car {
    let answer = json!({"payload": [{"vin": "JTSIM00000PET0001"}]});
    Car::new(Vehicle::list_from_answer(answer).value.remove(0))
}

fn payload<T>(read: fn(Value) -> Decoded<Option<T>>, payload: &Value) -> Decoded<Option<T>> {
    read(json!({ "payload": payload }))
}

fn with(telemetry: &Value, electric: &Value) -> Car {
    let mut car = car();
    let now = Timestamp::UNIX_EPOCH;
    let telemetry = payload(Telemetry::from_answer, telemetry);
    car.telemetry.answered(telemetry, now, |_| None);
    let electric = payload(Electric::from_answer, electric);
    car.electric.answered(electric, now, |_| None);
    car
}

fn km(value: f64) -> Option<Distance> {
    let unit = LengthUnit::Kilometre;
    Some(Distance { value, unit })
}

fn mi(value: f64) -> Option<Distance> {
    let unit = LengthUnit::Mile;
    Some(Distance { value, unit })
}

#[test]
fn distances_of_mixed_units_are_shown_in_one() {
    let car = with(
        &json!({
            "odometer": {"value": 6213.712, "unit": "mi"},
            "fuelLevel": 10,
            "batteryLevel": 25,
            "distanceToEmpty": {"value": 100, "unit": "km"},
        }),
        &json!({
            "batteryLevel": 22,
            "fuelRange": {"value": 70, "unit": "mi"},
            "evRange": {"value": 33, "unit": "Km"},
            "evRangeWithAc": {"value": 30, "unit": "km"},
        }),
    );

    let shown = car.dashboard(Units::Metric);

    assert_eq!(shown.odometer, km(9999.975));
    assert_eq!(shown.fuel_range, km(112.654));
    assert_eq!(
        (shown.battery_level, shown.fuel_level),
        (Some(22.0), Some(10.0))
    );
    assert_eq!(shown.battery_range, km(33.0));
    assert_eq!(shown.battery_range_with_ac, km(30.0));
    assert_eq!(shown.range, km(100.0));
    let shown = car.dashboard(Units::ImperialUk);
    assert_eq!((shown.odometer, shown.fuel_range), (mi(6213.712), mi(70.0)));
    assert_eq!(shown.battery_range, mi(20.505));
}

#[test]
fn the_range_is_the_battery_s_or_the_fuel_s() {
    let range = json!({"value": 350, "unit": "km"});
    for (battery, fuel_range, battery_range) in [
        (json!(80), None, km(350.0)),
        (json!(0), None, km(350.0)),
        (json!(null), km(350.0), None),
    ] {
        let telemetry = json!({"batteryLevel": battery, "distanceToEmpty": range});

        let shown = with(&telemetry, &json!({})).dashboard(Units::Metric);

        assert_eq!(shown.fuel_range, fuel_range, "{battery}");
        assert_eq!(shown.battery_range, battery_range, "{battery}");
        assert_eq!(shown.range, km(350.0));
    }
}

#[test]
fn zero_is_a_value() {
    let zero = json!({"value": 0, "unit": "km"});
    let car = with(
        &json!({"odometer": zero, "fuelLevel": 0, "batteryLevel": 50, "distanceToEmpty": zero}),
        &json!({"batteryLevel": 0, "evRange": zero, "fuelRange": zero, "remainingChargeTime": 0}),
    );

    let shown = car.dashboard(Units::ImperialUs);

    assert_eq!(
        (shown.fuel_level, shown.battery_level),
        (Some(0.0), Some(0.0))
    );
    for distance in [
        shown.odometer,
        shown.battery_range,
        shown.fuel_range,
        shown.range,
    ] {
        assert_eq!(distance, mi(0.0));
    }
    assert_eq!(shown.remaining_charge_time, Some(Duration::ZERO));
}

#[test]
fn what_one_data_set_lacks_another_may_have() {
    let mut car = with(
        &json!({"batteryLevel": 40, "chargingStatus": "plugged"}),
        &json!({"fuelLevel": 30}),
    );
    let shown = car.dashboard(Units::Metric);
    assert_eq!(
        (shown.battery_level, shown.fuel_level),
        (Some(40.0), Some(30.0))
    );
    assert_eq!(shown.charging_status.unwrap().as_str(), "plugged");

    let status = json!({"vehicleStatus": [], "telemetry": {
        "odo": {"value": 7, "unit": "km"}, "rage": {"value": 8, "unit": "km"},
    }});
    let status = payload(Status::from_answer, &status);
    car.status.answered(status, Timestamp::UNIX_EPOCH, |_| None);

    let shown = car.dashboard(Units::Metric);
    assert_eq!((shown.odometer, shown.range), (km(7.0), km(8.0)));
}

#[test]
fn no_light_that_is_on_is_not_the_same_as_no_word_of_lights() {
    let mut car = car();
    assert_eq!(car.dashboard(Units::Metric), Dashboard::default());

    let health = payload(Health::from_answer, &json!({"warning": []}));
    car.health.answered(health, Timestamp::UNIX_EPOCH, |_| None);

    assert_eq!(
        car.dashboard(Units::Metric).warning_lights,
        Some(Vec::new())
    );
}

fn any_distance() -> impl Strategy<Value = Value> {
    let distance = (0.0..1e6, prop_oneof![Just("km"), Just("mi"), Just("Mile")]);
    proptest::option::of(distance).prop_map(|it| {
        it.map_or(
            Value::Null,
            |(value, unit)| json!({"value": value, "unit": unit}),
        )
    })
}

fn any_level() -> impl Strategy<Value = Value> {
    proptest::option::of(0.0..=100.0).prop_map(|it| json!(it))
}

proptest! {
    #[test]
    fn nothing_is_shown_that_nobody_reported_and_nothing_reported_is_lost(
        (fuel, battery, range, odometer) in (any_level(), any_level(), any_distance(), any_distance()),
        (level, ev, ac, petrol) in (any_level(), any_distance(), any_distance(), any_distance()),
    ) {
        let car = with(
            &json!({
                "fuelLevel": fuel,
                "batteryLevel": battery,
                "distanceToEmpty": range,
                "odometer": odometer,
            }),
            &json!({
                "batteryLevel": level,
                "evRange": ev,
                "evRangeWithAc": ac,
                "fuelRange": petrol,
            }),
        );

        let shown = car.dashboard(Units::Metric);
        let miles = car.dashboard(Units::ImperialUk);

        let has = |values: &[&Value]| values.iter().any(|value| !value.is_null());
        prop_assert_eq!(shown.fuel_level.is_some(), has(&[&fuel]));
        prop_assert_eq!(shown.battery_level.is_some(), has(&[&battery, &level]));
        prop_assert_eq!(shown.odometer.is_some(), has(&[&odometer]));
        prop_assert_eq!(shown.range.is_some(), has(&[&range]));
        prop_assert_eq!(shown.battery_range_with_ac.is_some(), has(&[&ac]));
        let none = Value::Null;
        let by_fuel = battery.is_null();
        let (by_battery, by_fuel) = if by_fuel { (&none, &range) } else { (&range, &none) };
        prop_assert_eq!(shown.battery_range.is_some(), has(&[&ev, by_battery]));
        prop_assert_eq!(shown.fuel_range.is_some(), has(&[&petrol, by_fuel]));
        for (one, other) in [(shown.range, miles.range), (shown.odometer, miles.odometer)] {
            let (one, other) = (one.map(Distance::kilometres), other.map(Distance::kilometres));
            prop_assert_eq!(one.is_some(), other.is_some());
            let apart = one.zip(other).map_or(0.0, |(one, other)| (one - other).abs());
            prop_assert!(apart <= 0.003 + one.unwrap_or_default() * 1e-5, "{one:?} {other:?}");
        }
    }
}
