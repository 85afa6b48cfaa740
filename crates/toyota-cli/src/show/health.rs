//! Lights that warn.

use toyota_client::Vin;
use toyota_client::model::{Decoded, Health, WarningLight};

use super::{Show, columns, note_warnings, or_dash, print, print_lines, when};
use crate::failure::Failure;

impl Show {
    pub(crate) fn health(self, vin: &Vin, health: &Decoded<Option<Health>>) -> Result<(), Failure> {
        if self.is_json() {
            return self.document(vin, "health", &health.value, &health.warnings);
        }
        let known = health.value.clone().unwrap_or_default();
        let lights = known.warnings.as_deref();
        let count = lights.map(|lights| match lights.len() {
            0 => "none".to_owned(),
            count => count.to_string(),
        });
        print_lines(&[("warnings", count), ("reported", known.updated.map(when))])?;
        if let Some(lights) = lights.filter(|lights| !lights.is_empty()) {
            print(&format!("\n{}", table(lights)))?;
        }
        note_warnings(health.warnings.len());
        Ok(())
    }
}

fn table(lights: &[WarningLight]) -> String {
    let rows = lights.iter().map(|light| {
        [
            or_dash(light.code.clone()),
            or_dash(light.severity.map(|severity| severity.to_string())),
            or_dash(light.since.map(when)),
            or_dash(light.description.clone()),
        ]
    });
    columns(["CODE", "SEVERITY", "SINCE", "WHAT"], rows)
}
