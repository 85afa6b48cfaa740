//! What is written down of a call.

use std::time::Duration;

use tower_client_call::{CallSnapshot, ReplayBody, StopReason};
use tower_client_retry::{Costs, RetryLayerBuilder, TokenBucket};

use crate::script::{
    Frames, Readiness, SECOND, Script, Step, URI, answer, call, get, no_answer, over, post,
    recorded, refused, reset, steady,
};
use tower::{Layer, ServiceExt};

#[tokio::test(start_paused = true)]
async fn the_attempts_the_waits_and_the_end_are_written_down() {
    use StopReason::{Attempts, Deadline, NotRetryable, RetryAfterTooLong, Succeeded};
    let late = || steady().call_timeout(SECOND);
    for (builder, steps, attempts, backoff, stop) in [
        (steady(), vec![answer(200)], 1, 0, Succeeded),
        (steady(), vec![answer(503), answer(200)], 2, 1, Succeeded),
        (
            steady(),
            vec![reset(), reset(), answer(200)],
            3,
            3,
            Succeeded,
        ),
        (steady(), vec![answer(404)], 1, 0, NotRetryable),
        (steady(), vec![reset(), answer(403)], 2, 1, NotRetryable),
        (
            steady(),
            vec![reset(), refused(), answer(500)],
            3,
            3,
            Attempts,
        ),
        (steady(), vec![reset(), reset(), reset()], 3, 3, Attempts),
        (late(), vec![reset()], 1, 0, Deadline),
        (late(), vec![no_answer()], 1, 0, Deadline),
        (steady(), vec![asking("61")], 1, 0, RetryAfterTooLong),
    ] {
        let snapshot = record_of(builder, Script::of(steps)).await;

        let seen = (snapshot.attempts, snapshot.backoff, snapshot.stop);
        let backoff = Duration::from_secs(backoff);
        assert_eq!(seen, (attempts, backoff, Some(stop)));
    }
}

#[tokio::test(start_paused = true)]
async fn the_outer_of_two_layers_has_the_last_word() {
    let script = Script::of([no_answer()]);
    let outer = steady().call_timeout(SECOND).build().unwrap();
    let (request, record) = recorded(get());

    let ended = outer.layer(over(steady(), &script)).oneshot(request).await;

    assert_eq!(ended.unwrap_err().stop(), StopReason::Deadline);
    assert_eq!(record.snapshot().stop, Some(StopReason::Deadline));
}

#[tokio::test(start_paused = true)]
async fn an_empty_budget_is_written_down() {
    let bucket = TokenBucket::new(10, Costs::default()).unwrap();
    let script = Script::of([reset(), reset(), reset()]);
    let builder = steady().max_attempts(9).budget(bucket);

    let snapshot = record_of(builder, script).await;

    assert_eq!((snapshot.attempts, snapshot.backoff), (3, 3 * SECOND));
    assert_eq!(snapshot.stop, Some(StopReason::Budget));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_was_not_ready_is_written_down_and_its_time_is_no_backoff() {
    let script = Script::of([reset()]).readiness(2, Readiness::Never);

    let snapshot = record_of(steady(), script).await;

    assert_eq!((snapshot.attempts, snapshot.backoff), (1, SECOND));
    assert_eq!(snapshot.stop, Some(StopReason::NotReady));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_cannot_be_sent_again_is_written_down() {
    let script = Script::of([answer(503)]);
    let body = ReplayBody::new(Frames::of(["an ", "order"]), 1);
    let request = http::Request::put(URI).body(body).unwrap();
    let (request, record) = recorded(request);

    drop(call(steady(), &script, request).await);

    let snapshot = record.snapshot();
    assert_eq!((snapshot.attempts, snapshot.backoff), (1, Duration::ZERO));
    assert_eq!(snapshot.stop, Some(StopReason::BodyNotRepeatable));
}

#[tokio::test(start_paused = true)]
async fn the_time_of_the_attempts_is_no_backoff() {
    let script = Script::of([answer(503).after(5 * SECOND), answer(200).after(7 * SECOND)]);

    let snapshot = record_of(steady(), script.clone()).await;

    assert_eq!(snapshot.backoff, SECOND);
    assert_eq!(script.elapsed(), 13 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_cool_down_that_a_call_could_not_outlast_is_written_down() {
    use tower::{Service, ServiceExt};
    let script = Script::of([asking("10")]);
    let mut service = crate::script::over(steady(), &script);
    drop(service.clone().oneshot(post()).await);
    let (mut request, record) = recorded(get());
    let deadline = tower_client_call::Deadline::within(SECOND);
    request.extensions_mut().insert(deadline);

    let error = service.call(request).await.unwrap_err();

    assert!(error.is_cooling_down());
    assert_eq!(record.snapshot().stop, Some(StopReason::Deadline));
    assert_eq!(record.snapshot().backoff, Duration::ZERO);
}

fn asking(seconds: &str) -> Step {
    answer(429).header("retry-after", seconds)
}

/// What is written down of a call by such a layer.
async fn record_of(builder: RetryLayerBuilder, script: Script) -> CallSnapshot {
    let (request, record) = recorded(get());
    drop(call(builder, &script, request).await);
    record.snapshot()
}
