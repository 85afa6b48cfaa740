//! Responses whose body has to tell whether they refuse the credential.

use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use tower_client_auth::{Auth, Captured, Challenge, Verdict};

use crate::script::{
    Answer, Api, Frames, SECOND, Source, Then, answer, auth, get, over, send, succeed, text,
};

/// An API whose 403 says in the body what it is about.
struct Told;

impl Challenge for Told {
    fn inspect(&self, status: StatusCode, _: &HeaderMap) -> Verdict {
        match status {
            StatusCode::FORBIDDEN => Verdict::Peek,
            _ => Verdict::Accepted,
        }
    }

    fn refuses(&self, status: StatusCode, body: &Captured) -> bool {
        assert_eq!(status, 403);
        assert!(body.bytes.len() <= 64 * 1024);
        body.bytes.starts_with(b"token expired")
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_tells_of_a_refusal_makes_a_replay() {
    let (source, api) = (Source::new(), Api::of([answer(403).text("token expired")]));

    succeed(&told(&source, &api)).await;

    assert_eq!(api.tokens(), ["token-1", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_second_body_that_tells_of_a_refusal_comes_back_whole() {
    let body = || Frames::of(["token ", "expired"]);
    let (source, api) = (
        Source::new(),
        Api::of([
            answer(403).body(body()),
            answer(403).header("x-trace", "7").body(body()),
        ]),
    );

    let response = send(&told(&source, &api), get()).await.unwrap();

    assert_eq!(
        (
            response.status().as_u16(),
            response.headers()["x-trace"].as_bytes()
        ),
        (403, &b"7"[..])
    );
    assert_eq!(text(response).await, "token expired");
    assert_eq!((source.count(), api.seen().len()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_tells_of_something_else_passes_on_whole() {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-sum", "7".parse().unwrap());
    let long: &'static str = "you may not; ".repeat(20_000).leak();
    for frames in [["no", "pe"], [long, "nope"], ["", "nope"]] {
        let body = Frames::of(frames).trailers(trailers.clone());
        let (source, api) = (Source::new(), Api::of([answer(403).body(body)]));

        let response = send(&told(&source, &api), get()).await.unwrap();

        assert_eq!(response.status(), 403);
        let body = response.into_body().collect().await.unwrap();
        assert_eq!(body.trailers().unwrap()["x-sum"], "7");
        assert_eq!(body.to_bytes(), frames.concat());
        assert_eq!((source.count(), api.seen().len()), (1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_does_so_for_the_caller() {
    let body = Frames::of(["no"]).then(Then::Break);
    let (source, api) = (Source::new(), Api::of([answer(403).body(body)]));

    let response = send(&told(&source, &api), get()).await.unwrap();

    let mut body = response.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    let error = body.frame().await.unwrap().unwrap_err();
    assert_eq!(first, "no");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stalls_delays_the_answer_by_five_seconds() {
    let body = Frames::of(["you ", "may "]).then(Then::Stall);
    let (source, api) = (Source::new(), Api::of([answer(403).body(body)]));

    let response = send(&told(&source, &api), get()).await.unwrap();

    assert_eq!(api.elapsed(), 5 * SECOND);
    let mut body = response.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(first, "you may ");
}

#[tokio::test(start_paused = true)]
async fn what_arrived_of_a_body_that_stalls_may_tell_enough() {
    let body = Frames::of(["token expired"]).then(Then::Stall);
    let (source, api) = (Source::new(), Api::of([answer(403).body(body)]));

    succeed(&told(&source, &api)).await;

    assert_eq!(api.seen()[1].at, 5 * SECOND);
    assert_eq!(api.tokens(), ["token-1", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn of_a_body_without_an_end_64_kib_are_read() {
    let body = Frames::of([]).then(Then::More(&[b'x'; 1024]));
    let watched = body.watched();
    let (source, api) = (Source::new(), Api::of([answer(403).body(body)]));

    let answer: Answer = send(&told(&source, &api), get()).await;

    assert_eq!(answer.unwrap().status(), 403);
    assert_eq!(watched.fate().bytes, 64 * 1024);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_need_not_be_looked_into_is_not_read() {
    let body = Frames::of(["trips"]);
    let watched = body.watched();
    let (source, api) = (Source::new(), Api::of([answer(401).body(body)]));

    let response = send(&told(&source, &api), get()).await.unwrap();

    assert_eq!(watched.fate().bytes, 0);
    assert!(response.into_body().into_untouched().is_ok());
}

fn told(source: &Source, api: &Api) -> Auth<Api> {
    over(auth(source).challenge(Told), api)
}
