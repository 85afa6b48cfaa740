//! Tokens over time: obtained once, renewed, refused, lost.

mod away;
mod crowd;
mod expiry;
mod rotation;

use std::time::Duration;

use http::StatusCode;
use tests::{client, config, credentials, login, simulator, soon, transport};
use tower_client_call::Delivery;
use toyota_client::auth::FileStore;
use toyota_client::{Credentials, Kind, LoginErrorKind, SignIn, ToyotaClient};
use toyota_sim::{Fault, LoginFlow, Route, Simulator};

#[tokio::test]
async fn a_refused_token_is_renewed_and_the_request_repeated_once() {
    let sim = simulator().await;
    let client = client(&sim);
    soon(client.vehicles()).await.unwrap();

    sim.expire_access_tokens();
    soon(client.vehicles()).await.unwrap();

    let counters = sim.counters();
    assert_eq!((counters.refreshes, counters.logins_completed), (1, 1));
    assert_eq!(counters.requests(Route::Vehicles), 3);
    let requests = sim.requests();
    let ids = requests.iter().filter(|r| r.route() == Route::Vehicles);
    let ids: Vec<_> = ids
        .map(|r| r.headers()["x-correlationid"].clone())
        .collect();
    assert_eq!(ids[1], ids[2], "the repeat is the same call");
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_second_refusal_is_the_answer() {
    let sim = simulator().await;
    let client = client(&sim);
    soon(client.vehicles()).await.unwrap();
    let refused = || {
        Fault::gateway(
            StatusCode::FORBIDDEN,
            "APIGW-403",
            "invalid token could not authorize",
        )
    };
    sim.script(Route::Vehicles, [refused(), refused()]);

    let error = soon(client.vehicles()).await.unwrap_err();

    assert_eq!(error.kind(), Kind::Token);
    assert_eq!(sim.counters().refreshes, 1);
}

#[tokio::test]
async fn a_401_renews_the_token_too() {
    let sim = simulator().await;
    let client = client(&sim);
    soon(client.vehicles()).await.unwrap();
    sim.script(Route::Vehicles, [Fault::status(StatusCode::UNAUTHORIZED)]);

    assert!(soon(client.vehicles()).await.is_ok());
    assert_eq!(sim.counters().refreshes, 1);
}

#[tokio::test]
async fn a_token_in_its_second_half_is_renewed_while_it_serves() {
    let sim = Simulator::builder().token_lifetime(Duration::from_secs(20));
    let sim = sim.start().await.unwrap();
    let client = client(&sim);
    soon(client.vehicles()).await.unwrap();
    // The refresh takes longer than the test: whoever waited for it would hang.
    let slow = Fault::pass().after(Duration::from_secs(3600));
    sim.script(Route::Token, [slow]);

    pass(Duration::from_secs(11)).await;
    soon(client.vehicles()).await.unwrap();

    assert_eq!(sim.counters().requests(Route::Vehicles), 2);
    soon(async {
        while sim.counters().requests(Route::Token) < 2 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_about_to_expire_is_renewed_before_it_is_used() {
    let sim = Simulator::builder().token_lifetime(Duration::from_secs(20));
    let sim = sim.start().await.unwrap();
    let client = client(&sim);
    soon(client.vehicles()).await.unwrap();

    pass(Duration::from_secs(16)).await;
    soon(client.vehicles()).await.unwrap();

    let counters = sim.counters();
    assert_eq!(
        (counters.refreshes, counters.requests(Route::Vehicles)),
        (1, 2)
    );
}

#[tokio::test]
async fn an_invalid_grant_falls_back_to_the_password() {
    let sim = simulator().await;
    let client = client(&sim);
    soon(client.vehicles()).await.unwrap();

    sim.revoke_all_tokens();
    soon(client.vehicles()).await.unwrap();

    assert_eq!(sim.counters().logins_completed, 2);
}

#[tokio::test]
async fn without_a_password_an_invalid_grant_is_final() {
    let sim = simulator().await;
    let SignIn::Complete(credential) = login(&sim).sign_in(&credentials(&sim)).await.unwrap()
    else {
        panic!("a code is asked for");
    };
    let client = ToyotaClient::builder()
        .config(config(&sim))
        .credentials(Credentials::without_password())
        .credential(credential)
        .without_cache()
        .service(transport(&sim))
        .build()
        .unwrap();
    assert!(soon(client.vehicles()).await.is_ok());

    sim.revoke_all_tokens();
    for _ in 0..3 {
        let error = soon(client.vehicles()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Token);
    }

    // One refresh was tried; the refusals after it cost the host nothing.
    assert_eq!(sim.counters().requests(Route::Token), 2);
}

#[tokio::test]
async fn a_refresh_that_meets_a_fault_never_becomes_a_password_login() {
    for fault in [
        Fault::status(StatusCode::SERVICE_UNAVAILABLE),
        Fault::status(StatusCode::TOO_MANY_REQUESTS),
        Fault::reset_before_read(),
    ] {
        let sim = simulator().await;
        let client = client(&sim);
        soon(client.vehicles()).await.unwrap();
        sim.expire_access_tokens();
        sim.script(Route::Token, [fault]);

        let error = soon(client.vehicles()).await.unwrap_err();
        assert!(error.login_error().unwrap().is_transient(), "{error:?}");

        // The old refresh token was kept, and works once the fault is over: not at once, so that
        // nobody hammers a host that is down.
        let error = soon(client.vehicles()).await.unwrap_err();
        assert!(error.login_error().unwrap().is_transient(), "{error:?}");
        pass(Duration::from_secs(2)).await;
        soon(client.vehicles()).await.unwrap();
        let counters = sim.counters();
        assert_eq!((counters.logins_completed, counters.refreshes), (1, 1));
    }
}

#[tokio::test]
async fn a_token_that_is_still_good_serves_while_the_refresh_fails() {
    let sim = Simulator::builder().token_lifetime(Duration::from_secs(20));
    let sim = sim.start().await.unwrap();
    let client = client(&sim);
    soon(client.vehicles()).await.unwrap();
    let down = Fault::status(StatusCode::SERVICE_UNAVAILABLE);
    sim.fail_randomly(Route::Token, 1.0, down).unwrap();

    // Nearly all of the lifetime has passed on our clock: a refresh is due, and fails.
    pass(Duration::from_secs(16)).await;
    let served = soon(client.vehicles()).await;

    assert!(served.is_ok(), "{served:?}");
    assert_eq!(sim.counters().requests(Route::Token), 2);
}

#[tokio::test]
async fn a_wrong_password_is_sent_once_for_any_number_of_calls() {
    let sim = simulator().await;
    let client = client(&sim);
    sim.edit_account(|account| account.set_password("changed"));

    for _ in 0..5 {
        let error = soon(client.vehicles()).await.unwrap_err();

        assert_eq!(error.kind(), Kind::Login);
        let reason = error.login_error().unwrap().kind();
        assert_eq!(reason, LoginErrorKind::InvalidPassword);
        assert_eq!(error.delivery(), Delivery::NotSent);
    }

    assert_eq!(sim.counters().password_posts, 1);
}

#[tokio::test]
async fn a_code_in_the_way_of_a_call_is_a_login_error() {
    let sim = simulator().await;
    sim.set_login(LoginFlow::CodeStep {
        code: "123456".to_owned(),
    });

    let error = soon(client(&sim).vehicles()).await.unwrap_err();

    assert_eq!(
        error.login_error().unwrap().kind(),
        LoginErrorKind::CodeRequired
    );
    assert!(error.is(Kind::Authentication));
}

#[tokio::test]
async fn a_transient_failure_of_the_sign_in_is_tried_again_a_moment_later() {
    let sim = simulator().await;
    let client = client(&sim);
    let down = Fault::status(StatusCode::SERVICE_UNAVAILABLE);
    sim.script(Route::Authenticate, [down]);

    let error = soon(client.vehicles()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Server);

    pass(Duration::from_secs(2)).await;
    assert!(soon(client.vehicles()).await.is_ok());
}

#[tokio::test]
async fn a_caller_who_leaves_does_not_take_the_new_refresh_token_along() {
    let sim = simulator().await;
    let client = client(&sim);
    soon(client.vehicles()).await.unwrap();
    sim.expire_access_tokens();
    sim.script(
        Route::Token,
        [Fault::pass().after(Duration::from_millis(200))],
    );

    let leaving = tokio::spawn({
        let client = client.clone();
        async move { client.vehicles().await.map(drop) }
    });
    soon(async {
        while sim.counters().requests(Route::Token) < 2 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    leaving.abort();
    soon(client.vehicles()).await.unwrap();

    let counters = sim.counters();
    assert_eq!(
        (counters.refreshes, counters.refresh_reuses_detected),
        (1, 0)
    );
    assert_eq!(counters.logins_completed, 1);
}

#[tokio::test]
async fn a_store_needs_to_know_whose_tokens_it_keeps() {
    let builder = ToyotaClient::builder().token_store(FileStore::new("nowhere"));

    let error = builder.build().unwrap_err();

    assert_eq!(error.kind(), Kind::Validation);
}

/// Makes answers so short that many of them do not take long.
fn without_cars(sim: &Simulator) {
    sim.edit_account(|account| account.cars_mut().clear());
}

/// Lets time pass on the client's clock, not on the simulator's.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}
