//! The invented user and the three invented cars.

mod twins;

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Account, Car, Payload};
use crate::garage::{Habits, Position, Powertrain, Twin};

/// How many cars the account has unless somebody wants more.
const CARS: usize = 3;

/// A car as the data files describe it.
struct Model {
    vin: &'static str,
    name: Option<&'static str>,
    vehicle: &'static str,
    location: &'static str,
    telemetry: &'static str,
    health: &'static str,
    service_history: Option<&'static str>,
    habits: Habits,
    twin: fn(u64) -> Twin,
}

pub(super) fn account() -> Account {
    account_with_cars(CARS)
}

/// Returns the account with so many cars: the three, and then their likes.
pub(super) fn account_with_cars(count: usize) -> Account {
    let account = Account::new(
        "driver@example.com",
        "seven-green-bicycles",
        "5e8f2c1a-7b3d-4e69-9a54-0c6d1f2b8e37",
    )
    .with_holder(parse(include_str!("../../data/account.json")));
    let models = [petrol(), plug_in_hybrid(), electric()];
    (0..count)
        .zip(models.iter().cycle())
        .fold(account, |account, (place, model)| {
            account.with_car(model.car(place))
        })
}

fn petrol() -> Model {
    Model {
        vin: "SB1Z93BE10E000101",
        name: Some("Runabout"),
        vehicle: include_str!("../../data/petrol/vehicle.json"),
        location: include_str!("../../data/petrol/location.json"),
        telemetry: include_str!("../../data/petrol/telemetry.json"),
        health: include_str!("../../data/petrol/health.json"),
        service_history: Some(include_str!("../../data/petrol/service-history.json")),
        habits: Habits {
            seed: 101,
            home: Position::new(50.8949, 4.3415),
            powertrain: Powertrain::Fuel { ml_per_km: 56 },
            commute_metres: Some(14_300),
        },
        twin: twins::petrol,
    }
}

fn plug_in_hybrid() -> Model {
    Model {
        vin: "JTMZ63FV50D000202",
        name: None,
        vehicle: include_str!("../../data/plug-in-hybrid/vehicle.json"),
        location: include_str!("../../data/plug-in-hybrid/location.json"),
        telemetry: include_str!("../../data/plug-in-hybrid/telemetry.json"),
        health: include_str!("../../data/plug-in-hybrid/health.json"),
        service_history: Some(include_str!(
            "../../data/plug-in-hybrid/service-history.json"
        )),
        habits: Habits {
            seed: 202,
            home: Position::new(48.858093, 2.294694),
            powertrain: Powertrain::PlugIn {
                ml_per_km: 61,
                electric_metres: 46_000,
            },
            commute_metres: Some(9_800),
        },
        twin: twins::plug_in_hybrid,
    }
}

fn electric() -> Model {
    Model {
        vin: "JTHZ4AHB700000303",
        name: Some("Quiet one"),
        vehicle: include_str!("../../data/electric/vehicle.json"),
        location: include_str!("../../data/electric/location.json"),
        telemetry: include_str!("../../data/electric/telemetry.json"),
        health: include_str!("../../data/electric/health.json"),
        service_history: None,
        habits: Habits {
            seed: 303,
            home: Position::new(52.379189, 4.899431),
            powertrain: Powertrain::Electric,
            commute_metres: None,
        },
        twin: twins::electric,
    }
}

impl Model {
    /// Returns the car at this place of the garage: of several of a model, each has a VIN of its
    /// own, a name of its own if it has any, and other habits.
    fn car(&self, place: usize) -> Car {
        let round = place / CARS;
        let vin = if round == 0 {
            self.vin.to_owned()
        } else {
            let (maker, _) = self.vin.split_at_checked(12).unwrap_or((self.vin, ""));
            // The originals' serial numbers are below ten thousand.
            format!("{maker}{:05}", 10_000 + place)
        };
        let payload = |json: &str| parse(&json.replace(self.vin, &vin));
        let mut vehicle = payload(self.vehicle);
        if let (Some(name), 1..) = (self.name, round) {
            vehicle["nickName"] = format!("{name} {}", round + 1).into();
        }
        let habits = Habits {
            seed: self.habits.seed ^ u64::try_from(round).unwrap_or_default() << 32,
            ..self.habits.clone()
        };
        let delivered = BTreeMap::from([
            (Payload::Location, payload(self.location)),
            (Payload::Telemetry, payload(self.telemetry)),
        ]);
        let car = Car::new(&vin)
            .with(Payload::Vehicle, vehicle)
            .with(Payload::Health, payload(self.health))
            .alive((self.twin)(habits.seed), delivered)
            .used(habits);
        match self.service_history {
            Some(json) => car.with(Payload::ServiceHistory, payload(json)),
            None => car,
        }
    }
}

/// Parses a data file of this crate; the tests see to it that each is valid.
fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_payload_names_its_car() {
        for car in account().cars() {
            assert_eq!(car.vin().len(), 17);
            for payload in [Payload::Vehicle, Payload::Location, Payload::Health] {
                let value = car.get(payload).unwrap();
                assert_eq!(value["vin"], car.vin(), "{payload:?}");
            }
            assert!(car.get(Payload::Telemetry).unwrap()["odometer"].is_object());
        }
    }

    #[test]
    fn every_car_of_many_has_a_vin_of_its_own() {
        let account = account_with_cars(7);

        let vins: BTreeSet<&str> = account.cars().iter().map(Car::vin).collect();
        assert_eq!(vins.len(), 7);
        assert!(vins.iter().all(|vin| vin.len() == 17));
        let names: Vec<&Value> = account
            .cars()
            .iter()
            .map(|car| &car.get(Payload::Vehicle).unwrap()["nickName"])
            .collect();
        assert_eq!(names[0], "Runabout");
        assert_eq!(names[3], "Runabout 2");
        assert_eq!(names[6], "Runabout 3");
        for car in account.cars() {
            let vehicle = car.get(Payload::Vehicle).unwrap();
            assert!(vehicle["image"].as_str().unwrap().contains(car.vin()));
        }
    }

    #[test]
    fn a_garage_can_be_empty() {
        assert!(account_with_cars(0).cars().is_empty());
    }

    #[test]
    fn every_habit_begins_where_its_car_is_parked() {
        for model in [petrol(), plug_in_hybrid(), electric()] {
            let place = &parse(model.location)["vehicleLocation"];

            assert_eq!(place["latitude"], model.habits.home.latitude);
            assert_eq!(place["longitude"], model.habits.home.longitude);
        }
    }

    #[test]
    fn the_user_is_the_account_s() {
        let account = account();

        let customer = &account.holder().unwrap()["customer"];
        assert_eq!(customer["guid"], account.guid());
        assert_eq!(customer["emails"][0]["emailAddress"], account.username());
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
