//! What pays for retries.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use tower::retry::budget::TpsBudget;
use tower_client_call::{Attempt, StopReason};
use tower_client_retry::{Backoff, Costs, Jitter, RetryError, TokenBucket, TowerBudget};

use crate::script::{
    MILLISECOND, Readiness, SECOND, Script, answer, call, get, no_answer, post, reset, status_of,
    steady, stop_of, text,
};

#[tokio::test(start_paused = true)]
async fn an_empty_budget_ends_the_call_with_what_there_is() {
    let bucket = bucket(10);
    let script = Script::of([answer(500), answer(500), answer(500).text("third")]);
    let builder = steady().max_attempts(9).budget(Arc::clone(&bucket));

    let answer = call(builder, &script, get()).await;

    assert_eq!(stop_of(&answer), Some(StopReason::Budget));
    let response = answer.unwrap();
    let attempt = response.extensions().get::<Attempt>().unwrap();
    assert_eq!(attempt.number(), 3);
    assert_eq!(text(response).await, "third");
    assert_eq!(bucket.tokens(), 0);
    assert_eq!(script.elapsed(), 3 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn an_empty_budget_leaves_the_error_as_it_is() {
    let bucket = bucket(10);
    let script = Script::of([no_answer(), reset()]);
    let builder = steady().budget(bucket).attempt_timeout(SECOND);

    let error: RetryError = call(builder, &script, get()).await.unwrap_err();

    assert_eq!((error.stop(), error.attempts()), (StopReason::Budget, 2));
    assert_eq!(
        error.to_string(),
        "attempt 2 failed, and the retry budget is empty"
    );
}

#[tokio::test(start_paused = true)]
async fn a_retry_costs_by_what_it_is_for() {
    for (step, cost) in [
        (answer(500), 5),
        (reset(), 5),
        (answer(504), 10),
        (answer(429), 10),
    ] {
        let bucket = bucket(100);
        let script = Script::of([step, answer(404)]);

        let answer = call(steady().budget(Arc::clone(&bucket)), &script, get()).await;

        assert_eq!(status_of(&answer), Some(404));
        assert_eq!(bucket.tokens(), 100 - cost);
    }
}

#[tokio::test(start_paused = true)]
async fn only_what_succeeds_fills_the_budget() {
    let bucket = bucket(100);
    let layer = || steady().budget(Arc::clone(&bucket));
    let retried = Script::of([answer(500), answer(200)]);
    let rest = Script::of([answer(200), answer(404), answer(500), reset()]);

    call(layer(), &retried, get()).await.unwrap();
    assert_eq!(bucket.tokens(), 96);

    let mut tokens = Vec::new();
    for request in [get(), get(), post(), post()] {
        drop(call(layer(), &rest, request).await);
        tokens.push(bucket.tokens());
    }
    assert_eq!(tokens, [97, 97, 97, 97]);
}

#[tokio::test(start_paused = true)]
async fn a_retry_whose_caller_leaves_while_it_waits_is_refunded() {
    let bucket = bucket(100);
    let script = Script::of([answer(500)]);
    let calling = call(steady().budget(Arc::clone(&bucket)), &script, get());

    let mut calling = Box::pin(calling);
    assert!(timeout(500 * MILLISECOND, &mut calling).await.is_err());
    assert_eq!(bucket.tokens(), 95);
    drop(calling);

    assert_eq!(bucket.tokens(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_retry_whose_caller_leaves_while_its_service_gets_ready_is_refunded() {
    let bucket = bucket(100);
    let script = Script::of([answer(500)]).readiness(2, Readiness::Never);
    let calling = call(steady().budget(Arc::clone(&bucket)), &script, get());

    assert!(timeout(2 * SECOND, calling).await.is_err());

    assert_eq!(bucket.tokens(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_was_sent_is_spent_although_its_caller_leaves() {
    let bucket = bucket(100);
    let script = Script::of([answer(500), no_answer()]);
    let calling = call(steady().budget(Arc::clone(&bucket)), &script, get());

    assert!(timeout(2 * SECOND, calling).await.is_err());

    assert_eq!(script.seen().len(), 2);
    assert_eq!(bucket.tokens(), 95);
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_no_service_became_ready_for_is_refunded() {
    for readiness in [Readiness::Never, Readiness::Fails] {
        let bucket = bucket(100);
        let script = Script::of([answer(500)]).readiness(2, readiness);

        let answer = call(steady().budget(Arc::clone(&bucket)), &script, get()).await;

        assert_eq!(stop_of(&answer), Some(StopReason::NotReady));
        assert_eq!(bucket.tokens(), 100);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_repeated_for_another_reason_costs_nothing() {
    let bucket = bucket(100);
    let script = Script::of([
        answer(429).header("retry-after", "61"),
        answer(500),
        answer(500),
    ]);
    let layer = || steady().without_cool_down().budget(Arc::clone(&bucket));

    let too_long = call(layer(), &script, get()).await;
    let too_late = call(layer().call_timeout(SECOND), &script, get()).await;
    let too_often = call(layer().max_attempts(1), &script, get()).await;

    assert_eq!(stop_of(&too_long), Some(StopReason::RetryAfterTooLong));
    assert_eq!(stop_of(&too_late), Some(StopReason::Deadline));
    assert_eq!(stop_of(&too_often), Some(StopReason::Attempts));
    assert_eq!(bucket.tokens(), 100);
}

#[tokio::test(start_paused = true)]
async fn layers_that_share_a_budget_empty_it_together() {
    let bucket = bucket(10);
    let one = Script::of([reset(), reset(), answer(500)]);
    let other = Script::of([answer(500)]);

    let first = call(steady().budget(Arc::clone(&bucket)), &one, get()).await;
    let second = call(steady().budget(Arc::clone(&bucket)), &other, get()).await;

    assert_eq!(stop_of(&first), Some(StopReason::Attempts));
    assert_eq!(stop_of(&second), Some(StopReason::Budget));
}

#[tokio::test(start_paused = true)]
async fn without_a_budget_every_call_has_all_its_attempts() {
    let steps = (0..200).map(|_| answer(504));
    let script = Script::of(steps);

    for _ in 0..2 {
        let builder = steady().max_attempts(100).without_budget();
        let answer = call(builder, &script, get()).await;
        assert_eq!(stop_of(&answer), Some(StopReason::Attempts));
    }

    assert_eq!(script.seen().len(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_budget_of_towers_pays_too() {
    let budget = Arc::new(TowerBudget::new(TpsBudget::new(SECOND, 1, 1.0)));
    let script = Script::of([reset(), answer(500), answer(200), reset(), answer(404)]);
    let quick = Backoff {
        base: MILLISECOND,
        jitter: Jitter::None,
        ..Backoff::default()
    };
    let layer = || steady().backoff(quick).budget(Arc::clone(&budget));

    let exhausted = call(layer(), &script, get()).await;
    let success = call(layer(), &script, get()).await;
    let repeated = call(layer(), &script, get()).await;

    assert_eq!(stop_of(&exhausted), Some(StopReason::Budget));
    assert_eq!(status_of(&exhausted), Some(500));
    assert_eq!(status_of(&success), Some(200));
    assert_eq!(status_of(&repeated), Some(404));
    assert_eq!(script.elapsed(), Duration::from_millis(2));
}

fn bucket(capacity: u32) -> Arc<TokenBucket> {
    Arc::new(TokenBucket::new(capacity, Costs::default()).unwrap())
}
