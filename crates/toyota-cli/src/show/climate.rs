//! The air conditioning: what it does, and what it is set to.

use serde_json::json;
use toyota_client::Vin;
use toyota_client::model::{
    ClimateSettings, ClimateStatus, Decoded, Heating, Seats, Temperature, Warning,
};

use super::{Facts, Show, note_warnings, print, print_json, print_lines, span, when};
use crate::failure::Failure;

impl Show {
    /// Tells both; the settings are not known of every car.
    pub(crate) fn climate(
        self,
        vin: &Vin,
        status: &Decoded<Option<ClimateStatus>>,
        settings: Option<&Decoded<Option<ClimateSettings>>>,
    ) -> Result<(), Failure> {
        let warnings: Vec<&Warning> = match settings {
            Some(settings) => status.warnings.iter().chain(&settings.warnings).collect(),
            None => status.warnings.iter().collect(),
        };
        let known = settings.and_then(|settings| settings.value.as_ref());
        if self.is_json() {
            return print_json(&json!({
                "vin": vin,
                "climateStatus": status.value,
                "climateSettings": known,
                "warnings": warnings,
            }));
        }
        print_lines(&status.value.as_ref().map(now).unwrap_or_default())?;
        if let Some(settings) = known {
            print("\nIt is set to")?;
            print_lines(&set_to(settings))?;
        }
        note_warnings(warnings.len());
        Ok(())
    }
}

fn now(known: &ClimateStatus) -> Facts {
    let mut facts = vec![
        ("climate", known.state.as_ref().map(ToString::to_string)),
        ("inside", known.current.map(degrees)),
        ("target", known.target.map(degrees)),
        ("started", known.started.map(when)),
        ("runs for", known.duration.map(span)),
        ("until", known.ends().map(when)),
    ];
    facts.extend(heated(known.heating.as_ref(), known.seats.as_ref()));
    facts.push(("reported", known.updated.map(when)));
    facts
}

fn set_to(known: &ClimateSettings) -> Facts {
    let (min, max, step) = (known.min(), known.max(), known.step());
    let range = format!("{} to {}, in steps of {step}", degrees(min), degrees(max));
    let mut facts = vec![
        ("temperature", known.temperature.map(degrees)),
        ("of", Some(range)),
        ("runs for", known.duration.map(span)),
    ];
    facts.extend(heated(known.heating.as_ref(), known.seats.as_ref()));
    facts
}

/// What is heated beside the air, where anything is said of it.
fn heated(heating: Option<&Heating>, seats: Option<&Seats>) -> Facts {
    let on = |flag: Option<bool>| flag.map(|on| if on { "on" } else { "off" }.to_owned());
    let mut facts = Facts::new();
    if let Some(heating) = heating {
        facts.extend([
            ("front window", on(heating.front_defroster)),
            ("rear window", on(heating.rear_defogger)),
            ("wheel", on(heating.steering)),
            ("mirrors", on(heating.mirror)),
        ]);
    }
    if let Some(seats) = seats {
        let named = [
            ("driver", &seats.driver),
            ("passenger", &seats.passenger),
            ("rear driver", &seats.rear_driver),
            ("rear passenger", &seats.rear_passenger),
        ];
        let said = named.iter().filter_map(|(seat, heat)| {
            let heat = heat.as_ref()?;
            Some(format!("{seat} {heat}"))
        });
        let said: Vec<_> = said.collect();
        facts.push(("seats", (!said.is_empty()).then(|| said.join(", "))));
    }
    facts
}

fn degrees(temperature: Temperature) -> String {
    temperature.to_string()
}
