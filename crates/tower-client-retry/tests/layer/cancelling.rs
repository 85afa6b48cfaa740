//! Callers that leave.

use std::time::Duration;

use tokio::time::timeout;
use tower::{Service, ServiceExt};
use tower_client_call::{CallSnapshot, StopReason};
use tower_client_retry::{Policy, RetryLayerBuilder, StandardPolicy};

use crate::script::{
    Frames, MILLISECOND, Readiness, SECOND, Script, Then, answer, get, no_answer, over, post,
    recorded, steady,
};

#[tokio::test(start_paused = true)]
async fn before_it_was_polled() {
    let script = Script::of([answer(200)]);
    let (request, record) = recorded(get());

    drop(over(steady(), &script).call(request));

    assert_cancelled(record.snapshot(), 1, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn while_the_first_attempt_runs() {
    let script = Script::of([no_answer()]);

    let snapshot = left_after(SECOND, steady(), &script).await;

    assert_cancelled(snapshot, 1, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn while_a_body_is_looked_into() {
    let policy = StandardPolicy::new().peeking(100, |_| true);
    let body = Frames::of(["busy"]).then(Then::Stall);
    let watched = body.watched();
    let script = Script::of([answer(503).body(body)]);

    let snapshot = left_after(SECOND / 2, steady().policy(policy), &script).await;

    assert_cancelled(snapshot, 1, Duration::ZERO);
    assert!(watched.fate().dropped.is_some());
}

#[tokio::test(start_paused = true)]
async fn while_a_body_is_collected() {
    let body = Frames::of(["trips"]).then(Then::Stall);
    let script = Script::of([answer(200).body(body)]);

    let snapshot = left_after(SECOND, steady().collect_body(100), &script).await;

    assert_cancelled(snapshot, 1, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn while_a_failed_response_is_drained() {
    let body = Frames::of(["busy"]).then(Then::Stall);
    let watched = body.watched();
    let script = Script::of([answer(503).body(body)]);

    let snapshot = left_after(20 * MILLISECOND, steady(), &script).await;

    assert_cancelled(snapshot, 1, 20 * MILLISECOND);
    assert!(watched.fate().dropped.is_some());
}

#[tokio::test(start_paused = true)]
async fn while_the_next_attempt_is_waited_for() {
    let script = Script::of([answer(503)]);

    let snapshot = left_after(SECOND / 2, steady(), &script).await;

    assert_cancelled(snapshot, 1, SECOND / 2);
}

#[tokio::test(start_paused = true)]
async fn while_the_service_gets_ready() {
    let script = Script::of([answer(503)]).readiness(2, Readiness::Never);

    let snapshot = left_after(2 * SECOND, steady(), &script).await;

    assert_cancelled(snapshot, 1, SECOND);
}

#[tokio::test(start_paused = true)]
async fn while_the_second_attempt_runs() {
    let script = Script::of([answer(503), no_answer()]);

    let snapshot = left_after(2 * SECOND, steady(), &script).await;

    assert_cancelled(snapshot, 2, SECOND);
}

#[tokio::test(start_paused = true)]
async fn while_it_is_held_back() {
    let script = Script::of([answer(429).header("retry-after", "10")]);
    let mut service = over(steady(), &script);
    drop(service.clone().oneshot(post()).await);
    let (request, record) = recorded(get());

    assert!(timeout(SECOND, service.call(request)).await.is_err());

    assert_cancelled(record.snapshot(), 1, SECOND);
    assert_eq!(script.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn after_the_end_nothing_is_written_any_more() {
    for (step, stop) in [
        (answer(200), StopReason::Succeeded),
        (answer(404), StopReason::NotRetryable),
    ] {
        let script = Script::of([step]);
        let (request, record) = recorded(get());
        let mut calling = Box::pin(over(steady(), &script).call(request));

        drop((&mut calling).await);
        drop(calling);

        assert_eq!(record.snapshot().stop, Some(stop));
    }
}

/// What is written down of a call whose caller leaves after this time.
async fn left_after<P: Policy>(
    time: Duration,
    builder: RetryLayerBuilder<P>,
    script: &Script,
) -> CallSnapshot {
    let (request, record) = recorded(get());
    let calling = over(builder, script).call(request);
    assert!(timeout(time, calling).await.is_err(), "it ended before");
    record.snapshot()
}

fn assert_cancelled(snapshot: CallSnapshot, attempts: u32, backoff: Duration) {
    let seen = (snapshot.attempts, snapshot.backoff, snapshot.stop);
    assert_eq!(seen, (attempts, backoff, Some(StopReason::Cancelled)));
}
