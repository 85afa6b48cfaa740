//! Cars of several kinds, by what the list of vehicles says of them.

use serde_json::{Value, json};

use super::super::Car;
use super::*;

fn vehicle(members: &Value) -> Vehicle {
    let mut members = members.clone();
    members["vin"] = "JTSIM00000PET0001".into();
    Vehicle::list_from_answer(json!({"payload": [members]}))
        .value
        .remove(0)
}

fn hint(members: &Value, data_set: DataSet) -> Support {
    hinted(&vehicle(members), data_set)
}

#[test]
fn one_hint_is_a_yes_and_only_all_of_them_a_no() {
    for (hints, support) in [
        (&[Some(true), Some(false), None][..], Support::Yes),
        (&[None, Some(true)], Support::Yes),
        (&[Some(false), None], Support::Unknown),
        (&[None, Some(false)], Support::Unknown),
        (&[Some(false), Some(false)], Support::No),
    ] {
        assert_eq!(Support::of(hints.iter().copied()), support, "{hints:?}");
    }
}

#[test]
fn each_data_set_has_its_flags() {
    for (members, data_set, support) in [
        (
            json!({"extendedCapabilities": {"lastParkedCapable": true}}),
            DataSet::Location,
            Support::Yes,
        ),
        (
            json!({"features": {"lastParked": 1}}),
            DataSet::Location,
            Support::Yes,
        ),
        (
            json!({
                "features": {"lastParked": 0},
                "extendedCapabilities": {"lastParkedCapable": false},
            }),
            DataSet::Location,
            Support::No,
        ),
        (
            json!({"features": {"lastParked": 0}}),
            DataSet::Location,
            Support::Unknown,
        ),
        (json!({}), DataSet::Health, Support::Yes),
        (json!({}), DataSet::Notifications, Support::Yes),
        (json!({}), DataSet::Trips, Support::Yes),
        (
            json!({"extendedCapabilities": {"telemetryCapable": false}}),
            DataSet::Telemetry,
            Support::No,
        ),
        (
            json!({"extendedCapabilities": {"vehicleStatus": "true"}}),
            DataSet::Status,
            Support::Yes,
        ),
        (json!({}), DataSet::Status, Support::Unknown),
        (
            json!({"features": {"serviceHistory": 1}}),
            DataSet::ServiceHistory,
            Support::Yes,
        ),
        (
            json!({"features": {"climateStartEngine": 1}}),
            DataSet::ClimateStatus,
            Support::Yes,
        ),
        (
            json!({"extendedCapabilities": {"climateCapable": true}}),
            DataSet::ClimateSettings,
            Support::Yes,
        ),
        (
            json!({
                "features": {"climateStartEngine": 0},
                "extendedCapabilities": {
                    "climateCapable": false,
                    "econnectClimateCapable": false,
                    "remoteEngineStartStop": false,
                },
            }),
            DataSet::ClimateStatus,
            Support::No,
        ),
    ] {
        assert_eq!(hint(&members, data_set), support, "{data_set} {members}");
    }
}

#[test]
fn electric_data_is_asked_of_what_may_have_it() {
    let flags = |capable: bool| json!({"econnectVehicleStatusCapable": capable});
    for (members, support) in [
        (json!({"extendedCapabilities": flags(true)}), Support::Yes),
        (
            json!({"extendedCapabilities": flags(false), "fuelType": "I"}),
            Support::Yes,
        ),
        (
            json!({"extendedCapabilities": flags(false), "evVehicle": true}),
            Support::Yes,
        ),
        (
            json!({"extendedCapabilities": flags(false), "evVehicle": false, "fuelType": "B"}),
            Support::No,
        ),
        (
            json!({"evVehicle": false, "fuelType": "B"}),
            Support::Unknown,
        ),
        (json!({}), Support::Unknown),
    ] {
        assert_eq!(hint(&members, DataSet::Electric), support, "{members}");
    }
}

#[test]
fn a_battery_is_concluded_from_several_hints() {
    for (members, support) in [
        // What registries got wrong.
        (
            json!({"fuelType": "E", "features": {"hybridPulse": 1}}),
            Support::Yes,
        ),
        (
            json!({"fuelType": "E", "evVehicle": false, "generation": "24MM"}),
            Support::Yes,
        ),
        (json!({"fuelType": "I"}), Support::Yes),
        (json!({"evVehicle": true, "fuelType": "B"}), Support::Yes),
        // One flag may be wrong, two are believed.
        (
            json!({"fuelType": "B", "evVehicle": false, "features": {"smartCharging": 1}}),
            Support::Unknown,
        ),
        (
            json!({"extendedCapabilities": {"evBattery": true}, "features": {"evVehicleStatus": 1}}),
            Support::Yes,
        ),
        (json!({"fuelType": "B", "evVehicle": false}), Support::No),
        (json!({"fuelType": "G", "evVehicle": false}), Support::No),
        (json!({"fuelType": "B"}), Support::Unknown),
        (json!({}), Support::Unknown),
    ] {
        assert_eq!(
            Car::new(vehicle(&members)).has_battery(),
            support,
            "{members}"
        );
    }
}

#[test]
fn what_is_said_goes_before_the_hints() {
    let hints = json!({"extendedCapabilities": {"telemetryCapable": false, "vehicleStatus": true}});
    let mut car = Car::new(vehicle(&hints));

    car.set_support(DataSet::Telemetry, Some(true));
    car.set_support(DataSet::Status, Some(false));

    assert_eq!(car.supports(DataSet::Telemetry), Support::Yes);
    assert_eq!(car.supports(DataSet::Status), Support::No);
    car.set_support(DataSet::Status, None);
    assert_eq!(car.supports(DataSet::Status), Support::Yes);
}

#[test]
fn a_later_list_renews_what_is_said_of_the_same_car_only() {
    let mut car = Car::new(vehicle(&json!({"nickName": "Blue"})));
    let mut other = vehicle(&json!({"nickName": "Red"}));
    other.vin = crate::Vin::new("JTSIM00000PET0002").unwrap();

    assert!(car.renew(vehicle(&json!({"nickName": "Green"}))));
    assert!(!car.renew(other));

    assert_eq!(car.vehicle().name(), Some("Green"));
}
