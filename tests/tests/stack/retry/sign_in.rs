//! Sign-ins that fail before the call they are for is sent: which are repeated, and when.

use http::StatusCode;
use tests::{client_with, quick, simulator, soon};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tower_client_call::{Delivery, StopReason};
use tower_client_retry::RetryError;
use toyota_client::LoginErrorKind;
use toyota_sim::{Fault, LoginFlow, Route};

use super::{Ask, SECOND, send};

#[tokio::test]
async fn a_sign_in_that_fails_for_a_passing_reason_is_repeated_whatever_it_is_for() {
    let status = |status| Fault::status(StatusCode::from_u16(status).unwrap());
    // Each takes a second until it signs in anew: all at once take hardly more.
    let mut cases = JoinSet::new();
    for ask in [Ask::Read, Ask::Command, Ask::KeyedOnce] {
        for fault in [
            status(503),
            status(429),
            Fault::reset_before_read(),
            Fault::reset_after_read(),
            Fault::truncated(),
        ] {
            cases.spawn(sign_in_is_repeated(ask, fault));
        }
    }
    assert_eq!(cases.join_all().await.len(), 15);
}

async fn sign_in_is_repeated(ask: Ask, fault: Fault) {
    let shown = format!("{ask:?}, {fault:?}");
    let sim = simulator().await;
    let stack = client_with(&sim, quick()).into_inner();
    sim.script(Route::Token, [fault]);

    let answer = send(&stack, ask.request(&sim, "one")).await;

    assert_eq!(answer.unwrap().0, 200, "{shown}");
    let counters = sim.counters();
    assert_eq!(counters.requests(ask.route()), 1, "{shown}");
    let effects = u64::from(ask.route() == Route::Command);
    assert_eq!(counters.commands_carried_out, effects, "{shown}");
    // The sign-in begins anew, with the password: the code was used, or may have been.
    assert_eq!(counters.password_posts, 2, "{shown}");
}

#[tokio::test]
async fn a_sign_in_that_is_refused_for_good_is_not_repeated() {
    for (flow, reason) in [
        (LoginFlow::Recorded, LoginErrorKind::InvalidPassword),
        (
            LoginFlow::CodeStep {
                code: "123456".to_owned(),
            },
            LoginErrorKind::CodeRequired,
        ),
        (LoginFlow::CodeRefused, LoginErrorKind::CodeRequired),
    ] {
        for ask in [Ask::Read, Ask::Command, Ask::Keyed] {
            let sim = simulator().await;
            let stack = client_with(&sim, quick()).into_inner();
            if reason == LoginErrorKind::InvalidPassword {
                sim.edit_account(|account| account.set_password("changed"));
            }
            sim.set_login(flow.clone());

            for _ in 0..2 {
                let error = send(&stack, ask.request(&sim, "one")).await.unwrap_err();

                assert_eq!(error.stop(), StopReason::NotRetryable, "{error:?}");
                assert_eq!(error.attempts(), 1);
                assert_eq!(Delivery::of(&error), Delivery::NotSent);
                assert_eq!(login_error(&error), Some(reason));
            }

            let counters = sim.counters();
            assert_eq!(counters.password_posts, 1, "{flow:?}");
            assert_eq!(counters.requests(ask.route()), 0);
        }
    }
}

fn login_error(error: &RetryError) -> Option<LoginErrorKind> {
    tower_client_call::causes(error)
        .find_map(|cause| cause.downcast_ref::<toyota_client::LoginError>())
        .map(toyota_client::LoginError::kind)
}

#[tokio::test]
async fn a_login_host_that_asks_to_wait_is_left_alone_for_so_long() {
    let sim = simulator().await;
    let client = client_with(&sim, quick());
    let busy = Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after_seconds(1);
    sim.script(Route::Authenticate, [busy]);

    let before = Instant::now();
    soon(client.vehicles()).await.unwrap();

    assert!(before.elapsed() >= SECOND, "{:?}", before.elapsed());
}
