//! All of one trip.

use std::time::Duration;

use toyota_client::Vin;
use toyota_client::model::{Coordinates, Decoded};
use toyota_client::trips::{HybridCoaching, Scores, Trip, TripSummary};

use super::{Facts, Show, span, when};
use crate::failure::Failure;

impl Show {
    pub(crate) fn trip(self, vin: &Vin, trip: &Decoded<Option<Trip>>) -> Result<(), Failure> {
        self.known(vin, "trip", trip, |known| self.trip_facts(known))
    }

    fn trip_facts(self, trip: &Trip) -> Facts {
        let mut facts = Facts::new();
        if let Some(summary) = &trip.summary {
            facts.extend(self.way(summary));
            facts.extend(self.costs(summary));
        }
        if let Some(hybrid) = &trip.hybrid {
            facts.push(("electric", self.electric_part(hybrid)));
        }
        facts.extend(trip.scores.as_ref().map(scores).unwrap_or_default());
        let points = trip.route().count();
        facts.extend([
            ("coached", coached(trip)),
            ("route", (points > 0).then(|| format!("{points} points"))),
            ("id", trip.id.as_ref().map(ToString::to_string)),
        ]);
        facts
    }

    /// When and where it was.
    fn way(self, summary: &TripSummary) -> Facts {
        let countries = summary.countries.iter().flatten();
        let countries: Vec<_> = countries.map(String::as_str).collect();
        let countries = (!countries.is_empty()).then(|| countries.join(", "));
        vec![
            ("started", summary.started.map(when)),
            ("ended", summary.ended.map(when)),
            ("from", summary.start.map(place)),
            ("to", summary.end.map(place)),
            ("countries", countries),
            ("at night", summary.night_trip.map(yes_or_no)),
            ("distance", summary.distance().map(|it| self.length(it))),
            ("motorway", self.metres(summary.length_highway)),
            ("too fast", self.metres(summary.length_overspeed)),
        ]
    }

    /// What it took.
    fn costs(self, summary: &TripSummary) -> Facts {
        // Cars that tell no top speed tell 0.
        let top = summary.max_speed.filter(|speed| *speed > 0.0);
        vec![
            ("time", summary.time().map(span)),
            ("standing", summary.duration_idle.and_then(seconds)),
            ("speed", summary.average_speed().map(|it| self.speed(it))),
            ("top speed", top.map(|it| self.speed(it))),
            ("fuel", summary.fuel().map(|it| self.fuel(it))),
            (
                "consumption",
                summary.average_fuel().map(|it| self.consumption(it)),
            ),
        ]
    }

    fn electric_part(self, hybrid: &HybridCoaching) -> Option<String> {
        let distance = self.length(hybrid.electric_distance()?);
        Some(match hybrid.ev_time.and_then(seconds) {
            Some(time) => format!("{distance}, {time}"),
            None => distance,
        })
    }

    fn metres(self, metres: Option<f64>) -> Option<String> {
        metres.map(|metres| self.length(self.units().metres(metres)))
    }
}

fn scores(scores: &Scores) -> Facts {
    let score = |score: Option<f64>| score.map(|score| format!("{score:.0}"));
    vec![
        ("score", score(scores.global)),
        ("accelerating", score(scores.acceleration)),
        ("braking", score(scores.braking)),
        ("steady speed", score(scores.constant_speed)),
        ("advice", score(scores.advice)),
    ]
}

/// How often the app says something of the driver.
fn coached(trip: &Trip) -> Option<String> {
    let all: Vec<_> = trip.behaviours().collect();
    let good = all.iter().filter(|it| it.good == Some(true)).count();
    (!all.is_empty()).then(|| format!("{} times, {good} of them as praise", all.len()))
}

fn place(at: Coordinates) -> String {
    format!("{}, {}", at.latitude, at.longitude)
}

fn seconds(seconds: f64) -> Option<String> {
    Duration::try_from_secs_f64(seconds).ok().map(span)
}

fn yes_or_no(flag: bool) -> String {
    if flag { "yes" } else { "no" }.to_owned()
}
