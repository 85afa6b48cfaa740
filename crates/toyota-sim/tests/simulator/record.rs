use http::{HeaderMap, Method, StatusCode};
use toyota_sim::{Fault, RecordedRequest, Route};

use crate::support::{PETROL, get, get_car, log_in, start};

#[tokio::test]
async fn requests_are_recorded_as_they_came() {
    let sim = start().await;
    let before = sim.clock().now();
    let tokens = log_in(&sim).await;

    get_car(&sim, "/v1/location", &tokens.access, PETROL).await;

    let requests = sim.requests();
    let routes: Vec<Route> = requests.iter().map(RecordedRequest::route).collect();
    assert_eq!(
        routes,
        [
            Route::Authenticate,
            Route::Authenticate,
            Route::Authenticate,
            Route::Authenticate,
            Route::Authorize,
            Route::Token,
            Route::Location,
        ]
    );
    let first = &requests[0];
    assert_eq!(first.method(), Method::POST);
    assert_eq!(first.path(), "/json/realms/root/realms/tme/authenticate");
    assert_eq!(
        first.query(),
        Some("authIndexType=service&authIndexValue=oneapp")
    );
    assert_eq!(first.body(), "{}");
    assert!(first.received_at() >= before);
    let last = &requests[6];
    assert_eq!(last.headers()["vin"], PETROL);
    let shown = format!("{requests:?}");
    for hidden in [PETROL, tokens.access.as_str(), sim.api_key()] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

#[tokio::test]
async fn requests_that_met_a_fault_count_too() {
    let sim = start().await;
    sim.script(Route::Unknown, [Fault::status(StatusCode::BAD_GATEWAY)]);

    get(&sim, "/nowhere", HeaderMap::new()).await;
    get(&sim, "/nowhere", HeaderMap::new()).await;

    let counters = sim.counters();
    assert_eq!(counters.requests(Route::Unknown), 2);
    assert_eq!(counters.requests(Route::Token), 0);
    assert_eq!(counters.requests_total(), 2);
    assert_eq!(counters.requests_dropped, 0);
}
