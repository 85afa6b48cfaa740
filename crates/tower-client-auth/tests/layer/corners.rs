//! Corners: what goes wrong together.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tokio::time::timeout;
use tower::{Layer, ServiceExt};
use tower_client_auth::{AuthErrorKind, Credential, Principal};
use tower_client_call::Deadline;

use crate::script::*;

#[tokio::test(start_paused = true)]
async fn what_is_set_serves_at_once_those_who_wait_for_a_slow_fetch() {
    let (source, api) = (Source::of([token().after(10 * SECOND)]), Api::new());
    let client = client(&source, &api);
    let provider = client.provider();
    let mut waiting = Box::pin(send(&client, get()));
    assert!(timeout(SECOND, &mut waiting).await.is_err());

    let owner = provider.default_principal();
    provider
        .set(&owner, Credential::new("brought"))
        .await
        .unwrap();
    waiting.await.unwrap();

    assert_eq!(api.seen()[0].at, SECOND);
}

#[tokio::test(start_paused = true)]
async fn who_waits_when_the_principal_signs_out_is_told_at_once() {
    let (source, api) = (Source::of([hang()]), Api::new());
    let client = client(&source, &api);
    let anna = Principal::new("anna");
    let mut waiting = Box::pin(send(&client, of(&anna)));
    assert!(timeout(SECOND, &mut waiting).await.is_err());

    client.provider().logout(&anna).await.unwrap();
    let answer = waiting.await;

    assert_eq!(kind_of(answer), AuthErrorKind::SignedOut);
    assert_eq!(api.elapsed(), SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_no_header_can_carry_is_not_stored() {
    let (source, api) = (Source::of([named("two\nlines")]), Api::new());
    let memory = Memory::default();
    let client = over(storing(&source, &memory), &api);
    assert_eq!(fail(&client).await.kind(), AuthErrorKind::Unusable);

    pass(2 * SECOND).await;
    succeed(&client).await; // The source has a good one now; it is never asked.
}

#[tokio::test(start_paused = true)]
async fn set_does_not_store_what_no_header_can_carry() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    succeed(&client).await;

    let set = provider
        .set(&provider.default_principal(), Credential::new("two\nlines"))
        .await;

    assert!(set.is_err());
    assert_eq!(memory.kept().as_deref(), Some("token-1"));
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_is_not_adopted_from_a_store_that_could_not_be_written() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    succeed(&client).await;
    memory.fail(Op::Save, 3);
    api.revoke("token-1");
    succeed(&client).await; // token-2, unsaved; the store has token-1 still
    api.revoke("token-2");
    pass(10 * SECOND).await;

    succeed(&client).await;

    assert_eq!(
        api.tokens(),
        ["token-1", "token-1", "token-2", "token-2", "token-3"]
    );
    assert_eq!(
        secret(source.asked()[2].previous.as_ref().unwrap()),
        "token-2"
    );
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_does_not_end_a_refusal_for_good() {
    let (source, api, memory) = (Source::of([refusal()]), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    fail(&client).await;
    memory.fail(Op::Load, 1);
    pass(60 * SECOND).await;
    fail(&client).await; // looks into the store, which fails
    pass(2 * SECOND).await;

    drop(send(&client, get()).await);

    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_set_that_failed_does_not_end_a_refusal_for_good() {
    let (source, api) = (Source::of([refusal()]), Api::new());
    let client = client(&source, &api);
    let provider = client.provider();
    fail(&client).await;
    let set = provider
        .set(&provider.default_principal(), Credential::new("two\nlines"))
        .await;
    assert!(set.is_err());
    pass(2 * SECOND).await;

    drop(send(&client, get()).await);

    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_set_that_failed_does_not_hinder_a_source_that_works() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    let provider = client.provider();
    let set = provider
        .set(&provider.default_principal(), Credential::new("two\nlines"))
        .await;
    assert!(set.is_err());

    succeed(&client).await;
}

#[test]
fn a_call_with_a_deadline_outside_of_a_runtime_is_an_error_and_no_panic() {
    let layer = auth(&tower_client_auth::StaticToken::new("s3cret")).build();
    let api = tower::service_fn(|_: http::Request<http_body_util::Full<bytes::Bytes>>| {
        std::future::ready(Ok::<_, tower::BoxError>(http::Response::new(
            Frames::of([]),
        )))
    });
    let mut calling = pin!(layer.layer(api).oneshot(with(Deadline::within(SECOND))));

    let polled = calling
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));

    assert!(matches!(polled, Poll::Ready(Err(_))));
}

#[tokio::test(start_paused = true)]
async fn logout_of_a_newer_epoch_ends_that_one() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    let anna = Principal::new("anna");
    send(&client, of(&anna)).await.unwrap();

    let next = client.provider().logout(&anna.at_epoch(5)).await.unwrap();

    assert_eq!(next.epoch(), 6);
    assert_eq!(
        kind_of(send(&client, of(&anna.at_epoch(5))).await),
        AuthErrorKind::SignedOut
    );
}

#[tokio::test(start_paused = true)]
async fn logout_of_an_epoch_that_has_ended_leaves_the_next_alone() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    let anna = Principal::new("anna");
    let provider = client.provider();
    let next = provider.logout(&anna).await.unwrap();
    send(&client, of(&next)).await.unwrap();

    drop(provider.logout(&anna).await); // a second tab

    send(&client, of(&next)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_signed_out_epoch_stays_ended_beyond_the_most_principals() {
    let (source, api) = (Source::new(), Api::new());
    let client = over(auth(&source).most_principals(1), &api);
    let [anna, ben] = ["anna", "ben"].map(Principal::new);
    send(&client, of(&anna)).await.unwrap();
    client.provider().logout(&anna).await.unwrap();
    send(&client, of(&ben)).await.unwrap();

    let late = send(&client, of(&anna)).await;

    assert_eq!(kind_of(late), AuthErrorKind::SignedOut);
}

#[tokio::test(start_paused = true)]
async fn beyond_the_most_the_one_not_asked_for_longest_is_fetched_again() {
    for _ in 0..20 {
        let (source, api) = (Source::new(), Api::new());
        let client = over(auth(&source).most_principals(2), &api);
        let [anna, ben, carla] = ["anna", "ben", "carla"].map(Principal::new);
        for principal in [&anna, &ben, &anna, &carla, &anna] {
            send(&client, of(principal)).await.unwrap();
        }
        assert_eq!(source.count(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_refuses_every_token_takes_no_credential_away_when_the_source_fails() {
    let (source, api) = (Source::of([token(), token(), busy(), busy()]), Api::new());
    api.close("/closed");
    let client = client(&source, &api);
    drop(send(&client, to("https://api.example/closed")).await);
    succeed(&client).await;
    pass(SECOND).await;
    drop(send(&client, to("https://api.example/closed")).await);

    succeed(&client).await;
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_expired_while_it_was_saved_is_not_sent() {
    let source = Source::of([living(SECOND), token()]);
    let (api, memory) = (Api::new(), Memory::default());
    memory.delay(Op::Save, 2 * SECOND);
    let client = over(storing(&source, &memory), &api);

    drop(send(&client, get()).await);

    assert_ne!(api.tokens(), ["token-1"]);
}

#[tokio::test(start_paused = true)]
async fn in_the_hard_window_a_source_that_hangs_does_not_cost_a_good_credential() {
    let (source, api) = (Source::of([token(), hang()]), Api::new());
    let client = client(&source, &api);
    succeed(&client).await;
    pass(HOUR - 4 * SECOND).await;

    succeed(&client).await;
}

#[tokio::test(start_paused = true)]
async fn a_stored_credential_serves_to_its_end_when_the_source_fails() {
    let (source, api) = (Source::of([busy()]), Api::new());
    let memory = Memory::with(Credential::new("kept").expires_in(HOUR));
    pass(HOUR - 4 * SECOND).await;

    succeed(&over(storing(&source, &memory), &api)).await;
}

#[cfg(feature = "follow-redirect")]
#[tokio::test(start_paused = true)]
async fn the_redirect_policy_leaves_the_callers_own_header_on_a_request_that_was_not_redirected() {
    use tower_http::follow_redirect::FollowRedirectLayer;
    let (source, api) = (Source::new(), Api::new());
    let layer = auth(&source).build();
    let follow = FollowRedirectLayer::with_policy(layer.redirect_policy());
    let client = layer.layer(follow.layer(api.clone()));
    client.clone().oneshot(get()).await.unwrap();
    let mut request = to("https://other.example/");
    request
        .headers_mut()
        .insert("authorization", "Basic bWU=".parse().unwrap());

    client.oneshot(request).await.unwrap();

    assert!(
        api.seen()[1]
            .request
            .headers()
            .contains_key("authorization")
    );
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

#[tokio::test(start_paused = true)]
async fn is_authenticated_sees_what_another_process_has_renewed() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    succeed(&client).await;
    pass(HOUR).await;
    memory.put(Credential::new("theirs").expires_in(HOUR));

    assert!(
        provider
            .is_authenticated(&provider.default_principal())
            .await
            .unwrap()
    );
}
