//! A row of a table for each trip.

use std::fmt::Display;
use std::io::{self, Write};

use super::Format;
use crate::trips::Trip;

/// The columns, whose names tell the units.
const HEADER: &str = "id,started,ended,distance_km,duration_s,idle_s,average_speed_km_h,\
                      max_speed_km_h,fuel_l,average_fuel_l_100km,electric_distance_km,\
                      electric_time_s,highway_km,overspeed_km,night,countries,score,\
                      score_acceleration,score_braking,score_advice,score_constant_speed,\
                      start_latitude,start_longitude,end_latitude,end_longitude";

/// Writes CSV ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)): a header, and a row for each
/// trip. What is not known is an empty field. Times are in UTC, by RFC 3339.
///
/// A text that a spreadsheet would take for a formula has an apostrophe before it.
#[derive(Clone, Debug)]
pub struct Csv<W> {
    output: W,
    /// The row that is being made.
    row: String,
    has_header: bool,
}

impl<W: Write> Csv<W> {
    /// Begins a file.
    pub fn new(output: W) -> Self {
        Self {
            output,
            row: String::new(),
            has_header: false,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !self.has_header {
            self.has_header = true;
            self.output.write_all(HEADER.as_bytes())?;
            self.output.write_all(b"\r\n")?;
        }
        Ok(())
    }
}

impl<W: Write> Format for Csv<W> {
    type Output = W;

    fn write(&mut self, trip: &Trip) -> io::Result<()> {
        self.begin()?;
        self.row.clear();
        row(&mut Row(&mut self.row), trip);
        // The comma after the last field.
        self.row.pop();
        self.row.push_str("\r\n");
        self.output.write_all(self.row.as_bytes())
    }

    fn finish(mut self) -> io::Result<W> {
        self.begin()?;
        self.output.flush()?;
        Ok(self.output)
    }
}

fn row(row: &mut Row<'_>, trip: &Trip) {
    let summary = trip.summary.as_ref();
    let hybrid = trip.hybrid.as_ref();
    let scores = trip.scores.as_ref();
    let kilometres = |metres: Option<f64>| metres.map(|metres| metres / 1000.0);
    row.text(trip.id.as_ref().map(|id| id.as_str()));
    row.value(summary.and_then(|it| it.started));
    row.value(summary.and_then(|it| it.ended));
    row.value(kilometres(summary.and_then(|it| it.length)));
    row.value(summary.and_then(|it| it.duration));
    row.value(summary.and_then(|it| it.duration_idle));
    row.value(summary.and_then(|it| it.average_speed()).map(thousandths));
    row.value(summary.and_then(|it| it.max_speed));
    row.value(summary.and_then(|it| it.fuel()));
    row.value(summary.and_then(|it| it.average_fuel()).map(thousandths));
    row.value(kilometres(hybrid.and_then(|it| it.ev_distance)));
    row.value(hybrid.and_then(|it| it.ev_time));
    row.value(kilometres(summary.and_then(|it| it.length_highway)));
    row.value(kilometres(summary.and_then(|it| it.length_overspeed)));
    row.value(summary.and_then(|it| it.night_trip));
    let countries = summary.and_then(|it| it.countries.as_ref());
    let countries =
        countries.map(|all| all.iter().map(String::as_str).collect::<Vec<_>>().join(" "));
    row.text(countries.as_deref());
    row.value(scores.and_then(|it| it.global));
    row.value(scores.and_then(|it| it.acceleration));
    row.value(scores.and_then(|it| it.braking));
    row.value(scores.and_then(|it| it.advice));
    row.value(scores.and_then(|it| it.constant_speed));
    for end in [
        summary.and_then(|it| it.start),
        summary.and_then(|it| it.end),
    ] {
        row.value(end.map(|end| end.latitude));
        row.value(end.map(|end| end.longitude));
    }
}

/// A quotient has more digits than it is worth.
fn thousandths(quotient: f64) -> f64 {
    crate::units::rounded(quotient, 3)
}

/// A row, field by field.
struct Row<'a>(&'a mut String);

impl Row<'_> {
    /// Adds a number, a date or a flag, in whose texts nothing is special.
    fn value(&mut self, value: Option<impl Display>) {
        let text = value.map(|value| value.to_string());
        self.field(text.as_deref().unwrap_or_default());
    }

    /// Adds a text of the service.
    fn text(&mut self, text: Option<&str>) {
        let text = text.unwrap_or_default();
        // Spreadsheets carry out what begins so.
        let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let mark = if is_formula { "'" } else { "" };
        if text.contains(['"', ',', '\r', '\n']) {
            let text = text.replace('"', "\"\"");
            self.field(&format!("\"{mark}{text}\""));
        } else {
            self.field(&format!("{mark}{text}"));
        }
    }

    fn field(&mut self, field: &str) {
        self.0.push_str(field);
        self.0.push(',');
    }
}
