//! Tables of trips and of periods.

use toyota_client::model::Distance;
use toyota_client::trips::{Interval, Period, Scores, Trip, TripSummary};

use super::super::{Show, columns, or_dash, span, when};

/// The columns that a trip and a period have alike.
const HEADING: [&str; 7] = [
    "DISTANCE",
    "TIME",
    "SPEED",
    "FUEL",
    "CONSUMPTION",
    "ELECTRIC",
    "SCORE",
];

pub(super) fn trips_table(trips: &[Trip], show: Show) -> String {
    let nothing = TripSummary::default();
    let rows = trips.iter().map(|trip| {
        let summary = trip.summary.as_ref().unwrap_or(&nothing);
        let electric = trip.hybrid.as_ref().and_then(|it| it.electric_distance());
        let started = or_dash(summary.started.map(when));
        row(started, summary, electric, trip.scores.as_ref(), show)
    });
    columns(heading("STARTED"), rows)
}

pub(super) fn periods_table(periods: &[Period], interval: Interval, show: Show) -> String {
    let rows = periods.iter().map(|period| {
        let electric = period.hybrid.as_ref().and_then(|it| it.electric_distance());
        let label = label(period, interval);
        row(
            label,
            &period.summary,
            electric,
            period.scores.as_ref(),
            show,
        )
    });
    columns(heading("WHEN"), rows)
}

/// What a period is called.
pub(super) fn label(period: &Period, interval: Interval) -> String {
    let from = period.from;
    match interval {
        Interval::Week => format!("{from} to {}", period.to),
        Interval::Month => from.strftime("%Y-%m").to_string(),
        Interval::Year => from.year().to_string(),
        _ => from.to_string(),
    }
}

fn heading(first: &'static str) -> impl Iterator<Item = &'static str> {
    std::iter::once(first).chain(HEADING)
}

fn row(
    name: String,
    summary: &TripSummary,
    electric: Option<Distance>,
    scores: Option<&Scores>,
    show: Show,
) -> Vec<String> {
    let score = scores.and_then(|scores| scores.global);
    vec![
        name,
        or_dash(summary.distance().map(|it| show.length(it))),
        or_dash(summary.time().map(span)),
        or_dash(summary.average_speed().map(|it| show.speed(it))),
        or_dash(summary.fuel().map(|it| show.fuel(it))),
        or_dash(summary.average_fuel().map(|it| show.consumption(it))),
        or_dash(electric.map(|it| show.length(it))),
        or_dash(score.map(|score| format!("{score:.0}"))),
    ]
}
