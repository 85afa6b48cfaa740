//! What a car reports: odometer, fuel, battery.

use toyota_client::Vin;
use toyota_client::model::{Decoded, Telemetry};

use super::{Facts, Show, when};
use crate::failure::Failure;

impl Show {
    pub(crate) fn telemetry(
        self,
        vin: &Vin,
        telemetry: &Decoded<Option<Telemetry>>,
    ) -> Result<(), Failure> {
        self.known(vin, "telemetry", telemetry, |known| facts(known, self))
    }
}

fn facts(known: &Telemetry, show: Show) -> Facts {
    let distance = |distance| show.distance(distance);
    let percent = |level: f64| format!("{level} %");
    let charging = known.charging_status.as_ref();
    vec![
        ("odometer", known.odometer.map(distance)),
        ("fuel", known.fuel_level.map(percent)),
        ("battery", known.battery_level.map(percent)),
        ("range", known.distance_to_empty.map(distance)),
        ("charging", charging.map(|word| word.to_string())),
        ("reported", known.timestamp.map(when)),
    ]
}
