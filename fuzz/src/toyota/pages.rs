//! What a page of trips says, by a parser's account.

use serde_json::{Map, Value};

use super::refused::Step;

/// More of one answer are not read.
const MAX_TRIPS: usize = 1000;
/// Members of a trip that have a place of their own.
const KNOWN: [&str; 8] = [
    "behaviours",
    "category",
    "createdOn",
    "hdc",
    "id",
    "route",
    "scores",
    "summary",
];

/// What is told of a trip.
#[derive(Debug, PartialEq)]
pub struct Told {
    /// Its name, if it is one.
    pub id: Option<String>,
    /// Latitude, longitude, and whether the car was too fast.
    pub points: Vec<(f64, f64, Option<bool>)>,
    /// What has no place of its own.
    pub extra: Vec<String>,
}

/// Returns the trips of an answer.
pub fn trips(answer: &Value) -> Vec<Told> {
    let trips = answer["payload"]["trips"].as_array();
    let trips = trips.into_iter().flatten().take(MAX_TRIPS);
    trips
        .filter_map(|trip| trip.as_object().map(told))
        .collect()
}

/// Tells whether an answer may hide an error: it has a code, and nothing to be read.
pub fn may_hide_an_error(answer: &Value) -> bool {
    let codes = [
        &answer["status"]["messages"][0]["responseCode"],
        &answer["code"],
    ];
    !answer["payload"].is_object()
        && codes
            .iter()
            .any(|code| code.is_string() || code.is_number())
}

/// Tells whether a place is in a list that is read when it is asked for, and until then skipped by its
/// brackets and quotes alone.
pub fn is_in_lazy_list(place: &[Step]) -> bool {
    let name = |at: usize| match place.get(at) {
        Some(Step::Name(name)) => Some(name.as_str()),
        Some(Step::Index(_)) | None => None,
    };
    let is_trip = name(0) == Some("payload")
        && name(1) == Some("trips")
        && matches!(place.get(2), Some(Step::Index(_)));
    is_trip && matches!(name(3), Some("route" | "behaviours"))
}

fn told(trip: &Map<String, Value>) -> Told {
    let points = trip.get("route").and_then(Value::as_array);
    let names = trip.keys().filter(|name| !KNOWN.contains(&name.as_str()));
    Told {
        id: trip.get("id").and_then(id),
        points: points.into_iter().flatten().filter_map(point).collect(),
        extra: names.cloned().collect(),
    }
}

fn id(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (is_plain && (1..=64).contains(&text.len())).then_some(text)
}

fn point(point: &Value) -> Option<(f64, f64, Option<bool>)> {
    let degrees = |name, most: f64| number(&point[name]).filter(|it| it.abs() <= most);
    let (latitude, longitude) = (degrees("lat", 90.0)?, degrees("lon", 180.0)?);
    let is_withheld = latitude == 0.0 && longitude == 0.0;
    (!is_withheld).then(|| (latitude, longitude, flag(&point["overspeed"])))
}

fn number(value: &Value) -> Option<f64> {
    let number = value.as_f64();
    let number = number.or_else(|| value.as_str()?.trim().parse().ok());
    number.filter(|number| number.is_finite())
}

fn flag(value: &Value) -> Option<bool> {
    let text = match value {
        Value::String(text) => text.to_ascii_lowercase(),
        Value::Number(number) => match number.as_f64()? {
            0.0 => "0".to_owned(),
            1.0 => "1".to_owned(),
            _ => return None,
        },
        other => return other.as_bool(),
    };
    let yes = ["true", "yes", "on", "1"].contains(&text.as_str());
    let no = ["false", "no", "off", "0"].contains(&text.as_str());
    (yes || no).then_some(yes)
}
