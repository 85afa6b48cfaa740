//! Files of trips, read by others.

use jiff::Timestamp;
use serde_json::Value;
use toyota_client::trips::Trip;
use toyota_client::trips::export::{Csv, Format, Gpx, JsonLines};

/// Writes trips in every format, and reads them back.
pub fn come_back(trips: &[Trip]) {
    lines(trips, &written(JsonLines::new(Vec::new()), trips));
    table(trips, &written(Csv::new(Vec::new()), trips));
    tracks(trips, &written(Gpx::new(Vec::new()), trips));
}

fn written(mut format: impl Format<Output = Vec<u8>>, trips: &[Trip]) -> String {
    for trip in trips {
        format.write(trip).expect("memory has room");
    }
    let written = format.finish().expect("memory has room");
    String::from_utf8(written).expect("a text")
}

fn lines(trips: &[Trip], written: &str) {
    assert!(written.is_empty() || written.ends_with('\n'));
    let lines: Vec<_> = written.split_terminator('\n').collect();
    assert_eq!(lines.len(), trips.len());
    for (line, trip) in lines.into_iter().zip(trips) {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let route = line
            .get("route")
            .map_or(0, |it| it.as_array().map_or(0, Vec::len));
        assert_eq!(route, trip.route().count());
        let id = line["id"].as_str();
        assert_eq!(id, trip.id.as_ref().map(|id| id.as_str()));
    }
}

fn table(trips: &[Trip], written: &str) {
    let rows = rows(written);
    assert_eq!(rows.len(), 1 + trips.len());
    for (row, trip) in rows.iter().skip(1).zip(trips) {
        assert_eq!(row.len(), rows[0].len());
        for field in row {
            assert!(!is_formula(field), "{field:?}");
        }
        let summary = trip.summary.as_ref();
        let countries = summary.and_then(|it| it.countries.as_ref());
        let countries = countries.map_or(String::new(), |all| {
            all.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
        });
        assert!([countries.clone(), format!("'{countries}")].contains(&row[15]));
        let length = summary.and_then(|it| it.length);
        assert_eq!(row[3].parse().ok(), length.map(|metres| metres / 1000.0));
    }
}

/// A number and a time that begin with a minus are what they look like.
fn is_formula(field: &str) -> bool {
    let begins = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let is_value = field.parse::<f64>().is_ok() || field.parse::<Timestamp>().is_ok();
    field.starts_with(begins) && !is_value
}

/// Reads a table by RFC 4180, in which quotes stand around whole fields.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut row = Vec::new();
        loop {
            let (field, after) = field(rest);
            row.push(field);
            if let Some(after) = after.strip_prefix(',') {
                rest = after;
                continue;
            }
            rest = after.strip_prefix("\r\n").expect("the end of a row");
            break;
        }
        rows.push(row);
    }
    rows
}

fn field(text: &str) -> (String, &str) {
    let Some(mut quoted) = text.strip_prefix('"') else {
        let end = text.find([',', '\r', '\n', '"']).expect("the end of a row");
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut field = String::new();
    loop {
        let (before, after) = quoted.split_once('"').expect("a closing quote");
        field.push_str(before);
        match after.strip_prefix('"') {
            Some(after) => {
                field.push('"');
                quoted = after;
            }
            None => return (field, after),
        }
    }
}

fn tracks(trips: &[Trip], written: &str) {
    let document = roxmltree::Document::parse(written).expect("well-formed XML");
    let nodes = || {
        document
            .root_element()
            .descendants()
            .filter(|it| it.is_element())
    };
    let count = |name| nodes().filter(|it| it.has_tag_name(name)).count();
    const GPX: &str = "http://www.topografix.com/GPX/1/1";
    assert!(nodes().all(|it| it.tag_name().namespace() == Some(GPX)));
    assert!(count((GPX, "trk")) <= trips.len());
    let points = nodes().filter(|it| it.has_tag_name((GPX, "trkpt")));
    let points: Vec<[f64; 2]> = points
        .map(|it| ["lat", "lon"].map(|name| it.attribute(name).unwrap().parse().unwrap()))
        .collect();
    assert_eq!(points, trips.iter().flat_map(positions).collect::<Vec<_>>());
    for time in nodes().filter(|it| it.has_tag_name((GPX, "time"))) {
        assert!(time.text().unwrap().parse::<Timestamp>().is_ok());
    }
}

/// The route, or both ends.
fn positions(trip: &Trip) -> Vec<[f64; 2]> {
    let mut positions: Vec<_> = trip.route().map(|point| point.position).collect();
    if positions.is_empty() {
        let summary = trip.summary.iter();
        positions.extend(summary.flat_map(|it| [it.start, it.end]).flatten());
    }
    positions
        .iter()
        .map(|it| [it.latitude, it.longitude])
        .collect()
}
