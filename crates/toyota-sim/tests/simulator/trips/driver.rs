//! Somebody who asks for trips, and what they look at.

use http::StatusCode;
use jiff::{Timestamp, ToSpan as _, civil::Date, tz};
use serde_json::Value;
use toyota_sim::Simulator;

use crate::support::{Answer, Tokens, get_car, log_in, start};

/// Somebody with a token who asks for trips.
pub(super) struct Driver {
    pub(super) sim: Simulator,
    pub(super) tokens: Tokens,
    pub(super) today: Date,
}

impl Driver {
    pub(super) async fn start() -> Self {
        let sim = start().await;
        let tokens = log_in(&sim).await;
        let now = Timestamp::try_from(sim.clock().now()).unwrap();
        Self {
            sim,
            tokens,
            today: tz::Offset::UTC.to_datetime(now).date(),
        }
    }

    /// Returns the query for the days from so many days ago to today.
    pub(super) fn days(&self, ago: i32, more: &str) -> String {
        let from = self.today - ago.days();
        format!("from={from}&to={}{more}", self.today)
    }

    pub(super) async fn get(&self, vin: &str, path: &str) -> Answer {
        get_car(&self.sim, path, &self.tokens.access, vin).await
    }

    pub(super) async fn page(&self, vin: &str, query: &str) -> Value {
        let answer = self.get(vin, &format!("/v1/trips?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.json()["payload"].take()
    }

    pub(super) async fn assert_day_is_the_sum_of_its_trips(&self, vin: &str, day: &Value) {
        let date = Date::new(
            day["year"].as_i64().unwrap().try_into().unwrap(),
            day["month"].as_i64().unwrap().try_into().unwrap(),
            day["day"].as_i64().unwrap().try_into().unwrap(),
        );
        let date = date.unwrap();
        let query = format!("from={date}&to={date}&limit=50");
        let page = self.page(vin, &query).await;
        for key in ["length", "duration", "fuelConsumption"] {
            let of_trips: f64 = trips(&page)
                .iter()
                .map(|trip| number(&trip["summary"], key))
                .sum();
            assert_eq!(number(&day["summary"], key), of_trips, "{key}");
        }
    }
}

pub(super) fn trips(page: &Value) -> &Vec<Value> {
    page["trips"].as_array().unwrap()
}

/// Returns a number that may be missing, as fuel is of an electric car.
pub(super) fn number(summary: &Value, key: &str) -> f64 {
    summary
        .get(key)
        .map_or(0.0, |value| value.as_f64().unwrap())
}

pub(super) fn is_newest_first(elements: &[Value]) -> bool {
    let date = |element: &Value| {
        ["year", "month", "day"].map(|key| element.get(key).and_then(Value::as_i64))
    };
    elements
        .iter()
        .map(date)
        .is_sorted_by(|newer, older| newer > older)
}
