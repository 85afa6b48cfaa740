//! Trips, and what they add up to.

mod table;

use serde_json::json;
use toyota_client::Vin;
use toyota_client::model::Warning;
use toyota_client::trips::{Interval, Period, Range, Trip};

use self::table::{label, periods_table, trips_table};
use super::{Show, draw, note_warnings, print, print_json};
use crate::chart::{Bar, Canvas, bars, sparkline};
use crate::failure::Failure;

/// More lines than this are no picture any more.
const MOST_BARS: usize = 31;

/// A picture of one number of each period.
struct Chart {
    heading: String,
    value: fn(&Period, Show) -> Option<f64>,
}

impl Show {
    /// Lists trips.
    pub(crate) fn trips(
        self,
        vin: &Vin,
        range: Range,
        trips: &[Trip],
        warnings: &[Warning],
    ) -> Result<(), Failure> {
        if self.is_json() {
            return print_json(&json!({
                "vin": vin, "from": range.from, "to": range.to, "trips": trips,
                "warnings": warnings,
            }));
        }
        if trips.is_empty() {
            print(&format!("There were no trips {}.", within(range)))?;
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
        range: Range,
        interval: Interval,
        periods: &[Period],
        warnings: &[Warning],
    ) -> Result<(), Failure> {
        if self.is_json() {
            return print_json(&json!({
                "vin": vin, "from": range.from, "to": range.to, "summaries": periods,
                "warnings": warnings,
            }));
        }
        if periods.is_empty() {
            print(&format!("There were no trips {}.", within(range)))?;
        } else {
            print(&periods_table(periods, interval, self))?;
            let canvas = Canvas::of_stdout();
            for chart in self.charts() {
                if let Some(picture) = chart.picture(periods, interval, self, canvas) {
                    print(&format!("\n{}", chart.heading))?;
                    draw(&picture)?;
                }
            }
        }
        note_warnings(warnings.len());
        Ok(())
    }

    fn charts(self) -> [Chart; 2] {
        let units = self.units();
        [
            Chart {
                heading: format!("Distance, {}", units.length()),
                value: |period, show| {
                    let distance = period.summary.distance()?;
                    Some(show.units().distance(distance).value)
                },
            },
            Chart {
                heading: format!("Consumption, {}", units.consumption_name()),
                value: |period, show| {
                    let average = period.summary.average_fuel()?;
                    Some(show.units().consumption(average))
                },
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
        show: Show,
        canvas: Canvas,
    ) -> Option<String> {
        let values: Vec<_> = periods.iter().map(|it| (self.value)(it, show)).collect();
        values.iter().any(Option::is_some).then_some(())?;
        if periods.len() > MOST_BARS {
            return Some(sparkline(&values, canvas));
        }
        let lines = periods.iter().zip(values).map(|(period, value)| Bar {
            label: label(period, interval),
            value,
            text: value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}")),
        });
        Some(bars(&lines.collect::<Vec<_>>(), canvas))
    }
}

fn within(range: Range) -> String {
    format!("from {} to {}", range.from, range.to)
}
