//! What a service below hands out by becoming ready.

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use tokio::time::timeout;
use tower::buffer::Buffer;
use tower::limit::ConcurrencyLimit;
use tower::{Layer, Service, ServiceExt};
use tower_client_retry::RetryLayer;

use crate::script::{
    Frames, SECOND, Script, Then, answer, get, no_answer, post, status_of, steady,
};

#[tokio::test(start_paused = true)]
async fn what_was_readied_for_a_call_is_left_to_others_while_it_is_held_back() {
    let script = Script::of([
        answer(429).header("retry-after", "10"),
        answer(200),
        answer(200),
    ]);
    let limited = ConcurrencyLimit::new(script.clone(), 1);
    let mut service = steady().build().unwrap().layer(limited);
    drop(ready(&mut service).await.call(post()).await);

    let held = ready(&mut service).await.call(get());
    let mut held = Box::pin(held);
    assert!(timeout(SECOND, &mut held).await.is_err());
    let mut other = service.get_ref().clone();
    let permit = timeout(SECOND, ready(&mut other)).await.is_ok();

    assert!(permit, "the only permit is held");
    drop(other);
    held.await.unwrap();
    assert!(script.elapsed() >= 10 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_its_next_attempt_holds_nothing() {
    let stalled = Frames::of(["busy"]).then(Then::Stall);
    for failing in [answer(503), answer(503).body(stalled), no_answer()] {
        let script = Script::of([failing, answer(200), answer(200)]);
        let limited = ConcurrencyLimit::new(script.clone(), 1);
        let builder = steady().attempt_timeout(SECOND / 2);
        let service = builder.build().unwrap().layer(limited);
        let mut waiting = Box::pin(service.clone().oneshot(get()));
        let before = timeout(7 * SECOND / 10, &mut waiting).await;
        assert!(before.is_err());

        let other = timeout(SECOND / 10, service.clone().oneshot(get())).await;

        assert!(other.is_ok_and(|answer| answer.is_ok()));
        let repeated = waiting.await;
        assert_eq!(status_of(&repeated), Some(200));
    }
}

#[tokio::test(start_paused = true)]
async fn a_further_attempt_waits_for_its_turn() {
    let script = Script::of([answer(503), answer(200).after(3 * SECOND), answer(200)]);
    let limited = ConcurrencyLimit::new(script.clone(), 1);
    let service = steady().build().unwrap().layer(limited);

    let (repeated, other) = tokio::join!(service.clone().oneshot(get()), async {
        tokio::time::sleep(SECOND / 2).await;
        service.clone().oneshot(get()).await
    });

    assert!(repeated.is_ok() && other.is_ok());
    assert_eq!(script.times(), [0, 1, 7].map(|halves| halves * SECOND / 2));
}

#[tokio::test(start_paused = true)]
async fn a_buffer_below_is_asked_for_every_attempt() {
    let script = Script::of([answer(503), answer(503), answer(200)]);
    let buffered = Buffer::new(script.clone(), 1);
    let mut service = RetryLayer::default().layer(buffered);

    let answer = ready(&mut service).await.call(get()).await;

    assert_eq!(status_of(&answer), Some(200));
    assert_eq!(script.seen().len(), 3);
}

async fn ready<S>(service: &mut S) -> &mut S
where
    S: Service<Request<Full<Bytes>>, Error: std::fmt::Debug>,
{
    service.ready().await.unwrap()
}
