//! What a car reports: odometer, fuel, battery.

use toyota_client::Vin;
use toyota_client::model::{Decoded, Telemetry};

use super::{Facts, Show};
use crate::failure::Failure;

impl Show {
    pub(crate) fn telemetry(
        self,
        vin: &Vin,
        telemetry: &Decoded<Option<Telemetry>>,
    ) -> Result<(), Failure> {
        self.known(vin, "telemetry", telemetry, facts)
    }
}

fn facts(known: &Telemetry) -> Facts {
    let percent = |level: f64| format!("{level} %");
    let charging = known.charging_status.as_ref();
    vec![
        ("odometer", known.odometer.map(|it| it.to_string())),
        ("fuel", known.fuel_level.map(percent)),
        ("battery", known.battery_level.map(percent)),
        ("range", known.distance_to_empty.map(|it| it.to_string())),
        ("charging", charging.map(|word| word.to_string())),
        ("reported", known.timestamp.map(|at| at.to_string())),
    ]
}
