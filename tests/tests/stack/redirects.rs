//! Redirects: reads within the API's origin are followed, nothing else is.

use http::header::{HeaderValue, LOCATION};
use http::{Method, StatusCode};
use tests::{client, simulator, soon};
use toyota_client::Kind;
use toyota_sim::{Fault, Route};

fn redirect(status: StatusCode, to: &str) -> Fault {
    Fault::status(status).header(LOCATION, HeaderValue::from_str(to).unwrap())
}

#[tokio::test]
async fn a_read_is_followed_within_the_origin() {
    let sim = simulator().await;
    let here = format!("{}/v2/vehicle/guid", sim.api_url());
    for to in ["/v2/vehicle/guid", &here] {
        sim.script(
            Route::Vehicles,
            [redirect(StatusCode::TEMPORARY_REDIRECT, to)],
        );

        assert!(soon(client(&sim).vehicles()).await.is_ok(), "{to}");
    }
}

#[tokio::test]
async fn nothing_leaves_for_another_host() {
    let (sim, elsewhere) = (simulator().await, simulator().await);
    let there = format!("{}/v2/vehicle/guid", elsewhere.api_url());
    sim.script(Route::Vehicles, [redirect(StatusCode::FOUND, &there)]);

    let error = soon(client(&sim).vehicles()).await.unwrap_err();

    assert_eq!(
        (error.kind(), error.status()),
        (Kind::Api, Some(StatusCode::FOUND))
    );
    assert_eq!(elsewhere.counters().requests_total(), 0);
}

#[tokio::test]
async fn a_command_is_not_sent_again_to_where_it_is_redirected() {
    let sim = simulator().await;
    for status in [StatusCode::FOUND, StatusCode::TEMPORARY_REDIRECT] {
        let before = sim.counters();
        sim.script(Route::Unknown, [redirect(status, "/v2/vehicle/guid")]);

        let client = client(&sim);
        let command = client.request(Method::POST, "/v1/command", None, None);
        let error = soon(command).await.unwrap_err();

        assert_eq!(error.status(), Some(status));
        let after = sim.counters();
        assert_eq!(
            after.requests(Route::Unknown),
            before.requests(Route::Unknown) + 1
        );
        assert_eq!(after.requests(Route::Vehicles), 0);
    }
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let sim = simulator().await;
    let circle = redirect(StatusCode::TEMPORARY_REDIRECT, "/v2/vehicle/guid");
    sim.fail_randomly(Route::Vehicles, 1.0, circle).unwrap();

    let error = soon(client(&sim).vehicles()).await.unwrap_err();

    assert_eq!(error.status(), Some(StatusCode::TEMPORARY_REDIRECT));
    assert_eq!(sim.counters().requests(Route::Vehicles), 6);
}
