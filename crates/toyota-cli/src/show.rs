//! What a command prints: tables for people, one JSON document for machines.

mod account;
mod act;
mod climate;
mod dashboard;
mod electric;
mod figures;
mod health;
mod holder;
mod location;
mod notifications;
mod odometer;
mod reading;
mod service_history;
mod status;
mod telemetry;
mod trip;
mod trips;
mod vehicles;
mod watch;
mod when;

use std::io::{self, Write};

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde::Serialize;
use serde_json::json;
use toyota_client::metrics::{Format, Registry};
use toyota_client::model::{Decoded, Distance, LengthUnit, Warning};
use toyota_client::{Units, Vin};

pub(crate) use self::watch::{Paper, Picture};
pub(crate) use self::when::{span, when, with_age};
use crate::failure::Failure;

/// Facts in the order in which they are told; those that are not known are left out.
pub(crate) type Facts = Vec<(&'static str, Option<String>)>;

/// Names of facts are at least so wide, so that answers look alike.
const NAME_WIDTH: usize = 13;

/// Prints results.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Show {
    json: bool,
    units: Units,
}

impl Show {
    pub(crate) fn new(json: bool) -> Self {
        let units = Units::default();
        Self { json, units }
    }

    pub(crate) fn in_units(self, units: Units) -> Self {
        Self { units, ..self }
    }

    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    pub(crate) fn units(self) -> Units {
        self.units
    }

    /// A distance in the units that are asked for.
    pub(crate) fn distance(self, distance: Distance) -> String {
        self.units.distance(distance).to_string()
    }

    /// The name of the unit of lengths.
    pub(crate) fn length_name(self) -> &'static str {
        match self.units.length() {
            LengthUnit::Mile => "mi",
            _ => "km",
        }
    }

    /// Prints what is known of one car: facts, or a document with the whole under its name.
    pub(crate) fn known<T: Serialize>(
        self,
        vin: &Vin,
        name: &str,
        decoded: &Decoded<Option<T>>,
        facts: impl FnOnce(&T) -> Facts,
    ) -> Result<(), Failure> {
        if self.json {
            return self.document(vin, name, &decoded.value, &decoded.warnings);
        }
        print_lines(&decoded.value.as_ref().map(facts).unwrap_or_default())?;
        note_warnings(decoded.warnings.len());
        Ok(())
    }

    /// Prints the document of one car's data.
    pub(crate) fn document(
        self,
        vin: &Vin,
        name: &str,
        value: &impl Serialize,
        warnings: &[Warning],
    ) -> Result<(), Failure> {
        let mut document = json!({"vin": vin, "warnings": warnings});
        document[name] = serde_json::to_value(value).map_err(Failure::internal)?;
        print_json(&document)
    }

    /// Tells on stderr what was measured.
    pub(crate) fn measured(self, registry: &Registry) -> Result<(), Failure> {
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
        table.add_row(row.into_iter().map(|cell| on_one_line(&cell)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt()
}

/// One fact per line; those that are not known are left out.
pub(crate) fn print_lines(facts: &[(&str, Option<String>)]) -> Result<(), Failure> {
    let known = facts
        .iter()
        .filter_map(|(name, fact)| Some((name, fact.as_ref()?)));
    let width = known.clone().map(|(name, _)| name.len()).max();
    let width = width.unwrap_or_default().max(NAME_WIDTH);
    let lines: Vec<_> = known
        .map(|(name, fact)| format!("{name:<width$} {}", on_one_line(fact)))
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

/// Tells that parts of an answer are missing.
pub(crate) fn note_warnings(count: usize) {
    let parts = match count {
        0 => return,
        1 => "1 part".to_owned(),
        count => format!("{count} parts"),
    };
    note(&format!(
        "{parts} of the answer could not be read; --json lists them"
    ));
}

pub(crate) fn print_json(document: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(document).map_err(Failure::internal)?;
    print(&escaped(&text))
}

/// What moves a cursor, as JSON escapes it: whoever reads the document has all of it.
fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if is_printable(c) {
            escaped.push(c);
        } else {
            // None of them is beyond four digits.
            escaped.push_str(&format!("\\u{:04x}", u32::from(c)));
        }
    }
    escaped
}

/// Names come from the service, and paths from anywhere.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    writeln!(io::stdout(), "{}", printable(text)).map_err(|error| Failure::output(&error))
}

/// Leaves out what moves a cursor or turns the direction of a text.
pub(crate) fn printable(text: &str) -> String {
    let printable = |c| if is_printable(c) { c } else { '\u{fffd}' };
    text.chars().map(printable).collect()
}

fn is_printable(c: char) -> bool {
    match c {
        '\n' => true,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            false
        }
        c => !c.is_control(),
    }
}

/// A text of the service on one line: it is not to look like another row or fact.
pub(crate) fn on_one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// What stands in a table for what is not known.
pub(crate) fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "-".to_owned())
}

/// An error and its causes, on one line.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |cause| (*cause).source());
    let causes: Vec<_> = causes.map(ToString::to_string).collect();
    causes.join(": ")
}

/// Prints what was drawn here, colours included.
pub(crate) fn draw(picture: &str) -> Result<(), Failure> {
    writeln!(io::stdout(), "{picture}").map_err(|error| Failure::output(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_escaped_and_whole() {
        let document = json!({"name": "a\u{9b}2J\u{7f}\u{202e}\u{1b}\n\u{e9}\u{1f600}"});

        let text = escaped(&serde_json::to_string_pretty(&document).unwrap());

        assert!(text.chars().all(is_printable), "{text:?}");
        assert!(
            text.contains("\\u009b2J") && text.contains('\u{e9}'),
            "{text}"
        );
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            document
        );
    }

    #[test]
    fn a_text_of_the_service_makes_no_row_of_its_own() {
        let table = columns(["WHAT"], [["one\nFAKE\r\nrow".to_owned()]]);

        assert_eq!(table.lines().count(), 2, "{table}");
    }
}
