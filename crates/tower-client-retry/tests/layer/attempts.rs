//! How often a call is attempted, and what its caller gets.

use std::error::Error;
use std::io;

use tower::{Layer, ServiceExt};
use tower_client_call::{Attempt, Delivery, StopReason};
use tower_client_retry::RetryLayer;

use crate::script::{
    Readiness, Script, answer, call, failure, get, post, refused, reset, status_of, steady,
    stop_of, text,
};

#[tokio::test(start_paused = true)]
async fn a_call_is_repeated_until_it_succeeds() {
    let script = Script::of([answer(503), reset(), answer(200).text("trips")]);

    let answer = call(steady(), &script, get()).await;

    assert_eq!(stop_of(&answer), Some(StopReason::Succeeded));
    let response = answer.unwrap();
    let attempt = response.extensions().get::<Attempt>().unwrap();
    assert_eq!(attempt.number(), 3);
    assert_eq!(text(response).await, "trips");
    assert_eq!(script.seen().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_succeeds_at_first_is_as_if_nobody_had_looked() {
    for status in [200, 204, 302, 304] {
        let script = Script::of([answer(status).header("etag", "7").text("trips")]);

        let answer = call(steady(), &script, get()).await;

        assert_eq!(stop_of(&answer), None);
        let response = answer.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["etag"], "7");
        assert!(response.extensions().is_empty());
        assert!(response.into_body().into_untouched().is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_response_is_returned_as_it_came() {
    let script = Script::of([
        answer(503).text("first"),
        reset(),
        answer(502)
            .header("x-trace", "a")
            .header("x-trace", "b")
            .text("third"),
    ]);

    let answer = call(steady(), &script, get()).await;

    assert_eq!(stop_of(&answer), Some(StopReason::Attempts));
    let response = answer.unwrap();
    assert_eq!(response.status(), 502);
    let traces = response.headers().get_all("x-trace").iter();
    assert_eq!(traces.collect::<Vec<_>>(), ["a", "b"]);
    let attempt = response.extensions().get::<Attempt>().unwrap();
    assert_eq!(attempt.number(), 3);
    assert_eq!(text(response).await, "third");
}

#[tokio::test(start_paused = true)]
async fn the_last_error_is_the_source_of_what_is_returned() {
    let script = Script::of([reset(), reset(), failure("the third")]);

    let error = call(steady(), &script, get()).await.unwrap_err();

    assert_eq!((error.stop(), error.attempts()), (StopReason::Attempts, 3));
    assert!(!error.is_timeout() && !error.is_cooling_down());
    assert_eq!(
        error.to_string(),
        "attempt 3 failed, and no more are allowed"
    );
    assert_eq!(error.source().unwrap().to_string(), "the third");
    assert_eq!(error.into_source().to_string(), "the third");
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_repeated_is_returned_at_once() {
    let script = Script::of([answer(503).text("busy"), reset()]);

    let rejected = call(steady(), &script, post()).await;
    let failed = call(steady(), &script, post()).await;

    assert_eq!(stop_of(&rejected), Some(StopReason::NotRetryable));
    let rejected = rejected.unwrap();
    let attempt = rejected.extensions().get::<Attempt>();
    assert_eq!(attempt, Some(&Attempt::FIRST));
    assert_eq!(text(rejected).await, "busy");
    let failed = failed.unwrap_err();
    assert_eq!(failed.stop(), StopReason::NotRetryable);
    let shown = "attempt 1 failed, and a repeat is not allowed or would not help";
    assert_eq!(failed.to_string(), shown);
    let source = failed.source().unwrap();
    let source = source.downcast_ref::<io::Error>().unwrap();
    assert_eq!(source.kind(), io::ErrorKind::ConnectionReset);
    assert!(script.elapsed().is_zero());
}

#[tokio::test(start_paused = true)]
async fn a_call_is_attempted_as_often_as_is_allowed() {
    for attempts in [1, 2, 5] {
        let script = Script::of((0..attempts).map(|_| answer(503)));

        let answer = call(steady().max_attempts(attempts), &script, get()).await;

        assert_eq!(status_of(&answer), Some(503));
        assert_eq!(stop_of(&answer), Some(StopReason::Attempts));
        assert_eq!(script.seen().len(), attempts as usize);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_is_repeated_whatever_it_does() {
    let script = Script::of([refused(), answer(201)]);

    let answer = call(steady(), &script, post()).await;

    assert_eq!(status_of(&answer), Some(201));
    let bodies = script.seen().into_iter().map(|seen| seen.body);
    assert_eq!(bodies.collect::<Vec<_>>(), ["order", "order"]);
}

#[tokio::test(start_paused = true)]
async fn a_second_attempt_is_judged_by_itself() {
    let script = Script::of([refused(), answer(503)]);

    let answer = call(steady(), &script, post()).await;

    assert_eq!(stop_of(&answer), Some(StopReason::NotRetryable));
    let attempt = *answer.unwrap().extensions().get::<Attempt>().unwrap();
    assert_eq!(attempt.number(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_final_error_says_the_most_that_any_attempt_can_have_done() {
    use Delivery::{Answered, MaybeSent, NotSent};
    let refused = || failure(NotSent.because("refused"));
    let broken = || failure(MaybeSent.because("broken"));
    let cut_off = || failure(Answered.because("cut off"));
    for (steps, delivery) in [
        ([refused(), refused()], NotSent),
        ([refused(), broken()], MaybeSent),
        ([broken(), refused()], MaybeSent),
        ([broken(), cut_off()], Answered),
        ([cut_off(), refused()], Answered),
        ([answer(503), refused()], Answered),
    ] {
        let script = Script::of(steps);

        let error = call(steady().max_attempts(2), &script, get()).await;

        let error = error.unwrap_err();
        assert_eq!(Delivery::of(&error), delivery, "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_default_layer_makes_three_attempts() {
    let script = Script::of([answer(500), answer(500), answer(500)]);

    let answer = RetryLayer::default()
        .layer(script.clone())
        .oneshot(get())
        .await;

    assert_eq!(stop_of(&answer), Some(StopReason::Attempts));
    assert_eq!(script.seen().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_failure_to_become_ready_for_the_first_attempt_says_so() {
    let script = Script::of([]).readiness(1, Readiness::Fails);

    let error = call(steady(), &script, get()).await.unwrap_err();

    assert_eq!((error.stop(), error.attempts()), (StopReason::NotReady, 0));
    assert_eq!(Delivery::of(&error), Delivery::NotSent);
    assert_eq!(error.to_string(), "the service did not become ready");
}
