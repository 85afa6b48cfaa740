//! What is written, and whether others can read it.

use std::io::{self, Write};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::hostile;
use crate::trips::page::Page;

#[test]
fn json_lines_are_json_by_the_line() {
    let written = written(JsonLines::new(Vec::new()), &trips(&[long(), json!({})]));

    let lines: Vec<Value> = written
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["id"], "a-1");
    assert_eq!(lines[0]["route"].as_array().unwrap().len(), 3);
    assert!(lines[1].get("route").is_none());
}

#[test]
fn csv_is_a_table_whose_fields_are_quoted_where_they_must_be() {
    let mut odd = long();
    odd["summary"]["countries"] = json!(["=1+1", "A,B", "C\"D", "E\nF"]);
    odd["summary"]["fuelConsumption"] = Value::Null;

    let written = written(Csv::new(Vec::new()), &trips(&[long(), odd, json!({})]));

    let rows: Vec<_> = written.split("\r\n").collect();
    assert_eq!(rows.len(), 5);
    assert_eq!(
        rows[1],
        "a-1,2026-11-21T17:00:00Z,2026-11-21T17:25:00.25Z,15.215,1500,60,36.52,81,0.226,1.485,5,\
         653,0.02,0.01,false,DE,65,50,60,70,80,-50.11,8.71,50.22,8.82"
    );
    assert!(rows[2].contains(",36.52,81,,,5,"), "{}", rows[2]);
    assert!(
        rows[2].contains(",\"'=1+1 A,B C\"\"D E\nF\","),
        "{}",
        rows[2]
    );
    assert_eq!(rows[3], ",".repeat(24));
    assert_eq!(rows[4], "");
}

#[test]
fn gpx_has_a_track_of_the_route_with_the_times_that_are_known() {
    let mut short = long();
    short["route"] = json!([]);
    let nowhere = json!({"id": "nowhere", "route": [{"lat": 0, "lon": 0}]});

    let written = written(Gpx::new(Vec::new()), &trips(&[long(), short, nowhere]));

    assert_eq!(
        written,
        r#"<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="toyota-client" xmlns="http://www.topografix.com/GPX/1/1">
  <trk>
    <name>2026-11-21T17:00:00Z</name>
    <desc>a-1</desc>
    <trkseg>
      <trkpt lat="-50.11" lon="8.71"><time>2026-11-21T17:00:00Z</time></trkpt>
      <trkpt lat="0.0000001" lon="8.75"/>
      <trkpt lat="50.22" lon="8.82"><time>2026-11-21T17:25:00.25Z</time></trkpt>
    </trkseg>
  </trk>
  <trk>
    <name>2026-11-21T17:00:00Z</name>
    <desc>a-1</desc>
    <trkseg>
      <trkpt lat="-50.11" lon="8.71"><time>2026-11-21T17:00:00Z</time></trkpt>
      <trkpt lat="50.22" lon="8.82"><time>2026-11-21T17:25:00.25Z</time></trkpt>
    </trkseg>
  </trk>
</gpx>
"#
    );
}

#[test]
fn a_file_without_trips_is_whole() {
    assert_eq!(written(JsonLines::new(Vec::new()), &[]), "");
    assert!(written(Csv::new(Vec::new()), &[]).ends_with("end_longitude\r\n"));
    assert!(written(Gpx::new(Vec::new()), &[]).ends_with("1/1\">\n</gpx>\n"));
}

#[test]
fn a_failure_to_write_is_told_wherever_it_is() {
    let trips = trips(&[long(), long()]);
    let whole = [
        written(JsonLines::new(Vec::new()), &trips).len(),
        written(Csv::new(Vec::new()), &trips).len(),
        written(Gpx::new(Vec::new()), &trips).len(),
    ];
    for room in 0..whole.into_iter().max().unwrap() {
        let full = |length: usize| {
            if room < length {
                Some(io::ErrorKind::StorageFull)
            } else {
                None
            }
        };

        let failed = [
            try_write(JsonLines::new(Room(room)), &trips),
            try_write(Csv::new(Room(room)), &trips),
            try_write(Gpx::new(Room(room)), &trips),
        ];

        let failed = failed.map(|written| written.err().map(|error| error.kind()));
        assert_eq!(failed, whole.map(full), "{room}");
    }
}

proptest! {
    #[test]
    fn whatever_a_trip_says_the_files_stay_whole(answer in hostile::json(), text in ".*") {
        let trips = trips(&[
            json!({"summary": answer, "route": [answer], "behaviours": [answer], "hdc": answer}),
            json!({"id": text, "summary": {"countries": [text], "length": 1e308}}),
        ]);

        let lines = written(JsonLines::new(Vec::new()), &trips);
        let csv = written(Csv::new(Vec::new()), &trips);
        let gpx = written(Gpx::new(Vec::new()), &trips);

        prop_assert_eq!(lines.lines().count(), 2);
        let rows = parsed(&csv);
        prop_assert_eq!(rows.len(), 3);
        for row in &rows {
            prop_assert_eq!(row.len(), 25);
        }
        let country = rows[2][15].strip_prefix('\'').unwrap_or(&rows[2][15]);
        prop_assert_eq!(country, text.strip_prefix('\'').unwrap_or(&text));
        // Only what is written here has brackets.
        let elements = ["?xml ", "gpx ", "/gpx", "trk>", "/trk>", "name", "/name", "desc", "/desc",
            "trkseg", "/trkseg", "trkpt ", "/trkpt", "time", "/time"];
        for part in gpx.split('<').skip(1) {
            prop_assert!(elements.iter().any(|element| part.starts_with(element)), "{}", part);
        }
    }
}

/// A reader of RFC 4180.
fn parsed(csv: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let (mut row, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = csv.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            other => field.push(other),
        }
    }
    assert!(!quoted && row.is_empty() && field.is_empty());
    rows
}

fn long() -> Value {
    json!({
        "id": "a-1",
        "summary": {
            "length": 15215, "duration": 1500, "durationIdle": 60, "averageSpeed": 36.52,
            "maxSpeed": 81.0, "fuelConsumption": 226.0, "lengthOverspeed": 10,
            "lengthHighway": 20, "countries": ["DE"], "startLat": -50.11, "startLon": 8.71,
            "endLat": 50.22, "endLon": 8.82, "startTs": "2026-11-21T17:00:00Z",
            "endTs": "2026-11-21T17:25:00.250Z", "nightTrip": false,
        },
        "scores": {
            "global": 65, "acceleration": 50, "braking": 60, "advice": 70, "constantSpeed": 80,
        },
        "hdc": {"evTime": 653, "evDistance": 5000},
        "route": [
            {"lat": -50.11, "lon": 8.71},
            {"lat": 1e-7, "lon": 8.75},
            {"lat": 50.22, "lon": 8.82},
        ],
    })
}

fn trips(trips: &[Value]) -> Vec<Trip> {
    let body = json!({"payload": {"trips": trips}}).to_string();
    Page::read(body.into()).unwrap().value.unwrap().trips
}

fn written(format: impl Format<Output = Vec<u8>>, trips: &[Trip]) -> String {
    String::from_utf8(try_write(format, trips).unwrap()).unwrap()
}

fn try_write<F: Format>(mut format: F, trips: &[Trip]) -> io::Result<F::Output> {
    for trip in trips {
        format.write(trip)?;
    }
    format.finish()
}

/// A disk with so much room.
#[derive(Debug)]
struct Room(usize);

impl Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.0.checked_sub(bytes.len());
        self.0 = room.ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
