//! One trip as the service tells of it.

use serde::Serialize;

use super::{
    Dialect,
    behaviour::{self, Behaviour},
    figures::Figures,
    parts::{Coaching, Numbers, Scores},
    route::{Route, rounded},
    text,
};
use crate::{garage::Drive, random::Random};

const TRIP: u64 = 5;

/// A trip, with or without its route.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Trip<'a> {
    id: String,
    category: u8,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    scores: Option<Scores>,
    #[serde(rename = "hdc", skip_serializing_if = "Option::is_none")]
    coaching: Option<Coaching>,
    behaviours: Vec<Behaviour>,
    route: Route<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    processed_in: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_on: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    #[serde(flatten)]
    numbers: Numbers,
    start_lat: f64,
    start_lon: f64,
    end_lat: f64,
    end_lon: f64,
    start_ts: String,
    end_ts: String,
    night_trip: bool,
}

impl<'a> Trip<'a> {
    pub(super) fn new(drive: &'a Drive, with_route: bool, dialect: Dialect) -> Self {
        let figures = Figures::of(drive);
        let mut random = Random::derived(drive.seed, TRIP);
        let newer = dialect == Dialect::Brief;
        Self {
            id: drive.id.to_string(),
            category: 0,
            behaviours: behaviour::noticed(drive, &figures),
            scores: figures.scores,
            coaching: figures.coaching,
            route: Route(with_route.then_some(drive)),
            processed_in: newer.then(|| random.between(40, 900)),
            created_on: newer.then(|| text(drive.end, true)),
            summary: Summary::new(drive, figures, dialect, &mut random),
        }
    }
}

impl Summary {
    fn new(drive: &Drive, figures: Figures, dialect: Dialect, random: &mut Random) -> Self {
        // Now and then the service withholds where it was.
        let withheld = random.once_in(25);
        let degrees = |degrees| if withheld { 0.0 } else { rounded(degrees) };
        let milliseconds = random.once_in(3);
        Self {
            start_lat: degrees(drive.from.latitude),
            start_lon: degrees(drive.from.longitude),
            end_lat: degrees(drive.to.latitude),
            end_lon: degrees(drive.to.longitude),
            start_ts: text(drive.start, milliseconds),
            end_ts: text(drive.end, milliseconds),
            night_trip: figures.night,
            numbers: dialect.numbers(figures),
        }
    }
}
