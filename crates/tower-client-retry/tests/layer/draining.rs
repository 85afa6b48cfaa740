//! The body of a failed response, whose connection is to be used again.

use std::time::Duration;

use tower_client_call::{ResponseError, StopReason};
use tower_client_retry::{Backoff, Jitter};

use crate::script::{
    Fate, Frames, MILLISECOND, SECOND, Script, Then, answer, call, get, status_of, steady, stop_of,
};

#[tokio::test(start_paused = true)]
async fn a_failed_response_is_read_to_its_end_and_dropped_before_the_wait_ends() {
    let body = Frames::of(["some", "more", "text"]);
    let watched = body.watched();
    let script = Script::of([answer(503).body(body), answer(200)]);
    let calling = tokio::spawn({
        let script = script.clone();
        async move { call(steady(), &script, get()).await }
    });

    tokio::time::sleep(MILLISECOND).await;

    let fate = watched.fate();
    assert_eq!((fate.bytes, fate.ended), (12, true));
    assert!(
        fate.dropped.is_some(),
        "its connection is held for the wait"
    );
    assert_eq!(script.seen().len(), 1);
    calling.await.unwrap().unwrap();
    assert_eq!(script.times(), [Duration::ZERO, SECOND]);
}

#[tokio::test(start_paused = true)]
async fn an_endless_body_is_dropped_after_sixteen_kibibytes() {
    let body = Frames::of([]).then(Then::More(&[7; 1000]));
    let (fate, answer) = fate_of(body, 1).await;

    assert_eq!(status_of(&answer), Some(200));
    assert!(!fate.ended);
    assert!(fate.bytes >= 16_000 && fate.bytes <= 16 * 1024 + 1000);
}

#[tokio::test(start_paused = true)]
async fn a_stalled_body_is_dropped_after_fifty_milliseconds() {
    let body = Frames::of(["some"]).then(Then::Stall);
    let (fate, answer) = fate_of(body, 51).await;

    assert_eq!(status_of(&answer), Some(200));
    assert_eq!((fate.bytes, fate.ended), (4, false));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_does_not_end_the_call() {
    let body = Frames::of(["some"]).then(Then::Break);
    let (fate, answer) = fate_of(body, 1).await;

    assert_eq!(status_of(&answer), Some(200));
    assert_eq!(stop_of(&answer), Some(StopReason::Succeeded));
    assert_eq!(fate.bytes, 4);
}

#[tokio::test(start_paused = true)]
async fn draining_is_part_of_the_wait() {
    let body = Frames::of(["some"]).then(Then::Stall);
    let script = Script::of([answer(503).body(body), answer(200)]);

    call(steady(), &script, get()).await.unwrap();

    assert_eq!(script.times(), [Duration::ZERO, SECOND]);
}

#[tokio::test(start_paused = true)]
async fn draining_ends_with_the_call() {
    let body = Frames::of(["some"]).then(Then::Stall);
    let script = Script::of([answer(503).body(body)]);
    let quick = Backoff {
        base: MILLISECOND,
        jitter: Jitter::None,
        ..Backoff::default()
    };
    let builder = steady().backoff(quick).call_timeout(20 * MILLISECOND);

    let error = call(builder, &script, get()).await.unwrap_err();

    assert_eq!(error.stop(), StopReason::Deadline);
    let answer = ResponseError::find(&error).unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(script.elapsed(), 20 * MILLISECOND);
}

/// What became of a failed response's body after so many milliseconds, long before the wait ends;
/// and what became of the call.
async fn fate_of(body: Frames, milliseconds: u32) -> (Fate, crate::script::Answer) {
    let watched = body.watched();
    let script = Script::of([answer(503).body(body), answer(200)]);
    let calling = tokio::spawn({
        let script = script.clone();
        async move { call(steady(), &script, get()).await }
    });
    tokio::time::sleep(milliseconds * MILLISECOND).await;
    let fate = watched.fate();
    assert!(fate.dropped.is_some(), "still held: {fate:?}");
    assert_eq!(script.seen().len(), 1);
    (fate, calling.await.unwrap())
}
