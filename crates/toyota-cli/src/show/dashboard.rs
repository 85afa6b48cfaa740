//! All that is known of a car, and how old each part of it is.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use toyota_client::car::{Car, DataSet, Outcome, Skipped, UpdateReport};

use super::{
    Facts, Show, columns, note_warnings, or_dash, print, print_json, print_lines, span, when,
};
use crate::failure::Failure;

impl Show {
    /// Tells what an update has brought.
    pub(crate) fn dashboard(self, car: &Car, report: &UpdateReport) -> Result<(), Failure> {
        if self.is_json() {
            return print_json(&self.dashboard_document(car, report)?);
        }
        print_lines(&self.dashboard_facts(car))?;
        print(&format!("\n{}", table(car, report, Timestamp::now())))?;
        for (data_set, error) in report.failures() {
            super::note(&format!("{data_set} failed: {error}"));
        }
        let warnings = DataSet::ALL.map(|set| car.history(set).warnings().len());
        note_warnings(warnings.iter().sum());
        Ok(())
    }

    /// The document of an update.
    fn dashboard_document(self, car: &Car, report: &UpdateReport) -> Result<Value, Failure> {
        let sets = wanted(report).map(|(data_set, outcome)| {
            let history = car.history(data_set);
            let set = json!({
                "outcome": word(outcome),
                "reported": history.reported(),
                "fetched": history.fetched(),
                "error": error(outcome),
                "warnings": history.warnings(),
            });
            (member(data_set), set)
        });
        let dashboard = serde_json::to_value(car.dashboard(self.units()));
        let value = |value: Result<Value, _>| value.map_err(Failure::internal);
        Ok(json!({
            "vin": car.vin(),
            "dashboard": value(dashboard)?,
            "location": value(serde_json::to_value(car.location.value()))?,
            "status": value(serde_json::to_value(car.status.value()))?,
            "climateStatus": value(serde_json::to_value(car.climate_status.value()))?,
            "trips": value(serde_json::to_value(car.trips.value()))?,
            "dataSets": sets.collect::<Map<_, _>>(),
        }))
    }

    fn dashboard_facts(self, car: &Car) -> Facts {
        let board = car.dashboard(self.units());
        let percent = |level: f64| format!("{level} %");
        let lights = board.warning_lights.map(|lights| match lights.len() {
            0 => "none".to_owned(),
            count => count.to_string(),
        });
        let mut facts = vec![
            ("car", car.vehicle().name().map(str::to_owned)),
            ("odometer", board.odometer.map(|it| it.to_string())),
            ("fuel", board.fuel_level.map(percent)),
            ("fuel range", board.fuel_range.map(|it| it.to_string())),
            ("battery", board.battery_level.map(percent)),
            ("usable", board.usable_battery_level.map(percent)),
            (
                "electric range",
                board.battery_range.map(|it| it.to_string()),
            ),
            (
                "with climate",
                board.battery_range_with_ac.map(|it| it.to_string()),
            ),
            ("range", board.range.map(|it| it.to_string())),
            (
                "charging",
                board.charging_status.map(|word| word.to_string()),
            ),
            ("full in", board.remaining_charge_time.map(span)),
            ("warnings", lights),
        ];
        facts.extend(self.state_facts(car));
        facts
    }

    /// What a car is doing: locked, open, where, how warm, how far driven.
    fn state_facts(self, car: &Car) -> Facts {
        let yes_or_no = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
        let status = car.status.value();
        let climate = car.climate_status.value();
        let place = car
            .location
            .value()
            .and_then(|location| location.coordinates);
        let trips = car.trips.value();
        let driven = |metres: Option<f64>| {
            let distance = self.units().metres(metres?).value;
            Some(format!("{distance:.1} {}", self.length_name()))
        };
        vec![
            (
                "locked",
                status.and_then(|it| it.is_locked()).map(yes_or_no),
            ),
            ("open", status.and_then(|it| it.is_open()).map(yes_or_no)),
            (
                "climate",
                climate
                    .and_then(|it| it.state.as_ref())
                    .map(ToString::to_string),
            ),
            (
                "position",
                place.map(|at| format!("{}, {}", at.latitude, at.longitude)),
            ),
            (
                "driven today",
                trips.and_then(|it| driven(it.day.summary.length)),
            ),
            (
                "this week",
                trips.and_then(|it| driven(it.week.summary.length)),
            ),
            (
                "this month",
                trips.and_then(|it| driven(it.month.summary.length)),
            ),
            (
                "this year",
                trips.and_then(|it| driven(it.year.summary.length)),
            ),
        ]
    }
}

/// One line for each data set that was wanted.
fn table(car: &Car, report: &UpdateReport, now: Timestamp) -> String {
    let rows = wanted(report).map(|(data_set, outcome)| {
        let history = car.history(data_set);
        [
            data_set.name().replace('_', " "),
            word(outcome).to_owned(),
            or_dash(history.reported().map(when)),
            or_dash(history.age(now).map(span)),
        ]
    });
    columns(["DATA", "IS", "REPORTED", "AGE"], rows)
}

fn wanted(report: &UpdateReport) -> impl Iterator<Item = (DataSet, &Outcome)> {
    let is_wanted = |outcome: &Outcome| !matches!(outcome, Outcome::Skipped(Skipped::Unwanted));
    report.iter().filter(move |(_, outcome)| is_wanted(outcome))
}

/// As all members are written, `climateStatus`.
pub(super) fn member(data_set: DataSet) -> String {
    let mut words = data_set.name().split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.extend(letters);
        name
    })
}

pub(super) fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Updated => "read",
        Outcome::Empty => "empty",
        Outcome::Skipped(Skipped::NotSupported) | Outcome::Refused(_) => "not supported",
        Outcome::Skipped(_) => "skipped",
        Outcome::Failed(_) => "failed",
        _ => "-",
    }
}

fn error(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Refused(error) | Outcome::Failed(error) => Some(error.to_string()),
        _ => None,
    }
}
