//! Responses that count when their bodies are there.

use std::error::Error;
use std::io;

use http_body_util::BodyExt;
use tower_client_call::{Delivery, StopReason};
use tower_client_retry::{Policy, StandardPolicy};

use crate::script::{
    Frames, SECOND, Script, Step, Then, answer, call, get, post, status_of, steady, stop_of, text,
};

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_is_repeated_if_that_is_safe() {
    let script = Script::of([then(Then::Break), answer(200).text("all trips")]);

    let answer = call(steady().collect_body(100), &script, get()).await;

    assert_eq!(stop_of(&answer), Some(StopReason::Succeeded));
    assert_eq!(text(answer.unwrap()).await, "all trips");
    assert_eq!(script.elapsed(), SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_is_an_error_if_that_is_not_safe() {
    let script = Script::of([then(Then::Break)]);

    let answer = call(steady().collect_body(100), &script, post()).await;

    let error = answer.unwrap_err();
    assert_eq!(
        (error.stop(), error.attempts()),
        (StopReason::NotRetryable, 1)
    );
    assert_eq!(Delivery::of(&error), Delivery::Answered);
    assert!(!error.is_timeout());
    let source = error.source().unwrap().source().unwrap();
    let source = source.downcast_ref::<io::Error>().unwrap();
    assert_eq!(source.kind(), io::ErrorKind::ConnectionReset);
}

#[tokio::test(start_paused = true)]
async fn bodies_that_all_break_off_end_in_an_error() {
    let script = Script::of([then(Then::Break), then(Then::Break), then(Then::Break)]);

    let answer = call(steady().collect_body(100), &script, get()).await;

    let error = answer.unwrap_err();
    assert_eq!((error.stop(), error.attempts()), (StopReason::Attempts, 3));
    assert_eq!(Delivery::of(&error), Delivery::Answered);
}

#[tokio::test(start_paused = true)]
async fn a_whole_body_is_passed_on_whole() {
    for limit in [9, 10, 100] {
        let script = Script::of([answer(200).body(Frames::of(["all ", "trips"]))]);

        let answer = call(steady().collect_body(limit), &script, get()).await;

        assert_eq!((status_of(&answer), stop_of(&answer)), (Some(200), None));
        assert_eq!(text(answer.unwrap()).await, "all trips");
    }
}

#[tokio::test(start_paused = true)]
async fn a_longer_body_is_passed_on_whole_while_it_arrives() {
    let body = Frames::of(["all ", "your ", "many ", "trips"]);
    let watched = body.watched();
    let script = Script::of([answer(200).body(body)]);

    let answer = call(steady().collect_body(6), &script, get()).await;

    assert_eq!(stop_of(&answer), None);
    assert_eq!(watched.fate().bytes, 9);
    assert_eq!(text(answer.unwrap()).await, "all your many trips");
}

#[tokio::test(start_paused = true)]
async fn what_breaks_off_beyond_the_limit_is_the_callers() {
    let script = Script::of([then(Then::Break)]);

    let answer = call(steady().collect_body(4), &script, get()).await;

    assert_eq!(status_of(&answer), Some(200));
    let read = answer.unwrap().into_body().collect().await;
    assert!(read.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_stalled_body_is_given_up_with_its_attempt() {
    let script = Script::of([then(Then::Stall), answer(200).text("all trips")]);
    let builder = steady().collect_body(100).attempt_timeout(2 * SECOND);

    let answer = call(builder, &script, get()).await;

    assert_eq!(text(answer.unwrap()).await, "all trips");
    assert_eq!(script.times()[1], 3 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn the_time_for_a_body_is_what_its_head_has_left() {
    let script = Script::of([then(Then::Stall).after(SECOND)]);
    let builder = steady().collect_body(100).attempt_timeout(2 * SECOND);

    let answer = call(builder, &script, post()).await;

    let error = answer.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        (error.stop(), error.attempts()),
        (StopReason::NotRetryable, 1)
    );
    assert_eq!(Delivery::of(&error), Delivery::Answered);
    assert_eq!(script.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_stalled_body_is_given_up_at_the_deadline() {
    let script = Script::of([then(Then::Stall)]);
    let builder = steady().collect_body(100).call_timeout(3 * SECOND);

    let error = call(builder, &script, get()).await.unwrap_err();

    assert!(error.is_timeout());
    assert_eq!(error.stop(), StopReason::Deadline);
    assert_eq!(script.elapsed(), 3 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn the_body_of_a_failure_is_not_waited_for() {
    let body = Frames::of(["no trips"]).then(Then::Stall);
    let script = Script::of([answer(404).body(body)]);

    let answer = call(steady().collect_body(100), &script, get()).await;

    assert_eq!(status_of(&answer), Some(404));
    assert!(script.elapsed().is_zero());
}

#[tokio::test(start_paused = true)]
async fn a_success_that_is_looked_into_is_collected_too() {
    let policy = StandardPolicy::new().peeking(2, |_| true);
    let script = Script::of([then(Then::Break), answer(200).text("all trips")]);
    let builder = steady().policy(policy).collect_body(100);

    let answer = call(builder, &script, get()).await;

    assert_eq!(stop_of(&answer), Some(StopReason::Succeeded));
    assert_eq!(text(answer.unwrap()).await, "all trips");
}

#[tokio::test(start_paused = true)]
async fn without_collecting_a_broken_body_is_the_callers() {
    let script = Script::of([then(Then::Break)]);

    let answer = call(steady(), &script, get()).await;

    assert_eq!((status_of(&answer), stop_of(&answer)), (Some(200), None));
    assert!(answer.unwrap().into_body().collect().await.is_err());
}

/// A success with half a body, and then this.
fn then(then: Then) -> Step {
    answer(200).body(Frames::of(["half of "]).then(then))
}
