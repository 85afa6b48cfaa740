//! The way of a drive, point by point.

use std::f64::consts::TAU;

use serde::{Serialize, Serializer};

use super::figures::Figures;
use crate::{
    garage::{Drive, Position},
    number::share,
    random::Random,
};

/// The most points of a way; below that there is one a second.
const POINTS: u32 = 3_000;
/// For so many points together a car is driven electrically, or not.
const SPELL: u32 = 30;
const ROUTE: u64 = 3;

const CHARGE: u8 = 0;
const ECO: u8 = 1;
const POWER: u8 = 2;

/// A way that is worked out while it is written, and never held.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route<'a>(pub(super) Option<&'a Drive>);

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Point {
    lat: f64,
    lon: f64,
    overspeed: bool,
    highway: bool,
    is_ev: bool,
    mode: u8,
    /// −1 now and then, as the service has it.
    index_in_points: i64,
}

/// The curve from one place to another: straight ahead, and once around on the way, so that it is
/// as long as the road.
struct Curve {
    from: Position,
    north: f64,
    east: f64,
    radius: f64,
    turned: f64,
}

impl Serialize for Route<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.into_iter().flat_map(points))
    }
}

impl Curve {
    fn new(drive: &Drive, random: &mut Random) -> Self {
        let (north, east) = drive.from.way_to(drive.to);
        let beeline = north.hypot(east);
        Self {
            from: drive.from,
            north,
            east,
            radius: (f64::from(drive.metres) - beeline).max(0.0) / TAU,
            turned: random.unit() * TAU,
        }
    }

    /// Returns the place after this part of the way, which is 0 at its beginning and 1 at its end.
    fn at(&self, part: f64) -> Position {
        let (sine, cosine) = self.turned.sin_cos();
        let (turned_sine, turned_cosine) = (self.turned + part * TAU).sin_cos();
        self.from.moved(
            self.north * part + self.radius * (turned_cosine - cosine),
            self.east * part + self.radius * (turned_sine - sine),
        )
    }
}

fn points(drive: &Drive) -> impl Iterator<Item = Point> + use<> {
    let figures = Figures::of(drive);
    let mut random = Random::derived(drive.seed, ROUTE);
    let curve = Curve::new(drive, &mut random);
    let ev_percent = share(drive.ev_seconds, 100, figures.seconds);
    let burns = drive.fuel_ml.is_some();
    let count = figures.seconds.clamp(2, POINTS);
    let stretch = |seconds: u64, first: u32| {
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        first..first + share(count, seconds, figures.seconds)
    };
    let overspeed = stretch(figures.details.duration_overspeed, count / 2);
    let highway = stretch(figures.details.duration_highway, count / 8);
    let mut is_ev = false;
    (0..count).map(move |index| {
        if index % SPELL == 0 {
            is_ev = random.below(100) < ev_percent;
        }
        let place = curve.at(f64::from(index) / f64::from(count - 1));
        Point {
            lat: rounded(place.latitude),
            lon: rounded(place.longitude),
            overspeed: overspeed.contains(&index),
            highway: highway.contains(&index),
            is_ev,
            mode: mode(is_ev || !burns, &mut random),
            index_in_points: if random.once_in(200) {
                -1
            } else {
                i64::from(index)
            },
        }
    })
}

fn mode(gentle: bool, random: &mut Random) -> u8 {
    match random.below(10) {
        0 | 1 => CHARGE,
        2 if !gentle => POWER,
        _ => ECO,
    }
}

/// Rounds degrees to about a tenth of a metre.
pub(super) fn rounded(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_way_leads_from_its_beginning_to_its_end() {
        let drive = drive(1500);

        let points: Vec<Point> = points(&drive).collect();

        assert_eq!(points.len(), 1500);
        let ends = [&points[0], &points[1499]].map(|point| (point.lat, point.lon));
        assert_eq!(ends, [(50.0, 4.0), (50.1, 4.2)]);
    }

    #[test]
    fn a_way_is_about_as_long_as_the_road() {
        let there = drive(1500);
        let mut around = drive(1500);
        around.to = around.from;

        for drive in [there, around] {
            let places: Vec<Position> = points(&drive)
                .map(|point| Position::new(point.lat, point.lon))
                .collect();
            let length: f64 = places
                .windows(2)
                .map(|pair| pair[0].way_to(pair[1]))
                .map(|(north, east)| north.hypot(east))
                .sum();

            let ratio = length / f64::from(drive.metres);
            assert!((0.8..1.2).contains(&ratio), "{ratio}");
        }
    }

    #[test]
    fn the_longest_and_the_shortest_drive_have_bounded_ways() {
        assert_eq!(points(&drive(1_000_000)).count(), 3000);
        assert_eq!(points(&drive(0)).count(), 2);
    }

    #[test]
    fn points_have_the_service_s_shape_and_its_irregularity() {
        let drive = drive(1500);

        let written = serde_json::to_value(Route(Some(&drive))).unwrap();

        let points = written.as_array().unwrap();
        let mut keys: Vec<&String> = points[0].as_object().unwrap().keys().collect();
        keys.sort();
        let expected = [
            "highway",
            "indexInPoints",
            "isEv",
            "lat",
            "lon",
            "mode",
            "overspeed",
        ];
        assert_eq!(keys, expected);
        let has = |key: &str, value: Value| points.iter().any(|point| point[key] == value);
        assert!(has("indexInPoints", json!(-1)));
        assert!(has("isEv", json!(true)) && has("isEv", json!(false)));
        assert!(has("mode", json!(0)) && has("mode", json!(1)) && has("mode", json!(2)));
    }

    #[test]
    fn a_way_that_nobody_asked_for_is_empty() {
        assert_eq!(serde_json::to_value(Route(None)).unwrap(), json!([]));
    }

    fn drive(seconds: u64) -> Drive {
        Drive {
            id: Uuid::nil(),
            start: UNIX_EPOCH,
            end: UNIX_EPOCH + Duration::from_secs(seconds),
            metres: 23_000,
            fuel_ml: Some(700),
            ev_seconds: 600,
            ev_metres: 7_000,
            from: Position::new(50.0, 4.0),
            to: Position::new(50.1, 4.2),
            seed: 1,
        }
    }
}
