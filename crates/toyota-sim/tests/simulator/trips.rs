mod driver;
mod routes;

use std::{collections::BTreeSet, time::Duration};

use http::StatusCode;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use toyota_sim::Payload;

use self::driver::{Driver, is_newest_first, number, trips};
use crate::support::log_in;

const PETROL: &str = "SB1Z93BE10E000101";
const PLUG_IN: &str = "JTMZ63FV50D000202";
const ELECTRIC: &str = "JTHZ4AHB700000303";

#[tokio::test]
async fn a_page_has_five_trips_unless_asked_otherwise_newest_first() {
    let driver = Driver::start().await;

    let page = driver.page(PETROL, &driver.days(30, "")).await;

    let starts: Vec<Timestamp> = trips(&page)
        .iter()
        .map(|trip| trip["summary"]["startTs"].as_str().unwrap())
        .map(|start| start.parse().unwrap())
        .collect();
    assert_eq!(starts.len(), 5);
    assert!(starts.is_sorted_by(|newer, older| newer > older));
    assert_eq!(page["_metadata"]["sortedBy"][0]["order"], "DESC");
    assert_eq!(page["_metadata"]["pagination"]["nextOffset"], 5);
    assert_eq!(page["summary"], json!([]));
    assert!(trips(&page).iter().all(|trip| trip["route"] == json!([])));
}

#[tokio::test]
async fn the_pages_of_a_month_hold_each_trip_once() {
    let driver = Driver::start().await;
    let mut ids = BTreeSet::new();
    let (mut offset, mut pages) = (Some(0), 0);
    let mut total = 0;

    while let Some(from) = offset {
        let query = driver.days(30, &format!("&limit=7&offset={from}"));
        let page = driver.page(PETROL, &query).await;
        let ids_here = trips(&page).iter().map(|trip| trip["id"].to_string());
        ids.extend(ids_here);
        let pagination = &page["_metadata"]["pagination"];
        offset = pagination["nextOffset"].as_u64();
        total = pagination["totalCount"].as_u64().unwrap();
        pages += 1;
        assert_eq!(pagination["currentPage"], pages);
        assert!(pages <= pagination["pageCount"].as_u64().unwrap());
    }

    assert!(pages > 3, "{pages}");
    assert_eq!(u64::try_from(ids.len()).unwrap(), total);
}

#[tokio::test]
async fn a_page_past_the_end_is_empty_and_leads_nowhere() {
    let driver = Driver::start().await;

    let page = driver.page(PETROL, &driver.days(30, "&offset=10000")).await;

    assert_eq!(page["trips"], json!([]));
    assert_eq!(page["_metadata"]["pagination"]["nextOffset"], Value::Null);
}

#[tokio::test]
async fn months_are_the_sums_of_their_days_and_days_of_their_trips() {
    let driver = Driver::start().await;

    for vin in [PETROL, PLUG_IN, ELECTRIC] {
        let query = driver.days(300, "&summary=True&limit=1");
        let page = driver.page(vin, &query).await;
        let months = page["summary"].as_array().unwrap();
        assert!(months.len() >= 9, "{}", months.len());
        for month in months {
            let days = month["histograms"].as_array().unwrap();
            for key in ["length", "duration", "fuelConsumption"] {
                let of_days: f64 = days.iter().map(|day| number(&day["summary"], key)).sum();
                assert_eq!(number(&month["summary"], key), of_days, "{key}");
            }
            let (length, duration) = (
                number(&month["summary"], "length"),
                number(&month["summary"], "duration"),
            );
            let speed = (length / duration * 360.0).round() / 100.0;
            assert_eq!(number(&month["summary"], "averageSpeed"), speed);
            assert!(is_newest_first(days));
        }
        assert!(is_newest_first(months));
        driver
            .assert_day_is_the_sum_of_its_trips(vin, &months[1]["histograms"][0])
            .await;
    }
}

#[tokio::test]
async fn the_sums_are_those_of_the_days_that_were_asked_for() {
    let driver = Driver::start().await;

    let week = driver
        .page(PETROL, &driver.days(6, "&summary=true&limit=50"))
        .await;

    let days = week["summary"].as_array().unwrap();
    let of_days: f64 = days
        .iter()
        .map(|month| number(&month["summary"], "length"))
        .sum();
    let of_trips: f64 = trips(&week)
        .iter()
        .map(|trip| number(&trip["summary"], "length"))
        .sum();
    assert_eq!(of_days, of_trips);
}

#[tokio::test]
async fn each_car_tells_what_its_kind_can() {
    let driver = Driver::start().await;

    let query = driver.days(60, "&limit=50");
    let petrol = driver.page(PETROL, &query).await;
    let plug_in = driver.page(PLUG_IN, &query).await;
    let electric = driver.page(ELECTRIC, &query).await;

    let every = |page: &Value, holds: fn(&Value) -> bool| trips(page).iter().all(holds);
    assert!(every(&petrol, |trip| trip.get("hdc").is_none()));
    assert!(every(&petrol, |trip| trip["summary"]["countries"].is_array()));
    assert!(every(&petrol, |trip| trip["summary"]["maxSpeed"] == 0.0));
    assert!(every(&plug_in, |trip| trip["summary"]
        .get("countries")
        .is_none()));
    assert!(every(&plug_in, |trip| trip["summary"]["fuelConsumption"].is_f64()));
    assert!(every(&electric, |trip| trip["summary"]
        .get("fuelConsumption")
        .is_none()));
    assert!(every(&electric, |trip| trip["hdc"]["evDistance"]
        == trip["summary"]["length"]));
    assert!(!every(&plug_in, |trip| trip["scores"]
        .get("advice")
        .is_some()));
}

#[tokio::test]
async fn a_question_that_makes_no_sense_is_refused_by_name() {
    let driver = Driver::start().await;
    let today = driver.today;

    for (query, name) in [
        (String::new(), "from"),
        (format!("from={today}&to={}", today + 3.days()), "to"),
        (format!("from={today}&to={}", today - 1.day()), "from"),
        (format!("from={today}&to={today}&limit=51"), "limit"),
    ] {
        let answer = driver.get(PETROL, &format!("/v1/trips?{query}")).await;

        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        let expected = format!("Query parameter {name} is missing or invalid");
        assert_eq!(answer.detail().1, expected);
    }
}

#[tokio::test]
async fn a_trip_is_kept_for_a_year() {
    let driver = Driver::start().await;
    let total = |page: Value| {
        page["_metadata"]["pagination"]["totalCount"]
            .as_u64()
            .unwrap()
    };
    let query = driver.days(3000, "");

    let now = total(driver.page(PETROL, &query).await);
    driver
        .sim
        .clock()
        .advance(Duration::from_secs(200 * 24 * 60 * 60));
    let tokens = log_in(&driver.sim).await;
    let driver = Driver { tokens, ..driver };
    let later = total(driver.page(PETROL, &query).await);

    assert!(now > 400, "{now}");
    assert!(later < now * 3 / 4, "{later} of {now}");
}

#[tokio::test]
async fn what_was_set_is_answered_to_any_question() {
    let driver = Driver::start().await;
    driver.sim.edit_account(|account| {
        let car = account.car_mut(PETROL).unwrap();
        car.set(Payload::Trips, Value::Null);
        car.set(Payload::Trip, json!({"id": "7"}));
    });

    let path = format!("/v1/trips?{}", driver.days(30, ""));
    let page = driver.get(PETROL, &path).await;
    let trip = driver.get(PETROL, "/v1/trips/any").await;

    assert_eq!(page.json()["payload"], Value::Null);
    assert_eq!(trip.json()["payload"], json!({"id": "7"}));
}

#[tokio::test]
async fn two_simulators_remember_the_same_year() {
    let one = Driver::start().await;
    let other = Driver::start().await;

    // Not to this day, which goes on.
    let (from, to) = (one.today - 90.days(), one.today - 1.day());
    let query = format!("from={from}&to={to}&limit=50&route=true&summary=true");

    assert_eq!(
        one.page(PLUG_IN, &query).await,
        other.page(PLUG_IN, &query).await
    );
}

#[tokio::test]
async fn a_key_of_a_trip_can_be_taken_away() {
    let driver = Driver::start().await;
    let told = driver.sim.payload(PETROL, Payload::Trips).unwrap();
    assert_eq!(trips(&told).len(), 5);
    assert!(trips(&told)[0]["route"].as_array().unwrap().len() > 1);

    driver.sim.edit_account(|account| {
        let car = account.car_mut(PETROL).unwrap();
        let trip = &mut car.get_mut(Payload::Trips)["trips"][0];
        trip.as_object_mut().unwrap().remove("category");
    });

    let page = driver.page(PETROL, &driver.days(30, "")).await;
    assert_eq!(trips(&page)[0].get("category"), None);
    assert_eq!(trips(&page)[1..], trips(&told)[1..]);
    let newest = driver.sim.payload(PETROL, Payload::Trip).unwrap();
    assert_eq!(newest["id"], trips(&told)[0]["id"]);
}
