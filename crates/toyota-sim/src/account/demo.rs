//! The invented user and the three invented cars.

mod twins;

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Account, Car, Payload};
use crate::garage::Twin;

pub(super) fn account() -> Account {
    Account::new(
        "driver@example.com",
        "seven-green-bicycles",
        "5e8f2c1a-7b3d-4e69-9a54-0c6d1f2b8e37",
    )
    .with_car(Car::petrol(PETROL))
    .with_car(Car::plug_in_hybrid(PLUG_IN_HYBRID))
    .with_car(Car::electric(ELECTRIC))
}

const PETROL: &str = "SB1Z93BE10E000101";
const PLUG_IN_HYBRID: &str = "JTMZ63FV50D000202";
const ELECTRIC: &str = "JTHZ4AHB700000303";

impl Car {
    /// Creates a car like the petrol Toyota of [`Account::demo`], which lives.
    #[must_use]
    pub fn petrol(vin: impl Into<String>) -> Self {
        let data = Data {
            vin: PETROL,
            vehicle: include_str!("../../data/petrol/vehicle.json"),
            location: include_str!("../../data/petrol/location.json"),
            telemetry: include_str!("../../data/petrol/telemetry.json"),
        };
        data.car(vin.into(), twins::petrol)
    }

    /// Creates a car like the plug-in hybrid Toyota of [`Account::demo`], which lives.
    #[must_use]
    pub fn plug_in_hybrid(vin: impl Into<String>) -> Self {
        let data = Data {
            vin: PLUG_IN_HYBRID,
            vehicle: include_str!("../../data/plug-in-hybrid/vehicle.json"),
            location: include_str!("../../data/plug-in-hybrid/location.json"),
            telemetry: include_str!("../../data/plug-in-hybrid/telemetry.json"),
        };
        data.car(vin.into(), twins::plug_in_hybrid)
    }

    /// Creates a car like the electric Lexus of [`Account::demo`], which lives.
    #[must_use]
    pub fn electric(vin: impl Into<String>) -> Self {
        let data = Data {
            vin: ELECTRIC,
            vehicle: include_str!("../../data/electric/vehicle.json"),
            location: include_str!("../../data/electric/location.json"),
            telemetry: include_str!("../../data/electric/telemetry.json"),
        };
        data.car(vin.into(), twins::electric)
    }
}

/// The data files of a car, and the VIN that they name.
struct Data {
    vin: &'static str,
    vehicle: &'static str,
    location: &'static str,
    telemetry: &'static str,
}

impl Data {
    /// Returns the car of this VIN that they tell of.
    fn car(&self, vin: String, twin: fn(u64) -> Twin) -> Car {
        let parse = |json: &str| parse(&json.replace(self.vin, &vin));
        let delivered = BTreeMap::from([
            (Payload::Location, parse(self.location)),
            (Payload::Telemetry, parse(self.telemetry)),
        ]);
        let vehicle = parse(self.vehicle);
        let twin = twin(seed(&vin));
        Car::new(vin)
            .with(Payload::Vehicle, vehicle)
            .alive(twin, delivered)
    }
}

/// Returns a seed of a car's own (FNV-1a).
fn seed(vin: &str) -> u64 {
    vin.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
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
