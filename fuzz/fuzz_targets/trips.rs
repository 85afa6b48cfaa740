//! Pages of trips, by the client and by a parser, and the files that are made of them.

#![no_main]

use http::StatusCode;
use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use tower_client_fuzz::toyota::client::{Once, client, vin, wait};
use tower_client_fuzz::toyota::{files, pages, refused};
use toyota_client::Error;
use toyota_client::trips::{Summaries, Trip, TripQuery};

fuzz_target!(|body: &[u8]| {
    let read = wait(listed(body));
    match serde_json::from_slice(body) {
        Ok(answer) => is_what_a_parser_reads(&read, &answer, body),
        // Nothing at all is an answer without trips.
        Err(_) if body.iter().all(|byte| b" \t\r\n".contains(byte)) => {
            assert!(read.is_ok_and(|it| it.is_empty()))
        }
        Err(error) => {
            let place = refused::place(body);
            let is_lazy = place.as_ref().is_none_or(|it| pages::is_in_lazy_list(it));
            assert!(read.is_err() || is_lazy, "{error} at {place:?}");
            if let Ok(trips) = read {
                files::come_back(&trips);
            }
            wait(others(body));
        }
    }
});

fn is_what_a_parser_reads(read: &Result<Vec<Trip>, Error>, answer: &Value, body: &[u8]) {
    let again = answer.to_string();
    let again = again.as_bytes();
    match read {
        Ok(trips) => {
            let told: Vec<_> = trips.iter().map(told).collect();
            assert_eq!(told, pages::trips(answer));
            let same = wait(listed(again)).expect("the same page");
            assert_eq!(shown(trips), shown(&same));
            files::come_back(trips);
        }
        Err(error) => assert!(pages::may_hide_an_error(answer), "{error}"),
    }
    let payload = &answer["payload"];
    // Which of the two comes last is only in the text.
    let is_ambiguous = ["trip", "trips"].iter().all(|it| payload.get(it).is_some());
    let (one, other) = (wait(others(body)), wait(others(again)));
    assert_eq!(one[1..], other[1..]);
    assert!(is_ambiguous || one[0] == other[0]);
}

async fn listed(body: &[u8]) -> Result<Vec<Trip>, Error> {
    let query = TripQuery::new(date(2026, 11, 1), date(2026, 11, 22));
    let mut trips = of(body).trips(&vin(), &query);
    let mut listed = Vec::new();
    while let Some(trip) = trips.next().await {
        listed.push(trip?);
    }
    Ok(listed)
}

/// A trip alone, sums, and an overview, of the same answer.
async fn others(body: &[u8]) -> [Value; 3] {
    let (vin, from, to) = (vin(), date(2026, 1, 1), date(2026, 11, 22));
    let id = "a-1".parse().expect("a name");
    let alone = of(body).trip(&vin, &id).await.ok();
    let alone = alone.and_then(|it| it.value);
    let sums = of(body).trip_summaries(&vin, from, to).await.ok();
    let sums = sums.map_or(Value::Null, |it| periods(&it.value));
    let overview = of(body).trip_overview(&vin, to).await.ok();
    let overview = overview.map_or(Value::Null, |it| json!(it.value));
    [json!(alone), sums, overview]
}

fn periods(sums: &Summaries) -> Value {
    json!([sums.days(), sums.weeks(), sums.months(), sums.years()])
}

fn of(body: &[u8]) -> toyota_client::ToyotaClient<Once> {
    client(StatusCode::OK, body)
}

fn told(trip: &Trip) -> pages::Told {
    let point = |it: toyota_client::trips::RoutePoint| {
        (it.position.latitude, it.position.longitude, it.overspeed)
    };
    pages::Told {
        id: trip.id.as_ref().map(|id| id.as_str().to_owned()),
        points: trip.route().map(point).collect(),
        extra: trip.extra.names().map(ToOwned::to_owned).collect(),
    }
}

fn shown(trips: &[Trip]) -> Value {
    json!(trips)
}
