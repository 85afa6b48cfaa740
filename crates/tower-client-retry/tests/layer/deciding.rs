//! How often a policy is asked, and what its word counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use tower::ServiceExt;
use tower_client_call::StopReason;
use tower_client_retry::{
    Budget, Decision, Policy, RetryKind, StandardPolicy, TokenBucket, from_fn,
};

use crate::script::{
    Frames, SECOND, Script, Step, Then, answer, call, failure, get, no_answer, over, post, reset,
    steady, stop_of,
};

#[tokio::test(start_paused = true)]
async fn a_success_is_decided_once() {
    assert_eq!(decisions([answer(200)]).await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_is_not_repeated_is_decided_once() {
    assert_eq!(decisions([answer(404)]).await, 1);
}

#[tokio::test(start_paused = true)]
async fn every_response_that_is_repeated_is_decided_once() {
    assert_eq!(decisions([answer(503), answer(503), answer(200)]).await, 3);
    assert_eq!(decisions([answer(503), answer(503), answer(503)]).await, 3);
}

#[tokio::test(start_paused = true)]
async fn every_failure_is_decided_once() {
    assert_eq!(decisions([reset(), failure("x"), answer(200)]).await, 3);
    assert_eq!(decisions([reset(), reset(), reset()]).await, 3);
    assert_eq!(decisions([no_answer(), answer(200)]).await, 2);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_was_peeked_at_is_decided_once() {
    let asked = Arc::new(AtomicUsize::new(0));
    let policy = counting(&asked).peeking(10, |_| true);
    let script = Script::of([answer(503).text("busy"), answer(200).text("trips")]);

    call(steady().policy(policy), &script, get()).await.unwrap();

    assert_eq!(asked.load(Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_was_collected_is_decided_once() {
    for (steps, attempts) in [
        (vec![answer(200).text("trips")], 1),
        (vec![answer(503).text("busy"), answer(200).text("trips")], 2),
    ] {
        let asked = Arc::new(AtomicUsize::new(0));
        let builder = steady().policy(counting(&asked)).collect_body(100);
        let script = Script::of(steps);

        call(builder, &script, get()).await.unwrap();

        assert_eq!(asked.load(Relaxed), attempts);
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_hears_of_the_call_as_it_is_then() {
    let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
    let policy = from_fn({
        let heard = Arc::clone(&heard);
        move |attempted| {
            assert_eq!(attempted.request().uri.path(), "/v1/trips");
            let number = attempted.attempt().number();
            let times = (attempted.elapsed(), attempted.remaining());
            heard.lock().unwrap().push((number, times));
            StandardPolicy::new().decide(attempted)
        }
    });
    let script = Script::of([answer(503).after(SECOND), reset(), answer(200)]);
    let builder = steady().policy(policy).call_timeout(10 * SECOND);

    call(builder, &script, get()).await.unwrap();

    let mut heard = heard.lock().unwrap().clone();
    heard.dedup();
    let expected = [(1, 1), (2, 2), (3, 4)]
        .map(|(number, elapsed)| (number, (elapsed * SECOND, Some((10 - elapsed) * SECOND))));
    assert_eq!(heard, expected);
}

#[tokio::test(start_paused = true)]
async fn debug_of_what_a_policy_gets_shows_no_header() {
    let shown = Arc::new(std::sync::Mutex::new(String::new()));
    let policy = from_fn({
        let shown = Arc::clone(&shown);
        move |attempted| {
            *shown.lock().unwrap() = format!("{attempted:?}");
            Decision::Forbid
        }
    });
    let script = Script::of([answer(503).header("set-cookie", "s3cret")]);
    let mut request = get();
    let secret = http::HeaderValue::from_static("s3cret");
    request.headers_mut().insert("authorization", secret);

    drop(call(steady().policy(policy), &script, request).await);

    let shown = shown.lock().unwrap().clone();
    assert!(shown.contains("GET") && shown.contains("503"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn what_a_policy_allows_is_repeated_whatever_it_is() {
    let policy = StandardPolicy::new().or_retry(|attempted| {
        let conflict = attempted.status()? == http::StatusCode::CONFLICT;
        conflict.then_some(RetryKind::ServerError)
    });
    let script = Script::of([answer(409), answer(201)]);

    let answer = call(steady().policy(policy), &script, post()).await;

    assert_eq!(stop_of(&answer), Some(StopReason::Succeeded));
}

#[tokio::test(start_paused = true)]
async fn a_shared_policy_decides_in_a_layer() {
    let policy: Arc<dyn Policy + Send + Sync> = Arc::new(from_fn(|_| Decision::Forbid));
    let body = Frames::of(["busy"]).then(Then::Stall);
    let script = Script::of([answer(503).body(body)]);

    let answer = call(steady().policy(policy), &script, get()).await;

    assert_eq!(stop_of(&answer), Some(StopReason::NotRetryable));
}

/// How often the policy is asked in a call of these attempts.
async fn decisions<const N: usize>(steps: [Step; N]) -> usize {
    let asked = Arc::new(AtomicUsize::new(0));
    let script = Script::of(steps);
    let builder = steady().policy(counting(&asked)).attempt_timeout(SECOND);
    drop(call(builder, &script, get()).await);
    asked.load(Relaxed)
}

fn counting(asked: &Arc<AtomicUsize>) -> impl Policy + use<> {
    let asked = Arc::clone(asked);
    from_fn(move |attempted| {
        asked.fetch_add(1, Relaxed);
        StandardPolicy::new().decide(attempted)
    })
}

#[tokio::test(start_paused = true)]
async fn an_error_is_no_success_whatever_a_policy_says() {
    let bucket = Arc::new(TokenBucket::default());
    assert!(bucket.withdraw(RetryKind::NotSent));
    let script = Script::of([reset()]);
    let content = steady().policy(from_fn(|_| Decision::Done));
    let service = over(content.budget(Arc::clone(&bucket)), &script);

    let error = service.oneshot(get()).await;

    assert_eq!(error.unwrap_err().stop(), StopReason::NotRetryable);
    assert_eq!(bucket.tokens(), 495);
}
