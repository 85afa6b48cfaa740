//! Trips over a service that has some, and some that misbehave.

mod alone;

use std::convert::Infallible;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use http::{Request, Response, StatusCode};
use jiff::civil::date;
use serde_json::{Value, json};
use tower::service_fn;

use super::*;
use crate::trips::End;
use crate::{Body, Clock, Config, Kind};

#[tokio::test(start_paused = true)]
async fn pages_are_asked_for_as_they_are_read_until_there_are_no_more() {
    let service = Service::of(|query| paged(query, 5));
    let query = november().in_pages_of(2);
    let mut trips = service.client().trips(&vin(), &query);
    assert!(service.asked().is_empty());

    let mut ids = Vec::new();
    for number in 1..=5_usize {
        ids.push(trips.next().await.unwrap().unwrap().id.unwrap().to_string());

        assert_eq!(service.asked().len(), number.div_ceil(2));
        assert_eq!(trips.end().is_some(), number == 5);
    }

    assert!(trips.next().await.is_none() && trips.next().await.is_none());
    assert_eq!(ids, ["t0", "t1", "t2", "t3", "t4"]);
    assert_eq!(trips.end(), Some(End::Complete));
    assert_eq!(
        service.asked(),
        [0, 2, 4].map(|offset| {
            let days = "from=2026-11-01&to=2026-11-22";
            format!("/v1/trips?{days}&route=false&summary=false&limit=2&offset={offset}")
        })
    );
}

#[tokio::test(start_paused = true)]
async fn a_service_that_goes_in_circles_is_left() {
    for (answer, trips, end) in [
        (page(&["a"], Some(0)), 1, End::Repeated),
        (page(&[], Some(1)), 0, End::EmptyPage),
        (json!({"payload": {"trips": null}}), 0, End::Complete),
        (json!({"payload": null}), 0, End::Complete),
        (json!({}), 0, End::Complete),
    ] {
        let service = Service::of(move |_| (StatusCode::OK, answer.clone()));
        let mut found = service.client().trips(&vin(), &november());

        let all = all(&mut found).await.unwrap();

        assert_eq!((all.len(), found.end()), (trips, Some(end)));
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_is_told_once_and_ends_it() {
    let service = Service::of(|query| match query.ends_with("offset=0") {
        true => (StatusCode::OK, page(&["a"], Some(1))),
        false => (StatusCode::INTERNAL_SERVER_ERROR, json!({})),
    });
    let mut trips = service.client().trips(&vin(), &november());

    assert!(trips.next().await.unwrap().is_ok());
    let error = trips.next().await.unwrap().unwrap_err();

    assert_eq!((error.kind(), error.operation()), (Kind::Server, "trips"));
    assert!(trips.next().await.is_none());
    assert_eq!((trips.end(), service.asked().len()), (None, 2));
}

#[tokio::test(start_paused = true)]
async fn what_is_no_query_is_an_error_and_is_not_asked() {
    let service = Service::of(|_| (StatusCode::OK, json!({})));
    for query in [
        november().in_pages_of(0),
        november().in_pages_of(51),
        TripQuery::new(date(2026, 11, 22), date(2026, 11, 1)),
    ] {
        let mut trips = service.client().trips(&vin(), &query);

        let error = trips.next().await.unwrap().unwrap_err();

        assert_eq!(error.kind(), Kind::Validation);
        assert!(trips.next().await.is_none());
    }
    let (client, vin) = (service.client(), vin());
    let summaries = client.trip_summaries(&vin, date(2026, 11, 22), date(2026, 11, 1));
    assert_eq!(summaries.await.unwrap_err().kind(), Kind::Validation);
    assert!(service.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn only_days_that_the_service_has_are_asked_for_and_told() {
    let service = Service::of(|_| (StatusCode::OK, page(&["a"], None)));
    let (client, vin) = (service.client(), vin());

    let long = TripQuery::new(date(2020, 1, 1), date(2030, 1, 1));
    let mut trips = client.trips(&vin, &long);
    all(&mut trips).await.unwrap();
    let range = trips.range().unwrap();
    assert_eq!(
        (range.from, range.to),
        (date(2025, 11, 23), date(2026, 11, 23))
    );
    assert!(service.asked()[0].starts_with("/v1/trips?from=2025-11-23&to=2026-11-23&"));

    let old = TripQuery::new(date(2020, 1, 1), date(2021, 1, 1));
    let mut trips = client.trips(&vin, &old);
    assert!(trips.next().await.is_none());
    assert_eq!((trips.range(), trips.end()), (None, Some(End::Complete)));
    let summaries = client.trip_summaries(&vin, date(2020, 1, 1), date(2021, 1, 1));
    assert_eq!(summaries.await.unwrap().value.range(), None);
    assert_eq!(service.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_given_up_is_gone_on_with() {
    let service = Service::of(|query| paged(query, 2));
    let mut trips = service.client().trips(&vin(), &november());
    let mut cx = Context::from_waker(Waker::noop());

    // Given up at every point at which it can be.
    let mut given_up = 0;
    let first = loop {
        let next = pin!(trips.next());
        match next.poll(&mut cx) {
            Poll::Ready(trip) => break trip,
            Poll::Pending => given_up += 1,
        }
        tokio::task::yield_now().await;
    };

    assert_eq!(first.unwrap().unwrap().id.unwrap().as_str(), "t0");
    assert_eq!(service.asked().len(), 1, "given up {given_up} times");
    let mut trips = pin!(trips);
    let second = std::future::poll_fn(|cx| trips.as_mut().poll_next(cx)).await;
    assert_eq!(second.unwrap().unwrap().id.unwrap().as_str(), "t1");
}

#[tokio::test(start_paused = true)]
async fn warnings_of_pages_are_kept_and_bounded() {
    let bad = json!({"id": "x", "summary": {"length": "far"}, "category": []});
    let service = Service::of(move |query| {
        let offset: u64 = query.rsplit_once('=').unwrap().1.parse().unwrap();
        let next = (offset < 450).then_some(offset + 50);
        let trips = vec![bad.clone(); 50];
        let answer = json!({"payload": {
            "trips": trips, "_metadata": {"pagination": {"nextOffset": next}},
        }});
        (StatusCode::OK, answer)
    });
    let mut trips = service.client().trips(&vin(), &november());

    all(&mut trips).await.unwrap();

    assert_eq!(trips.warnings().len(), 256);
    assert_eq!(trips.warnings()[0].path(), "payload.trips[0].category");
}

#[tokio::test(start_paused = true)]
async fn an_overview_is_one_request() {
    let service = Service::of(|_| {
        let summary = json!({"length": 5000, "duration": 600});
        let answer = json!({"payload": {
            "trips": [{"id": "last"}],
            "summary": [{
                "year": 2026, "month": 11, "summary": summary,
                "histograms": [{"year": 2026, "month": 11, "day": 23, "summary": summary}],
            }],
        }});
        (StatusCode::OK, answer)
    });

    let (client, vin) = (service.client(), vin());
    let overview = client.trip_overview(&vin, date(2026, 11, 23));
    let overview = overview.await.unwrap().value;

    assert_eq!(overview.day.summary.length, Some(5000.0));
    assert_eq!(overview.year.summary.duration, Some(600.0));
    assert_eq!(overview.last_trip.unwrap().id.unwrap().as_str(), "last");
    assert_eq!(
        service.asked(),
        ["/v1/trips?from=2026-01-01&to=2026-11-23&route=false&summary=true&limit=1&offset=0"]
    );
}

#[test]
fn trips_and_their_futures_can_be_sent() {
    fn sent(_: &(impl Send + 'static)) {}
    let client = Service::of(|_| (StatusCode::OK, json!({}))).client();

    sent(&client.trips(&vin(), &november()));
    let (vin, id) = (vin(), "a".parse().unwrap());
    sent(&async move { client.trip(&vin, &id).await });
}

/// What is answered to a query, or to a path without one.
type Answer = dyn Fn(&str) -> (StatusCode, Value) + Send + Sync;

/// A service that answers by the query, and what it was asked.
#[derive(Clone)]
struct Service {
    asked: Arc<Mutex<Vec<String>>>,
    answer: Arc<Answer>,
}

impl Service {
    fn of(answer: impl Fn(&str) -> (StatusCode, Value) + Send + Sync + 'static) -> Self {
        Self {
            asked: Arc::default(),
            answer: Arc::new(answer),
        }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// On 23 November 2026 at noon.
    fn client(&self) -> ToyotaClient<impl HttpService> {
        let service = self.clone();
        let answer = move |request: Request<Body>| {
            assert_eq!(request.headers()["vin"], "JTSIM00000PET0001");
            service
                .asked
                .lock()
                .unwrap()
                .push(request.uri().to_string());
            let uri = request.uri();
            let (status, answer) = (service.answer)(uri.query().unwrap_or(uri.path()));
            async move {
                tokio::task::yield_now().await;
                let answer = Response::builder()
                    .status(status)
                    .body(Body::from(answer.to_string()));
                Ok::<_, Infallible>(answer.unwrap())
            }
        };
        let noon = "2026-11-23T12:00:00Z".parse().unwrap();
        ToyotaClient::new(service_fn(answer), &Config::new()).by_clock(Clock::from_fn(move || noon))
    }
}

fn vin() -> Vin {
    Vin::new("JTSIM00000PET0001").unwrap()
}

fn november() -> TripQuery {
    TripQuery::new(date(2026, 11, 1), date(2026, 11, 22))
}

/// The page that is asked for, of so many trips.
fn paged(query: &str, trips: usize) -> (StatusCode, Value) {
    let of = |name: &str| -> usize {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(key, _)| *key == name)
            .unwrap()
            .1
            .parse()
            .unwrap()
    };
    let end = trips.min(of("offset") + of("limit"));
    let ids: Vec<_> = (of("offset")..end)
        .map(|number| format!("t{number}"))
        .collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    (StatusCode::OK, page(&ids, (end < trips).then_some(end)))
}

fn page(ids: &[&str], next: Option<usize>) -> Value {
    let trips: Vec<_> = ids.iter().map(|id| json!({"id": id})).collect();
    json!({"payload": {"trips": trips, "_metadata": {"pagination": {"nextOffset": next}}}})
}

async fn all(trips: &mut Trips) -> Result<Vec<Trip>, Error> {
    let mut all = Vec::new();
    while let Some(trip) = trips.next().await {
        all.push(trip?);
    }
    Ok(all)
}
