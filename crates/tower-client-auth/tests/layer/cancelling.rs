//! Callers that leave.

use tokio::time::timeout;
use tower::Service;
use tower::limit::ConcurrencyLimit;
use tower_client_auth::Auth;

use crate::script::{
    Api, Frames, MILLISECOND, Readiness, SECOND, Source, Then, answer, auth, get, no_answer, over,
    ready, send, settle, succeed, token,
};

#[tokio::test(start_paused = true)]
async fn before_it_was_polled() {
    let (source, api) = (Source::new(), Api::new());
    let (mut client, limited) = limited(&source, &api);

    drop(ready(&mut client).await.call(get()));
    settle().await;

    assert_nothing_held(limited).await;
    assert_eq!(source.count(), 0);
    drop(client);
}

#[tokio::test(start_paused = true)]
async fn while_a_credential_is_waited_for() {
    let (source, api) = (Source::of([token().after(5 * SECOND)]), Api::new());

    left_after(SECOND, &source, &api).await;

    assert_eq!(
        (api.tokens(), source.left()),
        (vec!["token-1".to_owned()], 0)
    );
}

#[tokio::test(start_paused = true)]
async fn while_the_service_gets_ready_for_it() {
    let (source, api) = (Source::of([token().after(SECOND)]), Api::new());
    let (mut client, limited) = limited(&source, &api);
    let calling = ready(&mut client).await.call(get());
    let _api = api.clone().readiness(1, Readiness::Until(5 * SECOND));

    assert!(timeout(2 * SECOND, calling).await.is_err());

    drop(client);
    assert_nothing_held(limited).await;
    assert_eq!(source.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn while_the_request_is_answered() {
    let (source, api) = (Source::new(), Api::of([no_answer()]));

    left_after(SECOND, &source, &api).await;

    assert_eq!(
        (api.tokens(), source.count()),
        (vec!["token-1".to_owned(); 2], 1)
    );
}

#[tokio::test(start_paused = true)]
async fn while_a_refusal_is_read_it_is_none_yet() {
    let body = Frames::of(["expired"]).then(Then::Stall);
    let watched = body.watched();
    let (source, api) = (Source::new(), Api::of([answer(401).body(body)]));

    left_after(100 * MILLISECOND, &source, &api).await;

    assert!(watched.fate().dropped.is_some());
    assert_eq!(
        (api.tokens(), source.count()),
        (vec!["token-1".to_owned(); 2], 1)
    );
}

#[tokio::test(start_paused = true)]
async fn while_another_credential_is_waited_for() {
    let source = Source::of([token(), token().after(5 * SECOND)]);
    let body = Frames::of(["expired"]);
    let watched = body.watched();
    let api = Api::of([answer(401).body(body)]);

    left_after(SECOND, &source, &api).await;

    assert!(watched.fate().dropped.is_some());
    assert_eq!(api.tokens(), ["token-1", "token-2"]);
    assert_eq!((source.count(), source.left()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn while_the_service_gets_ready_for_the_replay() {
    let (source, api) = (Source::new(), Api::of([answer(401)]));
    let api = api.readiness(2, Readiness::Until(5 * SECOND));

    left_after(SECOND, &source, &api).await;

    assert_eq!(
        (api.tokens(), source.count()),
        (vec!["token-1".to_owned(), "token-2".to_owned()], 2)
    );
}

#[tokio::test(start_paused = true)]
async fn while_the_replay_is_answered() {
    let (source, api) = (Source::new(), Api::of([answer(401), no_answer()]));

    left_after(SECOND, &source, &api).await;

    assert_eq!(api.tokens(), ["token-1", "token-2", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn one_of_many_who_wait_takes_nothing_from_the_others() {
    let (source, api) = (Source::of([token().after(2 * SECOND)]), Api::new());
    let client = over(auth(&source), &api);

    let (left, ()) = tokio::join!(timeout(SECOND, send(&client, get())), succeed(&client));

    assert!(left.is_err());
    assert_eq!((source.count(), source.left()), (1, 0));
}

/// A caller leaves after this time; then the next call goes through.
async fn left_after(time: std::time::Duration, source: &Source, api: &Api) {
    let (client, limited) = limited(source, api);
    let calling = send(&client, get());
    assert!(timeout(time, calling).await.is_err(), "it ended before");

    assert_nothing_held(limited).await;
    let answer = timeout(10 * SECOND, send(&client, get())).await;
    assert_eq!(answer.expect("something is held").unwrap().status(), 200);
}

/// A client of this API that has one permit.
fn limited(source: &Source, api: &Api) -> (Auth<ConcurrencyLimit<Api>>, ConcurrencyLimit<Api>) {
    let limited = ConcurrencyLimit::new(api.clone(), 1);
    (over(auth(source), &limited), limited)
}

async fn assert_nothing_held(mut limited: ConcurrencyLimit<Api>) {
    let ready = timeout(6 * SECOND, ready(&mut limited)).await;
    assert!(ready.is_ok(), "a permit is held");
}
