//! Endpoints that refuse every credential, and sources that have only one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use http::Request;
use tower_client_auth::{Credential, source_fn};
use tower_client_call::ReplayBody;

use crate::script::{
    Api, Frames, SECOND, Source, URI, busy, client, forever, get, living, named, pass, send,
    settle, succeed, text, to, token,
};

const CLOSED: &str = "https://api.example/closed";

#[tokio::test(start_paused = true)]
async fn the_401_of_a_token_that_never_changes_comes_back_without_a_replay() {
    let source = Source::of([named("the-key"), named("the-key")]);
    let api = Api::of([crate::script::answer(401).text("revoked")]);
    let client = client(&source, &api);

    let response = send(&client, get()).await.unwrap();

    assert_eq!(response.status(), 401);
    assert_eq!(text(response).await, "revoked");
    assert_eq!(api.tokens(), ["the-key"]);
    assert_eq!(source.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_never_changes_goes_on_serving_elsewhere() {
    let api = Api::new();
    api.close("/closed");
    let client = client(&tower_client_auth::StaticToken::new("the-key"), &api);

    for _ in 0..10 {
        assert_eq!(send(&client, to(CLOSED)).await.unwrap().status(), 401);
        succeed(&client).await;
        pass(SECOND / 2).await;
    }

    assert!(api.tokens().iter().all(|token| token == "the-key"));
    assert_eq!(api.seen().len(), 20);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_never_changes_costs_one_question_per_back_off() {
    let asked = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&asked);
    let source = Arc::new(source_fn(move |_, _| {
        counter.fetch_add(1, Relaxed);
        async { Ok(Credential::new("the-key")) }
    }));
    let api = Api::new();
    api.revoke("the-key");
    let client = client(&source, &api);

    let counts = counts(&client, || asked.load(Relaxed)).await;

    assert_eq!(counts, [2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert_eq!(api.seen().len(), 4 * 9, "something was replayed");
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_refuses_every_token_costs_one_fetch_per_back_off() {
    let (source, api) = (Source::new(), Api::new());
    api.close("/closed");
    let client = client(&source, &api);

    let counts = counts(&client, || u32::try_from(source.count()).unwrap()).await;

    assert_eq!(counts, [2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_refuses_every_token_takes_no_other_endpoints_credential_away() {
    let (source, api) = (Source::new(), Api::new());
    api.close("/closed");
    let client = client(&source, &api);
    let refused = send(&client, to(CLOSED)).await.unwrap();
    assert_eq!(refused.status(), 401);

    for _ in 0..100 {
        let refused = send(&client, to(CLOSED)).await.unwrap();
        assert_eq!(refused.status(), 401);
        succeed(&client).await;
        pass(SECOND / 200).await;
    }

    assert_eq!(source.count(), 2);
    assert!(api.tokens()[1..].iter().all(|token| token == "token-2"));
}

#[tokio::test(start_paused = true)]
async fn nor_when_the_source_fails_meanwhile() {
    let (source, api) = (Source::of([token(), token(), busy(), busy()]), Api::new());
    api.close("/closed");
    let client = client(&source, &api);
    drop(send(&client, to(CLOSED)).await);
    succeed(&client).await;
    pass(SECOND).await;

    drop(send(&client, to(CLOSED)).await);
    succeed(&client).await;

    assert_eq!(source.count(), 3);
    assert_eq!(api.tokens().last().unwrap(), "token-2");
}

#[tokio::test(start_paused = true)]
async fn one_token_refused_to_many_counts_once() {
    let (source, api) = (Source::new(), Api::new());
    api.close("/closed");
    let client = client(&source, &api);

    let closed = || send(&client, to(CLOSED));
    drop(tokio::join!(closed(), closed(), closed(), closed()));
    assert_eq!((source.count(), api.seen().len()), (2, 8));
    pass(SECOND).await;
    drop(closed().await);

    assert_eq!(source.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_elsewhere_is_still_seen_to_after_the_back_off() {
    let source = Source::of([forever(), forever(), forever()]);
    let api = Api::new();
    api.close("/closed");
    let client = client(&source, &api);
    drop(send(&client, to(CLOSED)).await);
    api.revoke("token-2");

    pass(SECOND).await;
    succeed(&client).await;

    assert_eq!(api.tokens(), ["token-1", "token-2", "token-2", "token-3"]);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_takes_a_token_again_ends_the_back_off() {
    let (source, api) = (Source::new(), Api::new());
    api.close("/closed");
    let client = client(&source, &api);
    drop(send(&client, to(CLOSED)).await);
    pass(SECOND).await;
    drop(send(&client, to(CLOSED)).await);
    assert_eq!(source.count(), 3);
    api.open();
    api.revoke("token-3");
    pass(2 * SECOND).await;
    succeed(&client).await;
    api.close("/closed");

    drop(send(&client, to(CLOSED)).await);
    pass(SECOND).await;
    drop(send(&client, to(CLOSED)).await);

    // Token 4 was taken: the refusal of token 5 counts as the first again.
    assert_eq!(source.count(), 6);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_refuses_every_token_costs_uploads_no_more() {
    let (source, api) = (Source::new(), Api::new());
    api.close("/closed");
    let client = client(&source, &api);

    let mut statuses = Vec::new();
    for _ in 0..50 {
        statuses.push(send(&client, upload(CLOSED)).await.unwrap().status());
        settle().await;
    }

    assert!(statuses.iter().all(|status| *status == 401));
    assert_eq!((api.seen().len(), source.count()), (50, 2));
}

#[tokio::test(start_paused = true)]
async fn uploads_alone_replace_a_token_that_one_endpoint_has_refused_before() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    api.close("/closed");
    drop(send(&client, to(CLOSED)).await);
    api.open();
    api.revoke("token-1");
    api.revoke("token-2");

    let mut statuses = Vec::new();
    for _ in 0..3 {
        pass(60 * SECOND).await;
        let answer = send(&client, upload(URI)).await.unwrap();
        statuses.push(answer.status().as_u16());
    }

    assert_eq!(statuses, [401, 200, 200]);
    assert_eq!(api.tokens()[2..], ["token-2", "token-3", "token-3"]);
}

/// How often the source was asked just before each end of a back-off, and after the last.
async fn counts<S>(client: &tower_client_auth::Auth<S>, asked: impl Fn() -> u32) -> Vec<u32>
where
    tower_client_auth::Auth<S>: Clone,
    S: tower::Service<
            http::Request<http_body_util::Full<bytes::Bytes>>,
            Response = http::Response<crate::script::Frames>,
            Error = tower::BoxError,
        > + Clone,
{
    let mut counts = Vec::new();
    for wait in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
        for _ in 0..3 {
            drop(send(client, to(CLOSED)).await);
        }
        counts.push(asked());
        pass(SECOND * wait - SECOND / 10).await;
        drop(send(client, to(CLOSED)).await);
        assert_eq!(Some(&asked()), counts.last());
        pass(SECOND / 10).await;
    }
    counts
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_in_between_proves_nothing() {
    let late = living(Duration::ZERO);
    let (source, api) = (Source::of([token(), late]), Api::new());
    api.close("/closed");
    let client = client(&source, &api);
    drop(send(&client, upload(CLOSED)).await);
    settle().await;
    pass(2 * SECOND).await;

    for _ in 0..5 {
        assert_eq!(send(&client, upload(CLOSED)).await.unwrap().status(), 401);
        settle().await;
    }

    assert_eq!(source.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_overtaken_token_in_between_proves_nothing() {
    let (source, api) = (Source::of([token(), token().after(SECOND)]), Api::new());
    api.close("/closed");
    let client = client(&source, &api);
    succeed(&client).await;
    pass(SECOND * 3250).await;
    succeed(&client).await;
    settle().await;
    assert_eq!(source.count(), 2);
    drop(send(&client, upload(CLOSED)).await);
    pass(2 * SECOND).await;
    assert_eq!(source.count(), 3);

    for _ in 0..5 {
        assert_eq!(send(&client, upload(CLOSED)).await.unwrap().status(), 401);
        settle().await;
    }

    assert_eq!(source.count(), 3);
}

/// A request that cannot be sent again.
fn upload(uri: &str) -> Request<ReplayBody<Frames>> {
    let body = ReplayBody::new(Frames::of(["a long ", "order"]), 3);
    Request::put(uri).body(body).unwrap()
}
