//! A response that refuses the credential: another one, and the request once more.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Version};
use http_body_util::{BodyExt, Full};
use tower_client_auth::{AuthErrorKind, Principal};
use tower_client_call::{Delivery, Operation, ReplayBody};

use crate::script::{
    Api, Frames, HOUR, Reply, SECOND, Source, Then, URI, answer, auth_error, busy, client, get,
    pass, post, recorded, refusal, secret, send, succeed, text, token,
};

#[tokio::test(start_paused = true)]
async fn a_401_is_followed_by_one_refresh_and_one_replay() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    api.revoke("token-1");

    succeed(&client).await;
    succeed(&client).await;

    assert_eq!(api.tokens(), ["token-1", "token-2", "token-2"]);
    assert_eq!(source.count(), 2);
    let previous = source.asked()[1].previous.clone().unwrap();
    assert_eq!(secret(&previous), "token-1");
}

#[tokio::test(start_paused = true)]
async fn the_replay_is_the_same_request_with_another_credential() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    api.revoke("token-1");
    let (mut request, _record) = recorded(order());
    let facts = request.extensions_mut();
    facts.insert(Operation::new("trip", "/v1/trips/{id}"));
    facts.insert(Principal::new(""));

    send(&client, request).await.unwrap();

    let [first, replay] = &api.seen()[..] else {
        panic!("not replayed once");
    };
    let (mut was, is) = (first.request.headers().clone(), replay.request.headers());
    was.insert("authorization", HeaderValue::from_static("Bearer token-2"));
    assert_eq!(was, *is);
    assert!(is["authorization"].is_sensitive());
    for seen in [first, replay] {
        let request = &seen.request;
        assert_eq!(
            (request.method().as_str(), request.uri()),
            ("PUT", &URI.parse().unwrap())
        );
        assert_eq!(request.version(), Version::HTTP_2);
        assert_eq!(request.extensions().len(), 3);
        let operation = Operation::find(request.extensions()).unwrap();
        assert_eq!(operation.name(), "trip");
        assert_eq!(seen.body, "order");
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_the_method_does_it_is_replayed_since_it_was_not_done() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    api.revoke("token-1");

    let response = send(&client, post()).await.unwrap();

    assert_eq!(response.status(), 200);
    let bodies: Vec<_> = api.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies, ["order", "order"]);
}

#[tokio::test(start_paused = true)]
async fn two_calls_refused_with_one_credential_make_one_refresh() {
    let source = Source::of([token(), token().after(SECOND)]);
    let refusal = || answer(401).after(SECOND);
    let api = Api::of([answer(200), refusal(), refusal()]);
    let client = client(&source, &api);
    succeed(&client).await;

    tokio::join!(succeed(&client), succeed(&client));

    assert_eq!(source.count(), 2);
    assert_eq!(
        api.tokens()[1..],
        ["token-1", "token-1", "token-2", "token-2"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_late_refusal_uses_the_newer_credential_without_a_fetch() {
    let (source, api) = (
        Source::new(),
        Api::of([answer(401).after(HOUR / 2), answer(401)]),
    );
    let client = client(&source, &api);
    let slow = tokio::spawn({
        let client = client.clone();
        async move { succeed(&client).await }
    });
    pass(SECOND).await;
    succeed(&client).await;

    slow.await.unwrap();

    assert_eq!(api.tokens(), ["token-1", "token-1", "token-2", "token-2"]);
    assert_eq!(source.count(), 2);
    succeed(&client).await;
    assert_eq!(source.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_second_refusal_comes_back_as_it_came() {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-sum", HeaderValue::from_static("7"));
    let long: &'static str = "no such door; ".repeat(20_000).leak();
    let challenge = "Bearer error=\"invalid_token\"";
    for frames in [["expired", ", sorry"], [long, "the end"]] {
        let body = Frames::of(frames).trailers(trailers.clone());
        let refused = answer(401).header("www-authenticate", challenge).body(body);
        let (source, api) = (Source::new(), Api::of([answer(401), refused]));

        let response = send(&client(&source, &api), get()).await.unwrap();

        assert_eq!(response.status(), 401);
        assert_eq!(response.headers()["www-authenticate"], challenge);
        assert_eq!(response.headers().len(), 1);
        let collected = response.into_body().collect().await.unwrap();
        assert_eq!(collected.trailers(), Some(&trailers));
        assert_eq!(collected.to_bytes(), frames.concat());
        assert_eq!((source.count(), api.seen().len()), (2, 2));
    }
}

#[tokio::test(start_paused = true)]
async fn the_answer_to_the_replay_is_the_callers_whatever_it_says() {
    for status in [200, 302, 403, 404, 500, 503] {
        let (source, api) = (
            Source::new(),
            Api::of([answer(401), answer(status).text("so")]),
        );

        let response = send(&client(&source, &api), get()).await.unwrap();

        assert_eq!(response.status(), status);
        assert_eq!(text(response).await, "so");
    }
}

#[tokio::test(start_paused = true)]
async fn a_replay_that_fails_below_fails_as_it_failed() {
    let (source, api) = (Source::new(), Api::of([answer(401), Reply::reset()]));

    let error = send(&client(&source, &api), post()).await.unwrap_err();

    assert_eq!(Delivery::of(&*error), Delivery::MaybeSent);
    assert!(error.is::<std::io::Error>());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_cannot_be_sent_again_brings_the_refusal_and_the_next_call_another_token() {
    let (source, api) = (Source::new(), Api::of([answer(401).text("expired")]));
    let client = client(&source, &api);
    let body = ReplayBody::new(Frames::of(["a long ", "order"]), 3);
    let request = Request::put(URI).body(body).unwrap();

    let response = send(&client, request).await.unwrap();

    assert_eq!(response.status(), 401);
    assert_eq!(text(response).await, "expired");
    assert_eq!((source.count(), api.seen().len()), (1, 1));
    succeed(&client).await;
    assert_eq!(api.tokens(), ["token-1", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_kept_is_sent_again_whole() {
    let (source, api) = (Source::new(), Api::new());
    api.revoke("token-1");
    let body = ReplayBody::new(Frames::of(["a long ", "order"]), 1000);
    let request = Request::put(URI).body(body).unwrap();

    let response = send(&client(&source, &api), request).await.unwrap();

    assert_eq!(response.status(), 200);
    let bodies: Vec<_> = api.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies, ["a long order", "a long order"]);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_fails_is_an_error_and_not_the_refusal() {
    for (failure, kind) in [
        (busy(), AuthErrorKind::Unavailable),
        (refusal(), AuthErrorKind::Refused),
    ] {
        let (source, api) = (Source::of([token(), failure]), Api::new());
        api.revoke("token-1");

        let answer = send(&client(&source, &api), get()).await;

        let delivery = Delivery::of(&**answer.as_ref().unwrap_err());
        assert_eq!(delivery, Delivery::NotSent);
        assert_eq!(auth_error(answer).kind(), kind);
        assert_eq!(api.tokens(), ["token-1"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_credential_is_not_used_again() {
    let (source, api) = (Source::of([token(), busy()]), Api::of([answer(401)]));
    let client = client(&source, &api);
    drop(send(&client, get()).await);

    drop(send(&client, get()).await);
    pass(2 * SECOND).await;
    succeed(&client).await;

    assert_eq!(api.tokens(), ["token-1", "token-2"]);
    let previous = source.asked()[2].previous.clone().unwrap();
    assert_eq!(secret(&previous), "token-1");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_whose_body_stalls_costs_a_second_and_lets_its_connection_go() {
    let body = Frames::of(["expired"]).then(Then::Stall);
    let watched = body.watched();
    let (source, api) = (Source::new(), Api::of([answer(401).body(body)]));

    succeed(&client(&source, &api)).await;

    assert_eq!(api.seen()[1].at, SECOND);
    assert!(watched.fate().dropped.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_read_to_its_end_for_its_connection_to_be_used_again() {
    let body = Frames::of(["expired, ", "sorry"]);
    let watched = body.watched();
    let (source, api) = (Source::new(), Api::of([answer(401).body(body)]));

    succeed(&client(&source, &api)).await;

    assert!(watched.fate().ended);
}

#[tokio::test(start_paused = true)]
async fn a_403_is_no_refusal() {
    let (source, api) = (Source::new(), Api::of([answer(403)]));

    let response = send(&client(&source, &api), get()).await.unwrap();

    assert_eq!(response.status(), 403);
    assert_eq!((source.count(), api.seen().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_second_refusal_whose_body_stalls_is_returned_at_once() {
    let body = Frames::of(["expired"]).then(Then::Stall);
    let (source, api) = (
        Source::new(),
        Api::of([answer(401), answer(401).body(body)]),
    );

    let response = send(&client(&source, &api), get()).await.unwrap();

    assert_eq!(
        (response.status().as_u16(), api.elapsed()),
        (401, SECOND - SECOND)
    );
}

fn order() -> Request<Full<Bytes>> {
    Request::put(URI)
        .version(Version::HTTP_2)
        .header("x-part", "one")
        .header("x-part", "two")
        .body(Full::new(Bytes::from("order")))
        .unwrap()
}
