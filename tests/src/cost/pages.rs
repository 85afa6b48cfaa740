//! What reading a page of trips costs, and the same page as JSON values.

use std::hint::black_box;

use bytes::Bytes;
use http::Method;
use http_body_util::Full;
use tokio::runtime;
use toyota_client::{HttpService, ToyotaClient};

use super::Calls;
use crate::trips::{client, page, trips, vin};

/// Little for a trip; a page of fifty long ones would take callgrind a day.
const POINTS: usize = 100;

/// Reads the trips of a page; with their routes, each point too.
pub(super) fn trips_calls(routes: bool) -> Calls {
    let (runtime, client) = set_up();
    Box::new(move |count| {
        runtime.block_on(async {
            for _ in 0..count {
                let mut trips = trips(&client);
                while let Some(trip) = trips.next().await {
                    let trip = black_box(trip.expect("a trip"));
                    if routes {
                        for point in trip.route() {
                            black_box(point);
                        }
                    }
                }
            }
        });
    })
}

/// Reads the page as JSON values.
pub(super) fn value_calls() -> Calls {
    let (runtime, client) = set_up();
    let vin = vin();
    Box::new(move |count| {
        runtime.block_on(async {
            for _ in 0..count {
                let page = client.request(Method::GET, "/v1/trips", Some(&vin), None);
                black_box(page.await.expect("a page"));
            }
        });
    })
}

fn set_up() -> (runtime::Runtime, ToyotaClient<impl HttpService>) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let page: Bytes = page(2, POINTS);
    let client = client(move || Full::new(page.clone()));
    (runtime.expect("a runtime"), client)
}
