//! The cars of the account.

use serde_json::json;
use toyota_client::model::{Decoded, Powertrain, Vehicle};

use super::{Show, columns, note_warnings, print, print_json};
use crate::failure::Failure;

impl Show {
    pub(crate) fn vehicles(self, vehicles: &Decoded<Vec<Vehicle>>) -> Result<(), Failure> {
        if self.is_json() {
            let (vehicles, warnings) = (&vehicles.value, &vehicles.warnings);
            return print_json(&json!({"vehicles": vehicles, "warnings": warnings}));
        }
        if vehicles.value.is_empty() {
            print("This account has no cars.")?;
        } else {
            print(&table(&vehicles.value))?;
        }
        note_warnings(vehicles.warnings.len());
        Ok(())
    }
}

fn table(vehicles: &[Vehicle]) -> String {
    let rows = vehicles.iter().map(|vehicle| {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        [
            vehicle.name().unwrap_or("-").to_owned(),
            text(&vehicle.model_name),
            text(&vehicle.model_year),
            powertrain(vehicle.powertrain()).to_owned(),
            vehicle.vin.as_str().to_owned(),
        ]
    });
    columns(["NAME", "MODEL", "YEAR", "RUNS ON", "VIN"], rows)
}

fn powertrain(powertrain: Powertrain) -> &'static str {
    match powertrain {
        Powertrain::Fuel => "fuel",
        Powertrain::Hybrid => "hybrid",
        Powertrain::PlugInHybrid => "plug-in hybrid",
        Powertrain::Electric => "electricity",
        _ => "-",
    }
}
