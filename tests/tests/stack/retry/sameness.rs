//! All attempts of a call are the same request, and what the last one brings is whole.

use http::{HeaderName, HeaderValue, StatusCode};
use http_body_util::Limited;
use serde_json::json;
use tests::{quick, simulator, soon};
use toyota_client::Body;
use toyota_sim::{Fault, RecordedRequest, Route, Simulator};

use super::{KEY, command, json, send, signed_in};

const CORRELATION: HeaderName = HeaderName::from_static("x-correlationid");

fn arrived(sim: &Simulator, route: Route) -> Vec<RecordedRequest> {
    let mut requests = sim.requests();
    requests.retain(|request| request.route() == route);
    requests
}

#[tokio::test]
async fn each_attempt_at_a_command_is_the_same_request() {
    let sim = simulator().await;
    let stack = signed_in(&sim, quick().max_attempts(5)).await.into_inner();
    let order = json!({"command": "door-lock", "note": "x".repeat(40 * 1024)}).to_string();
    let whole = Body::from(order.clone());
    let streamed = Body::new(Limited::new(Body::from(order.clone()), 64 * 1024));
    for (key, body) in [("whole", whole), ("streamed", streamed)] {
        let before = sim.counters();
        let unavailable = Fault::status(StatusCode::SERVICE_UNAVAILABLE);
        let faults = [
            unavailable,
            Fault::reset_after_read(),
            Fault::truncated(),
            Fault::garbage_wire(),
        ];
        sim.script(Route::Command, faults);
        let mut request = command(&sim, body);
        let headers = request.headers_mut();
        headers.insert(KEY, HeaderValue::from_static(key));
        let correlation = HeaderValue::from_static("8d3e2f60-5b0b-4a8e-9f5a-6b1f0f6d1c11");
        headers.insert(CORRELATION, correlation);

        let (_, answer) = send(&stack, request).await.unwrap();

        assert_eq!(json(&answer).unwrap()["payload"]["returnCode"], "000000");
        let effects = sim.counters().commands_carried_out - before.commands_carried_out;
        assert_eq!(effects, 1);
        let arrived = arrived(&sim, Route::Command);
        let attempts = &arrived[arrived.len() - 5..];
        for attempt in attempts {
            assert_eq!(attempt.headers()[KEY], key);
            assert_eq!(attempt.body(), order.as_bytes());
            assert_eq!(attempt.headers(), attempts[0].headers());
        }
    }
}

#[tokio::test]
async fn the_attempts_of_a_typed_call_share_a_correlation_id_and_its_answer_is_whole() {
    let sim = simulator().await;
    let client = signed_in(&sim, quick().max_attempts(4)).await;
    let expected = sim.account().cars().len();
    let faults = || {
        let unavailable = Fault::status(StatusCode::SERVICE_UNAVAILABLE);
        [unavailable, Fault::reset_before_read(), Fault::truncated()]
    };

    for _ in 0..2 {
        sim.script(Route::Vehicles, faults());
        let cars = soon(client.vehicles()).await.unwrap();
        assert_eq!((cars.value.len(), cars.warnings.len()), (expected, 0));
    }

    let arrived = arrived(&sim, Route::Vehicles);
    let ids: Vec<_> = arrived.iter().map(|r| &r.headers()[CORRELATION]).collect();
    assert_eq!(ids.len(), 1 + 4 + 4);
    assert!(ids[1..5].iter().all(|id| *id == ids[1]), "{ids:?}");
    assert!(ids[5..].iter().all(|id| *id == ids[5]), "{ids:?}");
    assert!(ids[0] != ids[1] && ids[1] != ids[5], "{ids:?}");
}
