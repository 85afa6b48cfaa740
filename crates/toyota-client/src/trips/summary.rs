//! How far, how long and on how much fuel: of one trip, or of all trips of a time.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::number::{add, greater};
use crate::model::decode::{Decode, Members, OBJECT, object};
use crate::model::warning::{Path, Warnings};
use crate::model::{Coordinates, Distance, Extra, LengthUnit};

/// How far, how long and on how much fuel.
///
/// Of one trip, or of all trips of a day, a week, a month or a year: these have no start and no end.
/// Zero and absent are two things: an electric trip used no fuel, of another it is not known.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TripSummary {
    /// Metres driven.
    pub length: Option<f64>,
    /// Seconds from start to end.
    pub duration: Option<f64>,
    /// Seconds of standing still.
    pub duration_idle: Option<f64>,
    /// Kilometres per hour, as the service has them.
    pub average_speed: Option<f64>,
    /// Kilometres per hour.
    pub max_speed: Option<f64>,
    /// Millilitres of fuel.
    pub fuel_consumption: Option<f64>,
    /// Metres above the speed limit.
    pub length_overspeed: Option<f64>,
    /// Seconds above the speed limit.
    pub duration_overspeed: Option<f64>,
    /// Metres on motorways.
    pub length_highway: Option<f64>,
    /// Seconds on motorways.
    pub duration_highway: Option<f64>,
    /// Countries, by their codes of two letters (ISO 3166-1).
    pub countries: Option<BTreeSet<String>>,
    /// Where it began; `None` also for 0, 0, which the service writes when it withholds it.
    pub start: Option<Coordinates>,
    /// Where it ended, likewise.
    pub end: Option<Coordinates>,
    /// When it began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Whether it was at night.
    pub night_trip: Option<bool>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

impl TripSummary {
    /// Returns the distance driven, in kilometres.
    #[must_use]
    pub fn distance(&self) -> Option<Distance> {
        Some(kilometres(self.length?))
    }

    /// Returns the time from start to end; `None` also for what cannot be a time.
    #[must_use]
    pub fn time(&self) -> Option<Duration> {
        Duration::try_from_secs_f64(self.duration?).ok()
    }

    /// Returns the fuel used, in litres.
    #[must_use]
    pub fn fuel(&self) -> Option<f64> {
        Some(self.fuel_consumption? / 1000.0)
    }

    /// Returns the fuel used, in litres per 100 km; `None` if nothing was driven.
    #[must_use]
    pub fn average_fuel(&self) -> Option<f64> {
        let length = self.length.filter(|length| *length > 0.0)?;
        finite(self.fuel_consumption? / length * 100.0)
    }

    /// Returns the average speed in km/h: what the service says, or the length by the duration.
    #[must_use]
    pub fn average_speed(&self) -> Option<f64> {
        self.average_speed.or_else(|| {
            let duration = self.duration.filter(|duration| *duration > 0.0)?;
            finite(self.length? / duration * 3.6)
        })
    }

    /// Adds those together that are of a time. What one of them lacks is taken from the others; the
    /// speed is that of all together, not the mean of theirs.
    pub(super) fn sum<'a>(summaries: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut sum = Self::default();
        let mut moved = Self::default();
        for summary in summaries {
            sum.add(summary);
            if summary.length.is_some() && summary.duration.is_some() {
                add(&mut moved.length, summary.length);
                add(&mut moved.duration, summary.duration);
            }
        }
        sum.average_speed = moved.average_speed();
        sum
    }

    fn add(&mut self, other: &Self) {
        add(&mut self.length, other.length);
        add(&mut self.duration, other.duration);
        add(&mut self.duration_idle, other.duration_idle);
        greater(&mut self.max_speed, other.max_speed);
        add(&mut self.fuel_consumption, other.fuel_consumption);
        add(&mut self.length_overspeed, other.length_overspeed);
        add(&mut self.duration_overspeed, other.duration_overspeed);
        add(&mut self.length_highway, other.length_highway);
        add(&mut self.duration_highway, other.duration_highway);
        if let Some(countries) = &other.countries {
            let all = self.countries.get_or_insert_default();
            all.extend(countries.iter().cloned());
        }
    }
}

fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}

/// Metres as a distance.
pub(super) fn kilometres(metres: f64) -> Distance {
    Distance {
        value: metres / 1000.0,
        unit: LengthUnit::Kilometre,
    }
}

impl Decode for TripSummary {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            let countries: Option<Vec<String>> = members.take("countries");
            Some(Self {
                length: members.take("length"),
                duration: members.take("duration"),
                duration_idle: members.take("durationIdle"),
                average_speed: members.take("averageSpeed"),
                max_speed: members.take("maxSpeed"),
                fuel_consumption: members.take("fuelConsumption"),
                length_overspeed: members.take("lengthOverspeed"),
                duration_overspeed: members.take("durationOverspeed"),
                length_highway: members.take("lengthHighway"),
                duration_highway: members.take("durationHighway"),
                countries: countries.map(|countries| countries.into_iter().collect()),
                start: position(members, "startLat", "startLon"),
                end: position(members, "endLat", "endLon"),
                started: members.take("startTs"),
                ended: members.take("endTs"),
                night_trip: members.take("nightTrip"),
                extra: members.rest(),
            })
        })
    }
}

fn position(members: &mut Members<'_>, latitude: &str, longitude: &str) -> Option<Coordinates> {
    let (latitude, longitude) = (members.take(latitude), members.take(longitude));
    Coordinates::known(latitude, longitude)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn zero_is_not_absent() {
        let electric = read(&json!({"length": 15215, "duration": 0, "fuelConsumption": 0.0}));
        assert_eq!(electric.fuel(), Some(0.0));
        assert_eq!(electric.average_fuel(), Some(0.0));
        assert_eq!(electric.time(), Some(Duration::ZERO));
        assert_eq!(electric.average_speed(), None);

        let parked = read(&json!({"length": 0, "duration": 60}));
        assert_eq!(parked.distance().unwrap().value, 0.0);
        assert_eq!(parked.average_speed(), Some(0.0));
        assert_eq!((parked.fuel(), parked.average_fuel()), (None, None));
    }

    #[test]
    fn speed_of_a_sum_is_that_of_all_its_kilometres() {
        let parts = [
            read(&json!({"length": 100_000, "duration": 3600, "averageSpeed": 100})),
            read(&json!({"length": 10_000, "duration": 1800, "averageSpeed": 20})),
        ];

        let sum = TripSummary::sum(&parts);

        // The mean of the two is 60.
        assert!((sum.average_speed().unwrap() - 110.0 / 1.5).abs() < 1e-9);
    }

    #[test]
    fn what_one_lacks_does_not_spoil_the_sum() {
        let parts = [
            read(&json!({"length": 36_000, "duration": 3600, "countries": ["DE"]})),
            read(&json!({"length": 5000, "fuelConsumption": 300, "countries": ["DE", "AT"]})),
            read(&json!({})),
        ];

        let sum = TripSummary::sum(&parts);

        assert_eq!((sum.length, sum.duration), (Some(41_000.0), Some(3600.0)));
        assert_eq!(sum.fuel(), Some(0.3));
        assert_eq!(sum.average_speed(), Some(36.0));
        let countries: Vec<_> = sum.countries.unwrap().into_iter().collect();
        assert_eq!(countries, ["AT", "DE"]);
        assert_eq!(TripSummary::sum([]), TripSummary::default());
    }

    #[test]
    fn a_withheld_position_is_none_and_none_is_shown() {
        let trip = read(&json!({
            "startLat": 50.123, "startLon": "8.765", "endLat": 0.0, "endLon": 0,
        }));

        assert!(trip.start.is_some() && trip.end.is_none());
        let shown = format!("{trip:?}");
        assert!(!shown.contains("50.1") && !shown.contains("8.7"), "{shown}");
    }

    fn read(value: &Value) -> TripSummary {
        let mut warnings = Warnings::default();
        let read = TripSummary::decode(value.clone(), &Path::Root("it"), &mut warnings);
        assert_eq!(warnings.into_decoded(()).warnings, []);
        read.unwrap()
    }
}
