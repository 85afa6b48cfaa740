//! How long the layer waits between two attempts.

use std::time::Duration;

use tower_client_call::{Delivery, Failure, ResponseError, StopReason};
use tower_client_retry::{Backoff, Jitter, RetryLayer};

use crate::script::{
    MILLISECOND, SECOND, Script, answer, call, failure, get, no_answer, post, reset, status_of,
    steady, stop_of, text,
};

#[tokio::test(start_paused = true)]
async fn without_jitter_the_waits_are_one_second_and_two() {
    let script = Script::of([answer(503), reset(), answer(200)]);

    let answer = call(steady(), &script, get()).await;

    assert_eq!(status_of(&answer), Some(200));
    assert_eq!(script.times(), [Duration::ZERO, SECOND, 3 * SECOND]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_begins_when_its_attempt_ends() {
    let script = Script::of([answer(503).after(5 * SECOND), answer(200)]);

    call(steady(), &script, get()).await.unwrap();

    assert_eq!(script.times(), [Duration::ZERO, 6 * SECOND]);
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_waits_the_same_and_another_waits_otherwise() {
    let mut waits = Vec::new();
    for seed in [1, 1, 2, 3] {
        let script = Script::of([reset(), reset(), reset(), reset(), answer(200)]);
        let builder = RetryLayer::builder().max_attempts(5).seed(seed);

        call(builder, &script, get()).await.unwrap();

        waits.push(script.times());
    }

    assert_eq!(waits[0], waits[1]);
    assert_ne!(waits[1], waits[2]);
    assert_ne!(waits[2], waits[3]);
}

#[tokio::test(start_paused = true)]
async fn full_jitter_stays_below_the_backoff() {
    for seed in 0..50 {
        let script = Script::of([reset(), reset(), answer(200)]);

        call(RetryLayer::builder().seed(seed), &script, get())
            .await
            .unwrap();

        let times = script.times();
        assert!(times[1] <= SECOND, "{times:?}");
        assert!(times[2] - times[1] <= 2 * SECOND, "{times:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn decorrelated_jitter_goes_by_the_delay_before() {
    let backoff = Backoff {
        jitter: Jitter::Decorrelated,
        ..Backoff::default()
    };
    let mut grown = 0;
    for seed in 0..50 {
        let script = Script::of([reset(), reset(), reset(), answer(200)]);
        let builder = RetryLayer::builder().backoff(backoff).max_attempts(4);

        call(builder.seed(seed), &script, get()).await.unwrap();

        let times = script.times();
        let waits: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(waits[0], SECOND);
        assert!(waits[1] >= SECOND && waits[1] <= 3 * SECOND, "{waits:?}");
        assert!(waits[2] <= 3 * waits[1] + MILLISECOND, "{waits:?}");
        grown += u32::from(waits[2] > 3 * SECOND);
    }
    assert!(grown > 0, "three times the base was never passed");
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_waited_out_and_at_most_a_tenth_longer() {
    let mut waits = Vec::new();
    for seed in 0..50 {
        let script = Script::of([answer(503).header("retry-after", "30"), answer(200)]);

        call(steady().seed(seed), &script, get()).await.unwrap();

        let wait = script.times()[1];
        assert!(wait >= 30 * SECOND, "{wait:?}");
        assert!(wait <= 33 * SECOND, "{wait:?}");
        waits.push(wait);
    }
    waits.sort_unstable();
    assert!(waits[49] - waits[0] > SECOND, "all come at once");
}

#[tokio::test(start_paused = true)]
async fn retry_after_below_the_backoff_does_not_shorten_it() {
    let backoff = Backoff {
        base: 10 * SECOND,
        jitter: Jitter::None,
        ..Backoff::default()
    };
    let script = Script::of([answer(429).header("retry-after", "2"), answer(200)]);

    call(steady().backoff(backoff), &script, get())
        .await
        .unwrap();

    let wait = script.times()[1];
    assert!(wait >= 10 * SECOND && wait <= 11 * SECOND, "{wait:?}");
}

#[tokio::test(start_paused = true)]
async fn a_spread_wait_does_not_pass_the_longest_retry_after() {
    for seed in 0..20 {
        let script = Script::of([answer(503).header("retry-after", "58"), answer(200)]);

        call(steady().seed(seed), &script, get()).await.unwrap();

        let wait = script.times()[1];
        assert!(wait >= 58 * SECOND && wait <= 60 * SECOND, "{wait:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_that_is_too_long_ends_the_call_at_once() {
    for (value, longest) in [("61", 60), ("11", 10), ("99999999999999999999", 60)] {
        let script = Script::of([answer(429).header("retry-after", value).text("later")]);
        let builder = steady().longest_retry_after(longest * SECOND);

        let answer = call(builder, &script, get()).await;

        assert_eq!(stop_of(&answer), Some(StopReason::RetryAfterTooLong));
        let response = answer.unwrap();
        assert_eq!(response.headers()["retry-after"], value);
        assert_eq!(text(response).await, "later");
        assert!(script.elapsed().is_zero());
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_that_asks_for_too_long_a_wait_ends_the_call_at_once() {
    let mut headers = http::HeaderMap::new();
    headers.insert("retry-after", http::HeaderValue::from_static("61"));
    let throttled = ResponseError::new(http::StatusCode::TOO_MANY_REQUESTS, headers);
    let script = Script::of([failure(throttled)]);

    let error = call(steady(), &script, get()).await.unwrap_err();

    assert_eq!(error.stop(), StopReason::RetryAfterTooLong);
    let shown = "attempt 1 failed, and the server asked to wait too long";
    assert_eq!(error.to_string(), shown);
    assert!(script.elapsed().is_zero());
}

#[tokio::test(start_paused = true)]
async fn a_hanging_attempt_is_given_up_and_repeated_if_that_is_safe() {
    let script = Script::of([no_answer(), answer(200)]);

    let answer = call(steady().attempt_timeout(2 * SECOND), &script, get()).await;

    assert_eq!(status_of(&answer), Some(200));
    assert_eq!(script.times(), [Duration::ZERO, 3 * SECOND]);
}

#[tokio::test(start_paused = true)]
async fn a_hanging_attempt_is_given_up_and_not_repeated_if_that_is_not_safe() {
    let script = Script::of([no_answer()]);

    let answer = call(steady().attempt_timeout(2 * SECOND), &script, post()).await;

    let error = answer.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        (error.stop(), error.attempts()),
        (StopReason::NotRetryable, 1)
    );
    assert_eq!(Delivery::of(&error), Delivery::MaybeSent);
    assert_eq!(Failure::of(&error), Failure::Timeout);
    assert_eq!(script.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn every_attempt_has_its_own_time() {
    let slow = 1999 * MILLISECOND;
    let script = Script::of([
        answer(503).after(slow),
        no_answer(),
        answer(200).after(slow),
    ]);

    let answer = call(steady().attempt_timeout(2 * SECOND), &script, get()).await;

    assert_eq!(status_of(&answer), Some(200));
    assert_eq!(script.times()[1], slow + SECOND);
    assert_eq!(script.times()[2], slow + SECOND + 4 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn attempts_that_all_hang_end_in_a_timeout() {
    let script = Script::of([no_answer(), no_answer(), no_answer()]);

    let answer = call(steady().attempt_timeout(2 * SECOND), &script, get()).await;

    let error = answer.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!((error.stop(), error.attempts()), (StopReason::Attempts, 3));
    assert_eq!(script.elapsed(), 9 * SECOND);
}
