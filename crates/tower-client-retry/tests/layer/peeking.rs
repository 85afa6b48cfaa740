//! Policies that look into bodies.

use http_body_util::BodyExt;
use tokio::time::timeout;
use tower_client_call::StopReason;
use tower_client_retry::{Attempted, Policy, RetryKind, StandardPolicy};

use crate::script::{
    Frames, SECOND, Script, Then, answer, call, get, status_of, steady, stop_of, text,
};

#[tokio::test(start_paused = true)]
async fn what_a_body_says_can_be_a_reason_to_repeat() {
    let too_much = answer(403).body(Frames::of(["rate ", "limit exceeded"]));
    let script = Script::of([too_much, answer(200).text("trips")]);

    let answer = call(steady().policy(by_body(10)), &script, get()).await;

    assert_eq!(status_of(&answer), Some(200));
    assert_eq!(text(answer.unwrap()).await, "trips");
}

#[tokio::test(start_paused = true)]
async fn the_caller_gets_all_of_a_body_that_was_looked_into() {
    for limit in [1, 3, 5, 8, 100] {
        let forbidden = answer(403).body(Frames::of(["not ", "your ", "trips"]));
        let script = Script::of([forbidden]);

        let answer = call(steady().policy(by_body(limit)), &script, get()).await;

        assert_eq!(stop_of(&answer), Some(StopReason::NotRetryable));
        assert_eq!(text(answer.unwrap()).await, "not your trips", "{limit}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_body_that_said_it_reaches_the_caller_too() {
    let too_much = || answer(403).body(Frames::of(["rate ", "limit ", "exceeded"]));
    let script = Script::of([too_much(), too_much()]);
    let builder = steady().policy(by_body(10)).max_attempts(2);

    let answer = call(builder, &script, get()).await;

    assert_eq!(stop_of(&answer), Some(StopReason::Attempts));
    assert_eq!(text(answer.unwrap()).await, "rate limit exceeded");
}

#[tokio::test(start_paused = true)]
async fn a_success_that_was_looked_into_stays_one() {
    let policy = StandardPolicy::new().peeking(4, |_| true);
    let script = Script::of([answer(200).body(Frames::of(["all ", "your ", "trips"]))]);

    let answer = call(steady().policy(policy), &script, get()).await;

    assert_eq!(stop_of(&answer), None);
    assert_eq!(text(answer.unwrap()).await, "all your trips");
}

#[tokio::test(start_paused = true)]
async fn no_other_body_is_touched() {
    let body = Frames::of(["trips"]);
    let watched = body.watched();
    let script = Script::of([answer(200).body(body)]);

    let answer = call(steady().policy(by_body(10)), &script, get()).await;

    assert_eq!(watched.fate().bytes, 0);
    assert_eq!(text(answer.unwrap()).await, "trips");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stalls_is_decided_by_what_there_is() {
    for (timeout, elapsed) in [(9 * SECOND, SECOND), (SECOND / 2, SECOND / 2)] {
        let body = Frames::of(["not "]).then(Then::Stall);
        let script = Script::of([answer(403).body(body)]);
        let builder = steady().policy(by_body(10)).attempt_timeout(timeout);

        let answer = call(builder, &script, get()).await;

        assert_eq!(status_of(&answer), Some(403));
        assert_eq!(script.elapsed(), elapsed);
        let mut response = answer.unwrap();
        let frame = response.body_mut().frame().await.unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), "not ");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_stalls_is_decided_by_what_there_is_also_where_bodies_are_collected() {
    let body = Frames::of(["not "]).then(Then::Stall);
    let script = Script::of([answer(403).body(body)]);
    let builder = steady().policy(by_body(10)).collect_body(100);

    let answer = timeout(60 * SECOND, call(builder, &script, get())).await;

    assert_eq!(status_of(&answer.expect("it hangs for ever")), Some(403));
    assert_eq!(script.elapsed(), SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_breaks_off_for_the_caller_too() {
    let body = Frames::of(["not "]).then(Then::Break);
    let script = Script::of([answer(403).body(body)]);

    let answer = call(steady().policy(by_body(10)), &script, get()).await;

    let mut body = answer.unwrap().into_body();
    let frame = body.frame().await.unwrap().unwrap();
    assert_eq!(frame.into_data().unwrap(), "not ");
    assert!(body.frame().await.unwrap().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_policy_sees_no_more_than_it_asked_for_and_that_there_is_more() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let seen = move |attempted: &Attempted<'_>| {
        let peek = attempted.peek()?;
        sender.send((peek.bytes.clone(), peek.truncated)).unwrap();
        None
    };
    let policy = StandardPolicy::new().or_retry(seen).peeking(6, |_| true);
    let long = answer(403).body(Frames::of(["not ", "your trips"]));
    let script = Script::of([long, answer(404).text("none")]);
    let service = crate::script::over(steady().policy(policy), &script);

    for _ in 0..2 {
        use tower::ServiceExt;
        drop(ServiceExt::oneshot(service.clone(), get()).await);
    }

    drop(service);
    let seen: Vec<_> = receiver.try_iter().collect();
    assert_eq!(seen, [("not yo".into(), true), ("none".into(), false)]);
}

/// Repeats a 403 whose body tells of a limit.
fn by_body(limit: usize) -> impl Policy {
    let limited = |attempted: &Attempted<'_>| {
        let text = &attempted.peek()?.bytes;
        let limited = text.windows(5).any(|word| word == b"limit");
        limited.then_some(RetryKind::Throttled)
    };
    let policy = StandardPolicy::new().or_retry(limited);
    policy.peeking(limit, |status| status == 403)
}
