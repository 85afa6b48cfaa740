//! The accounts, and what each of them has to be answered: no two cars are alike.

use serde_json::{Value, json};
use toyota_client::model::{Decoded, Location, Telemetry, Vehicles};
use toyota_client::{Credentials, Vin};
use toyota_sim::{Account, Car, Payload};

pub(crate) const ACCOUNTS: usize = 8;
const CARS: usize = 4;

/// One account and its cars.
#[derive(Debug)]
pub(crate) struct Garage {
    pub(crate) username: String,
    password: String,
    pub(crate) guid: String,
    pub(crate) cars: Vec<Parked>,
}

/// One car, where it stands and what it says.
#[derive(Debug)]
pub(crate) struct Parked {
    pub(crate) vin: Vin,
    latitude: f64,
    longitude: f64,
    odometer: f64,
}

/// Returns all garages; each has one car more or less than its neighbours.
pub(crate) fn garages() -> Vec<Garage> {
    (0..ACCOUNTS).map(Garage::new).collect()
}

impl Garage {
    fn new(place: usize) -> Self {
        let cars = CARS + place % 3;
        Self {
            username: format!("driver-{place}@example.com"),
            password: format!("hush-{place}"),
            guid: format!("00000000-0000-4000-8000-{place:012}"),
            cars: (0..cars).map(|car| Parked::new(place, car)).collect(),
        }
    }

    pub(crate) fn credentials(&self) -> Credentials {
        Credentials::new(&self.username, &*self.password).expect("a mail address")
    }

    /// What the simulator is to know.
    pub(crate) fn account(&self) -> Account {
        let account = Account::new(&*self.username, &*self.password, &*self.guid);
        self.cars
            .iter()
            .fold(account, |account, car| account.with_car(car.simulated()))
    }

    pub(crate) fn owns(&self, vin: &str) -> bool {
        self.cars.iter().any(|car| car.vin.as_str() == vin)
    }

    /// The list is this account's, whole and in order.
    pub(crate) fn check_vehicles(&self, answer: &Decoded<Vehicles>) {
        let listed: Vec<&Vin> = answer.value.iter().map(|car| &car.vin).collect();
        let own: Vec<&Vin> = self.cars.iter().map(|car| &car.vin).collect();
        assert_eq!(listed, own, "the cars of somebody else");
        assert!(answer.warnings.is_empty(), "{:?}", answer.warnings);
    }
}

impl Parked {
    fn new(place: usize, car: usize) -> Self {
        let number = u32::try_from(place * 100 + car).expect("a small number");
        Self {
            vin: Vin::new(format!("JTSIM000000{number:06}")).expect("seventeen letters"),
            latitude: f64::from(number) / 16.0 + 1.0,
            longitude: f64::from(number) / 8.0 + 1.0,
            odometer: f64::from(number) + 0.5,
        }
    }

    fn simulated(&self) -> Car {
        let vin = self.vin.as_str();
        let position = json!({"latitude": self.latitude, "longitude": self.longitude});
        let odometer = json!({"value": self.odometer, "unit": "km"});
        Car::new(vin)
            .with(Payload::Vehicle, json!({"vin": vin, "nickName": "Soaked"}))
            .with(
                Payload::Location,
                json!({"vin": vin, "vehicleLocation": position}),
            )
            .with(Payload::Telemetry, json!({"odometer": odometer}))
    }

    /// The position is this car's.
    pub(crate) fn check_location(&self, answer: &Decoded<Option<Location>>) {
        let location = answer.value.as_ref().expect("a position");
        let at = location.coordinates.expect("coordinates");
        assert_eq!(location.vin.as_ref(), Some(&self.vin), "another car");
        assert_eq!(
            (at.latitude, at.longitude),
            (self.latitude, self.longitude),
            "where another car is"
        );
    }

    /// The odometer is this car's.
    pub(crate) fn check_telemetry(&self, answer: &Decoded<Option<Telemetry>>) {
        let telemetry = answer.value.as_ref().expect("a report");
        let odometer = telemetry.odometer.as_ref().expect("an odometer");
        assert_eq!(odometer.value, self.odometer, "what another car says");
    }
}

/// The command was accepted.
pub(crate) fn check_command(answer: &Value) {
    assert_eq!(answer["payload"]["returnCode"], "000000", "{answer}");
}
