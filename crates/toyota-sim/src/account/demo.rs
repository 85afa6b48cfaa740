//! The invented user and the three invented cars.

use serde_json::Value;

use super::{Account, Car, Payload};

pub(super) fn account() -> Account {
    Account::new(
        "driver@example.com",
        "seven-green-bicycles",
        "5e8f2c1a-7b3d-4e69-9a54-0c6d1f2b8e37",
    )
    .with_car(petrol())
    .with_car(plug_in_hybrid())
    .with_car(electric())
}

fn petrol() -> Car {
    car(
        "SB1Z93BE10E000101",
        include_str!("../../data/petrol/vehicle.json"),
        include_str!("../../data/petrol/location.json"),
        include_str!("../../data/petrol/telemetry.json"),
    )
}

fn plug_in_hybrid() -> Car {
    car(
        "JTMZ63FV50D000202",
        include_str!("../../data/plug-in-hybrid/vehicle.json"),
        include_str!("../../data/plug-in-hybrid/location.json"),
        include_str!("../../data/plug-in-hybrid/telemetry.json"),
    )
}

fn electric() -> Car {
    car(
        "JTHZ4AHB700000303",
        include_str!("../../data/electric/vehicle.json"),
        include_str!("../../data/electric/location.json"),
        include_str!("../../data/electric/telemetry.json"),
    )
}

fn car(vin: &str, vehicle: &str, location: &str, telemetry: &str) -> Car {
    Car::new(vin)
        .with(Payload::Vehicle, parse(vehicle))
        .with(Payload::Location, parse(location))
        .with(Payload::Telemetry, parse(telemetry))
}

/// Parses a data file of this crate; the tests see to it that each is valid.
fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_payload_names_its_car() {
        for car in account().cars() {
            assert_eq!(car.vin().len(), 17);
            for payload in [Payload::Vehicle, Payload::Location] {
                let value = car.get(payload).unwrap();
                assert_eq!(value["vin"], car.vin(), "{payload:?}");
            }
            assert!(car.get(Payload::Telemetry).unwrap()["odometer"].is_object());
        }
    }

    #[test]
    fn every_vehicle_has_its_capabilities_and_features() {
        for car in account().cars() {
            let vehicle = car.get(Payload::Vehicle).unwrap();

            let capabilities = vehicle["extendedCapabilities"].as_object().unwrap();
            assert!(capabilities.len() >= 76);
            assert!(capabilities.values().all(Value::is_boolean));
            let features = vehicle["features"].as_object().unwrap();
            assert_eq!(features.len(), 77);
            assert!(features.values().all(Value::is_u64));
        }
    }

    #[test]
    fn the_garage_has_the_service_s_irregularities() {
        let account = account();
        let vehicles: Vec<&Value> = account
            .cars()
            .iter()
            .filter_map(|car| car.get(Payload::Vehicle))
            .collect();

        assert!(vehicles.iter().any(|car| car["modelYear"].is_u64()));
        assert!(vehicles.iter().any(|car| car["modelYear"].is_string()));
        assert!(vehicles.iter().any(|car| car["evVehicle"] == "true"));
        assert!(vehicles.iter().any(|car| car["imei"].is_null()));
        assert!(vehicles.iter().any(|car| car.get("dcm").is_none()));
        assert!(
            vehicles
                .iter()
                .any(|car| car.get("remoteDisplay").is_none())
        );
    }
}
