//! The end of a call's use.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use proptest::prelude::*;
use tower_client_call::{Deadline, Delivery, StopReason};
use tower_client_retry::{Policy, RetryLayer, StandardPolicy, TokenBucket};

use crate::script::{
    Frames, MILLISECOND, SECOND, Script, Step, Then, answer, call, get, no_answer, post, refused,
    reset, status_of, steady, stop_of, text,
};

#[tokio::test(start_paused = true)]
async fn a_wait_that_cannot_end_in_time_is_not_begun() {
    // The sooner of the call's own deadline and the layer's.
    for (deadline, call_timeout) in [
        (Some(SECOND), None),
        (None, Some(SECOND)),
        (Some(SECOND), Some(9 * SECOND)),
        (Some(9 * SECOND), Some(SECOND)),
    ] {
        let script = Script::of([answer(503).text("busy")]);
        let builder = match call_timeout {
            Some(timeout) => steady().call_timeout(timeout),
            None => steady(),
        };

        let answer = call(builder, &script, until(deadline, get())).await;

        assert_eq!(stop_of(&answer), Some(StopReason::Deadline));
        assert_eq!(text(answer.unwrap()).await, "busy");
        assert!(script.elapsed().is_zero());
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_ends_in_time_is_waited() {
    let script = Script::of([answer(503), reset(), answer(200)]);
    let deadline = Some(3 * SECOND + MILLISECOND);

    let answer = call(steady(), &script, until(deadline, get())).await;

    assert_eq!(status_of(&answer), Some(200));
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_beyond_the_deadline_ends_the_call_at_once() {
    let script = Script::of([answer(503).header("retry-after", "10")]);

    let answer = call(steady(), &script, until(Some(10 * SECOND), get())).await;

    assert_eq!(stop_of(&answer), Some(StopReason::Deadline));
    assert!(script.elapsed().is_zero());
}

#[tokio::test(start_paused = true)]
async fn an_attempt_is_given_up_at_the_deadline_also_with_a_longer_time_of_its_own() {
    let script = Script::of([reset(), no_answer()]);
    let builder = steady().attempt_timeout(5 * SECOND);

    let answer = call(builder, &script, until(Some(4 * SECOND), get())).await;

    let error = answer.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!((error.stop(), error.attempts()), (StopReason::Deadline, 2));
    assert_eq!(Delivery::of(&error), Delivery::MaybeSent);
    let shown = "attempt 2 failed, and another could not have ended in time";
    assert_eq!(error.to_string(), shown);
    assert_eq!(script.elapsed(), 4 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_may_not_be_repeated_ends_at_the_deadline_too() {
    let script = Script::of([no_answer()]);

    let answer = call(steady().call_timeout(SECOND), &script, post()).await;

    let error = answer.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.stop(), StopReason::Deadline);
    assert_eq!(script.elapsed(), SECOND);
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_the_last_moment_is_an_answer() {
    let script = Script::of([answer(200).after(SECOND)]);

    let answer = call(steady(), &script, until(Some(SECOND), get())).await;

    assert_eq!(status_of(&answer), Some(200));
}

/// One attempt of a random script.
#[derive(Clone, Copy, Debug)]
struct Event {
    kind: u8,
    after: u64,
    retry_after: Option<u8>,
    body: u8,
}

impl Event {
    fn step(self) -> Step {
        let step = match self.kind {
            0 => no_answer(),
            1 => reset(),
            2 => refused(),
            3 => answer(200),
            4 => answer(404),
            5 => answer(429),
            6 => answer(500),
            _ => answer(503),
        };
        let step = step.after(Duration::from_millis(self.after));
        let step = match self.retry_after {
            Some(seconds) => step.header("retry-after", &seconds.to_string()),
            None => step,
        };
        let body = Frames::of(["some", "text"]);
        step.body(match self.body {
            0 => body.then(Then::Stall),
            1 => body.then(Then::Break),
            2 => body.then(Then::More(&[0; 1000])),
            _ => body,
        })
    }
}

prop_compose! {
    fn events()(
        kind in 0..8u8,
        after in 0..4000u64,
        retry_after in proptest::option::of(0..5u8),
        body in 0..5u8,
    ) -> Event {
        Event { kind, after, retry_after, body }
    }
}

proptest! {
    /// Whatever the service does, the caller hears by the deadline.
    #[test]
    fn no_call_takes_longer_than_its_deadline(
        events in proptest::collection::vec(events(), 1..8),
        deadline in 1..20_000u64,
        attempt_timeout in proptest::option::of(1..5000u64),
        collects in any::<bool>(),
        peeks in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let last = std::iter::repeat_with(no_answer).take(10);
            let script = Script::of(events.into_iter().map(Event::step).chain(last));
            let time = Duration::from_millis;
            let policy = StandardPolicy::new();
            let policy = policy.peeking(6, move |status| peeks && status.is_client_error());
            let mut builder = RetryLayer::builder()
                .policy(policy)
                .seed(seed)
                .max_attempts(10)
                .budget(TokenBucket::default());
            if let Some(timeout) = attempt_timeout {
                builder = builder.attempt_timeout(time(timeout));
            }
            if collects {
                builder = builder.collect_body(64);
            }
            let request = until(Some(time(deadline)), get());

            drop(call(builder, &script, request).await);

            // Timers have the resolution of a millisecond.
            assert!(script.elapsed() <= time(deadline + 1), "{:?}", script.elapsed());
            assert!(script.seen().len() <= 10);
        });
    }
}

fn until(deadline: Option<Duration>, mut request: Request<Full<Bytes>>) -> Request<Full<Bytes>> {
    let deadline = deadline.map(Deadline::within);
    if let Some(deadline) = deadline {
        request.extensions_mut().insert(deadline);
    }
    request
}
