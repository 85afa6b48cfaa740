//! A service below that does not become ready for a further attempt.

use std::error::Error;
use std::io;

use tower_client_call::{Attempt, Delivery, ResponseError, StopReason};
use tower_client_retry::{Policy, RetryKind, StandardPolicy};

use crate::script::{
    Frames, Readiness, SECOND, Script, Then, answer, call, get, no_answer, reset, status_of,
    steady, stop_of, text,
};

const NEVER_READY: [Readiness; 2] = [Readiness::Never, Readiness::Fails];

#[tokio::test(start_paused = true)]
async fn the_response_in_hand_is_returned_whole() {
    for readiness in NEVER_READY {
        let busy = answer(503).header("x-trace", "7").text("busy");
        let script = Script::of([busy]).readiness(2, readiness);

        let answer = call(steady(), &script, get()).await;

        assert_eq!(stop_of(&answer), Some(StopReason::NotReady));
        let response = answer.unwrap();
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["x-trace"], "7");
        let attempt = response.extensions().get::<Attempt>();
        assert_eq!(attempt, Some(&Attempt::FIRST));
        assert_eq!(text(response).await, "busy");
        let waited = match readiness {
            Readiness::Fails => SECOND,
            _ => 6 * SECOND,
        };
        assert_eq!(script.elapsed(), waited);
    }
}

#[tokio::test(start_paused = true)]
async fn the_error_in_hand_is_returned() {
    for readiness in NEVER_READY {
        let script = Script::of([reset()]).readiness(2, readiness);

        let error = call(steady(), &script, get()).await.unwrap_err();

        assert_eq!((error.stop(), error.attempts()), (StopReason::NotReady, 1));
        let shown = "attempt 1 failed, and the service did not become ready for another";
        assert_eq!(error.to_string(), shown);
        assert_eq!(Delivery::of(&error), Delivery::MaybeSent);
        let source = error.source().unwrap();
        let source = source.downcast_ref::<io::Error>().unwrap();
        assert_eq!(source.kind(), io::ErrorKind::ConnectionReset);
    }
}

#[tokio::test(start_paused = true)]
async fn a_response_too_long_to_be_kept_is_an_error_that_knows_its_head() {
    let endless = Frames::of([]).then(Then::More(&[7; 1000]));
    let long = answer(503).header("retry-after", "2").body(endless);
    let script = Script::of([long]).readiness(2, Readiness::Fails);

    let error = call(steady(), &script, get()).await.unwrap_err();

    assert_eq!((error.stop(), error.attempts()), (StopReason::NotReady, 1));
    assert_eq!(Delivery::of(&error), Delivery::Answered);
    let answer = ResponseError::find(&error).unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "2");
}

#[tokio::test(start_paused = true)]
async fn a_small_response_that_the_policy_peeked_at_is_returned_whole_too() {
    let policy = StandardPolicy::new().peeking(4, |status| status == 503);
    let busy = answer(503).body(Frames::of(["busy, ", "try ", "later"]));
    let script = Script::of([busy]).readiness(2, Readiness::Fails);

    let answer = call(steady().policy(policy), &script, get()).await;

    assert_eq!(stop_of(&answer), Some(StopReason::NotReady));
    let response = answer.expect("the response is small enough to be kept");
    assert_eq!(text(response).await, "busy, try later");
}

#[tokio::test(start_paused = true)]
async fn a_failed_response_that_the_policy_peeked_at_is_drained_too() {
    let policy = StandardPolicy::new().peeking(4, |status| status == 503);
    let body = Frames::of(["busy, ", "try ", "later"]);
    let watched = body.watched();
    let script = Script::of([answer(503).body(body), answer(200)]);

    call(steady().policy(policy), &script, get()).await.unwrap();

    assert!(watched.fate().ended, "its connection cannot be used again");
}

#[tokio::test(start_paused = true)]
async fn a_service_may_take_its_time_to_become_ready() {
    let script = Script::of([answer(503), answer(200)]);
    let script = script.readiness(2, Readiness::Until(6 * SECOND - SECOND / 10));

    let answer = call(steady(), &script, get()).await;

    assert_eq!(status_of(&answer), Some(200));
    assert_eq!(script.elapsed(), 6 * SECOND - SECOND / 10);
}

#[tokio::test(start_paused = true)]
async fn how_long_is_a_setting_and_ends_with_the_call() {
    let settings = [
        (steady().readiness_timeout(2 * SECOND), 3 * SECOND),
        (steady().call_timeout(4 * SECOND), 4 * SECOND),
    ];
    for (builder, elapsed) in settings {
        let script = Script::of([answer(503).text("busy")]).readiness(2, Readiness::Never);

        let answer = call(builder, &script, get()).await;

        assert_eq!(status_of(&answer), Some(503));
        assert_eq!(text(answer.unwrap()).await, "busy");
        assert_eq!(script.elapsed(), elapsed);
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_is_not_sent_when_its_service_became_ready_too_late() {
    let script = Script::of([answer(503)]).readiness(2, Readiness::Until(4 * SECOND));

    let answer = call(steady().call_timeout(4 * SECOND), &script, get()).await;

    assert_eq!(status_of(&answer), Some(503));
    assert_eq!(stop_of(&answer), Some(StopReason::Deadline));
    assert_eq!(script.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn getting_ready_is_no_part_of_an_attempts_time() {
    let script = Script::of([reset(), answer(200).after(SECOND)]);
    let script = script.readiness(2, Readiness::Until(5 * SECOND));

    let answer = call(steady().attempt_timeout(2 * SECOND), &script, get()).await;

    assert_eq!(status_of(&answer), Some(200));
    assert_eq!(script.elapsed(), 6 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_stays_one_when_no_service_becomes_ready() {
    let script = Script::of([no_answer()]).readiness(2, Readiness::Fails);
    let policy = StandardPolicy::new().or_retry(|_| Some(RetryKind::Timeout));
    let builder = steady().policy(policy).attempt_timeout(SECOND);

    let error = call(builder, &script, get()).await.unwrap_err();

    assert!(error.is_timeout());
    assert_eq!(error.stop(), StopReason::NotReady);
}
