//! What a command prints: tables for people, one JSON document for machines.

use std::io::{self, Write};
use std::path::Path;

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde::Serialize;
use serde_json::json;
use toyota_client::Vin;
use toyota_client::auth::Credential;
use toyota_client::metrics::{Format, Registry};
use toyota_client::model::{Decoded, Location, Powertrain, Telemetry, Vehicle};

use crate::account::LoggedOut;
use crate::failure::Failure;

/// Prints results.
#[derive(Debug)]
pub(crate) struct Show {
    json: bool,
}

impl Show {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    pub(crate) fn signed_in(
        &self,
        credential: &Credential,
        stored: Option<&Path>,
    ) -> Result<(), Failure> {
        let seconds = credential.remaining().unwrap_or_default().as_secs();
        if self.json {
            let stored = stored.map(Path::to_string_lossy);
            return print_json(&json!({
                "signedIn": true, "expiresInSeconds": seconds, "storedIn": stored,
            }));
        }
        let minutes = seconds / 60;
        let stored = match stored {
            Some(place) => format!(
                "It is stored in {} and renewed from there; `toyota logout` removes it.",
                place.display()
            ),
            None => "Nothing is stored: the simulated service ends with this command.".to_owned(),
        };
        print(&format!(
            "Signed in; the token is good for {minutes} minutes. {stored}"
        ))
    }

    pub(crate) fn signed_out(&self, removed: LoggedOut) -> Result<(), Failure> {
        let LoggedOut {
            was_signed_in,
            answers,
        } = removed;
        if self.json {
            return print_json(&json!({
                "signedIn": false, "wasSignedIn": was_signed_in, "answersForgotten": answers,
            }));
        }
        let removed = match answers {
            1 => "1 answer".to_owned(),
            _ => format!("{answers} answers"),
        };
        print(&match (was_signed_in, answers) {
            (true, 0) => "Signed out; the stored token is removed.".to_owned(),
            (true, _) => format!("Signed out; the stored token is removed, and {removed}."),
            (false, 0) => "Nobody was signed in; nothing is stored.".to_owned(),
            (false, _) => format!("Nobody was signed in; removed from the store: {removed}."),
        })
    }

    pub(crate) fn vehicles(&self, vehicles: &Decoded<Vec<Vehicle>>) -> Result<(), Failure> {
        if self.json {
            let (vehicles, warnings) = (&vehicles.value, &vehicles.warnings);
            return print_json(&json!({"vehicles": vehicles, "warnings": warnings}));
        }
        if vehicles.value.is_empty() {
            print("This account has no cars.")?;
        } else {
            print(&table(&vehicles.value))?;
        }
        note_warnings(vehicles)
    }

    pub(crate) fn location(
        &self,
        vin: &Vin,
        location: &Decoded<Option<Location>>,
    ) -> Result<(), Failure> {
        if self.json {
            let (location, warnings) = (&location.value, &location.warnings);
            return print_json(&json!({"vin": vin, "location": location, "warnings": warnings}));
        }
        let known = location.value.clone().unwrap_or_default();
        let place = known
            .coordinates
            .map(|at| format!("{}, {}", at.latitude, at.longitude));
        print_lines(&[
            ("position", place),
            ("what", known.display_name),
            ("taken", known.acquired.map(|at| at.to_string())),
            ("last contact", known.last_contact.map(|at| at.to_string())),
        ])?;
        note_warnings(location)
    }

    pub(crate) fn telemetry(
        &self,
        vin: &Vin,
        telemetry: &Decoded<Option<Telemetry>>,
    ) -> Result<(), Failure> {
        if self.json {
            let (telemetry, warnings) = (&telemetry.value, &telemetry.warnings);
            return print_json(&json!({"vin": vin, "telemetry": telemetry, "warnings": warnings}));
        }
        let known = telemetry.value.clone().unwrap_or_default();
        let percent = |level: f64| format!("{level} %");
        print_lines(&[
            ("odometer", known.odometer.map(|d| d.to_string())),
            ("fuel", known.fuel_level.map(percent)),
            ("battery", known.battery_level.map(percent)),
            ("range", known.distance_to_empty.map(|d| d.to_string())),
            (
                "charging",
                known.charging_status.map(|word| word.to_string()),
            ),
            ("reported", known.timestamp.map(|at| at.to_string())),
        ])?;
        note_warnings(telemetry)
    }
}

impl Show {
    /// Tells on stderr what was measured.
    pub(crate) fn measured(&self, registry: &Registry) -> Result<(), Failure> {
        if self.json {
            let snapshot = serde_json::to_string_pretty(&registry.snapshot());
            tell(&snapshot.map_err(Failure::internal)?);
        } else {
            tell(registry.render(Format::Prometheus).trim_end());
        }
        Ok(())
    }
}

/// Says something on stderr, beside the result. Nobody need listen: the result and the exit code
/// do not depend on it.
pub(crate) fn tell(text: &str) {
    let _: io::Result<()> = writeln!(io::stderr(), "{}", printable(text));
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

/// Rows below a heading, each column as wide as it has to be.
pub(crate) fn columns<R>(
    heading: impl IntoIterator<Item = &'static str>,
    rows: impl IntoIterator<Item = R>,
) -> String
where
    R: IntoIterator<Item = String>,
{
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(heading);
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt()
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

/// One fact per line; those that are not known are left out.
pub(crate) fn print_lines(facts: &[(&str, Option<String>)]) -> Result<(), Failure> {
    let known = facts
        .iter()
        .filter_map(|(name, fact)| Some((name, fact.as_ref()?)));
    let lines: Vec<_> = known
        .map(|(name, fact)| format!("{name:<13} {fact}"))
        .collect();
    if lines.is_empty() {
        return print("The service knows nothing about this.");
    }
    print(&lines.join("\n"))
}

/// Tells something on stderr.
pub(crate) fn note(what: &str) {
    tell(&format!("note: {what}"));
}

fn note_warnings<T>(decoded: &Decoded<T>) -> Result<(), Failure> {
    let count = decoded.warnings.len();
    if count > 0 {
        note(&format!(
            "{count} parts of the answer could not be read; --json lists them"
        ));
    }
    Ok(())
}

pub(crate) fn print_json(document: &impl Serialize) -> Result<(), Failure> {
    print(&serde_json::to_string_pretty(document).map_err(Failure::internal)?)
}

/// Names come from the service, and paths from anywhere.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    writeln!(io::stdout(), "{}", printable(text)).map_err(Failure::internal)
}

/// Leaves out what moves a cursor or turns the direction of a text.
fn printable(text: &str) -> String {
    let printable = |c: char| match c {
        '\n' => c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            '\u{fffd}'
        }
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.chars().map(printable).collect()
}
