//! Trips, and what they add up to.

mod table;

use serde::Serialize;
use serde_json::json;
use toyota_client::model::Warning;
use toyota_client::trips::{Interval, Period, Range, Trip};
use toyota_client::{Units, Vin};

use self::table::{label, periods_table, trips_table};
use super::{Show, draw, note_warnings, print, print_json};
use crate::chart::{Bar, Canvas, bars, sparkline};
use crate::failure::Failure;

/// More lines than this are no picture any more.
const MOST_BARS: usize = 31;

/// A picture of one number of each period.
struct Chart {
    heading: String,
    /// How long the bar is.
    value: fn(&Period) -> Option<f64>,
    /// What stands beside it.
    text: fn(f64, Units) -> f64,
}

impl Show {
    /// Lists trips.
    pub(crate) fn trips(
        self,
        vin: &Vin,
        range: Option<Range>,
        trips: &[Trip],
        warnings: &[Warning],
    ) -> Result<(), Failure> {
        if self.is_json() {
            return print_document(vin, range, "trips", trips, warnings);
        }
        if trips.is_empty() {
            print(&no_trips(range))?;
        } else {
            print(&trips_table(trips, self))?;
        }
        note_warnings(warnings.len());
        Ok(())
    }

    /// Tells what trips add up to, in a table and in pictures.
    pub(crate) fn summaries(
        self,
        vin: &Vin,
        range: Option<Range>,
        interval: Interval,
        periods: &[Period],
        warnings: &[Warning],
    ) -> Result<(), Failure> {
        if self.is_json() {
            return print_document(vin, range, "summaries", periods, warnings);
        }
        if periods.is_empty() {
            print(&no_trips(range))?;
        } else {
            print(&periods_table(periods, interval, self))?;
            let canvas = Canvas::of_stdout();
            for chart in self.charts() {
                if let Some(picture) = chart.picture(periods, interval, self.units(), canvas) {
                    print(&format!("\n{}", chart.heading))?;
                    draw(&picture)?;
                }
            }
        }
        note_warnings(warnings.len());
        Ok(())
    }

    fn charts(self) -> [Chart; 2] {
        let consumption = self.units().consumption_name();
        [
            Chart {
                heading: format!("Distance, {}", self.length_name()),
                value: |period| period.summary.length,
                text: |metres, units| units.metres(metres).value,
            },
            // Many miles per gallon are little: the bar is as long as what was used.
            Chart {
                heading: format!("Consumption, {consumption}, the more the longer"),
                value: |period| period.summary.average_fuel(),
                text: |average, units| units.consumption(average),
            },
        ]
    }
}

impl Chart {
    /// Nothing is drawn of what no period tells.
    fn picture(
        &self,
        periods: &[Period],
        interval: Interval,
        units: Units,
        canvas: Canvas,
    ) -> Option<String> {
        let values: Vec<_> = periods.iter().map(self.value).collect();
        let most = values.iter().flatten().copied().reduce(f64::max)?;
        let text = |value| format!("{:.1}", (self.text)(value, units));
        if periods.len() > MOST_BARS {
            let (first, last) = (periods.first()?, periods.last()?);
            let (first, last) = (label(first, interval), label(last, interval));
            let (line, most) = (sparkline(&values, canvas), text(most));
            return Some(format!("{line}\n{first} to {last}, at most {most}"));
        }
        let lines = periods.iter().zip(values).map(|(period, value)| Bar {
            label: label(period, interval),
            value,
            text: value.map_or_else(|| "-".to_owned(), text),
        });
        Some(bars(&lines.collect::<Vec<_>>(), canvas))
    }
}

/// Prints the document of what is known of some days.
fn print_document<T: Serialize>(
    vin: &Vin,
    range: Option<Range>,
    name: &str,
    known: &[T],
    warnings: &[Warning],
) -> Result<(), Failure> {
    print_json(&json!({
        "vin": vin,
        "from": range.map(|range| range.from),
        "to": range.map(|range| range.to),
        (name): known,
        "warnings": warnings,
    }))
}

fn no_trips(range: Option<Range>) -> String {
    match range {
        Some(Range { from, to, .. }) => format!("There were no trips from {from} to {to}."),
        None => "The service has no trips of these days: it keeps about twelve months.".to_owned(),
    }
}
