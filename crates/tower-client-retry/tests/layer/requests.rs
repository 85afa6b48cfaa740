//! What is sent again.

use std::error::Error;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, COOKIE};
use http::{HeaderValue, Method, Request, Version};
use http_body_util::Empty;
use tower::ServiceExt;
use tower_client_call::{
    Attempt, Delivery, Idempotency, NotRepeatable, Operation, RepeatBody, ReplayBody, StopReason,
};
use tower_client_retry::{Costs, TokenBucket};

use crate::script::{
    Frames, SECOND, Script, Then, URI, answer, call, get, over, reset, status_of, steady, stop_of,
    text,
};

#[derive(Clone, Debug, PartialEq)]
struct Fact(&'static str);

#[tokio::test(start_paused = true)]
async fn every_attempt_is_the_same_request() {
    let mut secret = HeaderValue::from_static("s3cret");
    secret.set_sensitive(true);
    let request = Request::post(URI)
        .version(Version::HTTP_2)
        .header(COOKIE, "a=1")
        .header(ACCEPT, "one")
        .header(AUTHORIZATION, secret)
        .header(ACCEPT, "two")
        .header("x-correlationid", "c-7")
        .header("idempotency-key", "k-7")
        .extension(Fact("kept"))
        .extension(Operation::new("trips", "/v1/trips"))
        .body(http_body_util::Full::new(Bytes::from("order")))
        .unwrap();
    let script = Script::of([answer(503), reset(), answer(200)]);

    call(steady(), &script, request).await.unwrap();

    let seen = script.seen();
    assert_eq!(seen.len(), 3);
    for seen in seen {
        let request = seen.request;
        assert_eq!(
            (request.method(), request.version()),
            (&Method::POST, Version::HTTP_2)
        );
        assert_eq!(request.uri(), URI);
        assert_eq!(request.headers().len(), 6);
        let accepts = request.headers().get_all(ACCEPT).iter();
        assert_eq!(accepts.collect::<Vec<_>>(), ["one", "two"]);
        assert!(request.headers()[AUTHORIZATION].is_sensitive());
        assert_eq!(request.headers()[AUTHORIZATION], "s3cret");
        assert_eq!(request.headers()["x-correlationid"], "c-7");
        assert_eq!(request.headers()["idempotency-key"], "k-7");
        assert_eq!(request.extensions().get(), Some(&Fact("kept")));
        assert_eq!(Operation::of(&request).unwrap().name(), "trips");
        assert_eq!(Idempotency::of(&request), Idempotency::Keyed);
        assert_eq!(seen.body, "order");
    }
}

#[tokio::test(start_paused = true)]
async fn the_attempts_are_numbered_from_the_second_on() {
    let script = Script::of([answer(503), reset(), answer(200)]);

    call(steady(), &script, get()).await.unwrap();

    let numbers = script.seen().into_iter().map(|seen| {
        let attempt = seen.request.extensions().get::<Attempt>();
        attempt.map(|attempt| attempt.number())
    });
    assert_eq!(numbers.collect::<Vec<_>>(), [None, Some(2), Some(3)]);
}

#[tokio::test(start_paused = true)]
async fn an_empty_body_is_sent_again() {
    let script = Script::of([answer(503), answer(200)]);
    let request = Request::put(URI).body(Empty::<Bytes>::new()).unwrap();

    let answer = call(steady(), &script, request).await;

    assert_eq!(status_of(&answer), Some(200));
    assert_eq!(bodies(&script), ["", ""]);
}

#[tokio::test(start_paused = true)]
async fn a_streamed_body_is_sent_again() {
    let script = Script::of([answer(503), reset(), answer(200)]);

    let answer = call(steady(), &script, put(streamed(), 1024)).await;

    assert_eq!(status_of(&answer), Some(200));
    assert_eq!(bodies(&script), ["an order of three frames"; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_was_read_half_is_sent_whole_next_time() {
    let script = Script::of([
        reset().reading(0),
        reset().reading(2),
        answer(503).reading(1),
        answer(200),
    ]);

    let answer = call(steady().max_attempts(4), &script, put(streamed(), 1024)).await;

    assert_eq!(status_of(&answer), Some(200));
    let sent = ["", "an order of ", "an order ", "an order of three frames"];
    assert_eq!(bodies(&script), sent);
}

#[tokio::test(start_paused = true)]
async fn a_body_over_its_limit_is_sent_once() {
    let script = Script::of([answer(503).text("busy")]);

    let answer = call(steady(), &script, put(streamed(), 10)).await;

    assert_eq!(stop_of(&answer), Some(StopReason::BodyNotRepeatable));
    assert_eq!(text(answer.unwrap()).await, "busy");
    assert_eq!(bodies(&script), ["an order of three frames"]);
    assert!(script.elapsed().is_zero());
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_body_over_its_limit_stays_what_it_is() {
    let script = Script::of([reset()]);

    let error = call(steady(), &script, put(streamed(), 10)).await;

    let error = error.unwrap_err();
    assert_eq!(
        (error.stop(), error.attempts()),
        (StopReason::BodyNotRepeatable, 1)
    );
    let shown = "attempt 1 failed, and the request body cannot be sent again";
    assert_eq!(error.to_string(), shown);
    assert!(error.source().unwrap().is::<std::io::Error>());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_failed_is_not_sent_again() {
    let broken = streamed().then(Then::Break);
    let script = Script::of([answer(200)]);

    let error = call(steady(), &script, put(broken, 1024))
        .await
        .unwrap_err();

    assert_eq!(error.stop(), StopReason::BodyNotRepeatable);
    assert_eq!(Delivery::of(&error), Delivery::MaybeSent);
    assert_eq!(bodies(&script), ["an order of three frames"]);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_somebody_is_still_sending_is_waited_for_and_then_given_up() {
    let bucket = Arc::new(TokenBucket::new(100, Costs::default()).unwrap());
    let script = Script::of([answer(503).text("busy").reading(1).keeping_body()]);
    let builder = steady().budget(Arc::clone(&bucket));

    let answer = call(builder, &script, put(streamed(), 1024)).await;

    assert_eq!(stop_of(&answer), Some(StopReason::BodyNotRepeatable));
    let response = answer.unwrap();
    assert_eq!(response.extensions().get(), Some(&Attempt::FIRST));
    assert_eq!(text(response).await, "busy");
    assert_eq!(bodies(&script), ["an order "]);
    assert_eq!(script.elapsed(), SECOND);
    assert_eq!(bucket.tokens(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_body_of_another_kind_decides_for_itself() {
    let script = Script::of([answer(503)]);
    let request = Request::put(URI).body(Unkept(streamed())).unwrap();

    let answer = call(steady(), &script, request).await;

    assert_eq!(stop_of(&answer), Some(StopReason::BodyNotRepeatable));
    assert_eq!(bodies(&script), ["an order of three frames"]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_held_back_is_sent_with_its_body() {
    let script = Script::of([answer(429).header("retry-after", "10"), answer(200)]);
    let service = over(steady().max_attempts(1), &script);
    drop(service.clone().oneshot(get()).await);

    let answer = service.oneshot(put(streamed(), 1024)).await;

    assert_eq!(status_of(&answer), Some(200));
    assert_eq!(bodies(&script), ["", "an order of three frames"]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_held_back_is_sent_although_its_body_cannot_be_sent_twice() {
    let script = Script::of([answer(429).header("retry-after", "10"), answer(200)]);
    let service = over(steady().max_attempts(1), &script);
    drop(service.clone().oneshot(get()).await);
    let request = Request::put(URI).body(Unkept(streamed())).unwrap();

    let answer = service.oneshot(request).await;

    assert_eq!(status_of(&answer), Some(200), "{answer:?}");
    assert_eq!(bodies(&script), ["", "an order of three frames"]);
}

/// A body that is gone when it is sent.
struct Unkept(Frames);

impl http_body::Body for Unkept {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<std::io::Result<http_body::Frame<Bytes>>>> {
        std::pin::Pin::new(&mut self.0).poll_frame(cx)
    }
}

impl RepeatBody for Unkept {
    type Kept = ();

    fn keep(&self) {}

    fn again((): &()) -> Result<Self, NotRepeatable> {
        Err(NotRepeatable::NotKept)
    }
}

fn streamed() -> Frames {
    Frames::of(["an order ", "of ", "three frames"])
}

fn put(body: Frames, limit: usize) -> Request<ReplayBody<Frames>> {
    let body = ReplayBody::new(body, limit);
    Request::put(URI).body(body).unwrap()
}

fn bodies(script: &Script) -> Vec<Bytes> {
    script.seen().into_iter().map(|seen| seen.body).collect()
}
