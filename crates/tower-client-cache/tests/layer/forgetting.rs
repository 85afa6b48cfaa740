//! What was changed, or forgotten, is not served afterwards.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http_body_util::BodyExt;
use tokio::time::{sleep, timeout};
use tower::{Service, ServiceExt};

use crate::calls::{FRESH, cache_over, get, of, send};
use crate::delayed::Delayed;
use crate::given::{Given, Reply, answer, cache, cache_with, ok, pass, request, streamed};

const FOR_ERRORS: &str = "cache-control: max-age=1, stale-if-error=600";

// RFC 9111 section 4.4
#[tokio::test(start_paused = true)]
async fn a_change_with_credentials_forgets_what_is_nobodys() {
    let given = cache();
    stored_then(&given, answer(200, "", "")).await;

    given.send(Method::PUT, "/", "authorization: a").await;

    assert_eq!(given.get("").await.text(), "new");
}

// RFC 9111 section 4.4
#[tokio::test(start_paused = true)]
async fn a_change_of_a_principal_forgets_what_is_everybodys() {
    let given = cache_with(|builder| builder.shared());
    stored_then(&given, answer(200, "", "")).await;

    let put = of("anna", request(Method::PUT, "/", ""));
    given.call(put).await.unwrap();

    assert_eq!(given.get("").await.text(), "new");
}

#[tokio::test(start_paused = true)]
async fn a_change_whose_caller_left_forgets_all_the_same() {
    let given = cache();
    stored_then(&given, Reply::Never).await;

    let put = given.send(Method::PUT, "/", "");
    let left = timeout(Duration::from_secs(1), put).await;

    assert!(left.is_err(), "it was answered");
    assert_eq!(given.get("").await.text(), "new");
}

#[tokio::test(start_paused = true)]
async fn a_change_whose_caller_left_while_it_was_forgotten_forgets_all_the_same() {
    let given = cache_over(Delayed {
        delete: Duration::from_secs(5),
        ..Delayed::default()
    });
    stored_then(&given, answer(200, "", "")).await;

    let put = given.send(Method::PUT, "/", "");
    // It may have been answered before all is forgotten, too.
    drop(timeout(Duration::from_secs(1), put).await);

    sleep(Duration::from_secs(20)).await;
    assert_eq!(given.get("").await.text(), "new");
}

#[tokio::test(start_paused = true)]
async fn what_was_forgotten_meanwhile_does_not_stand_in_for_an_error() {
    let given = cache();
    given.origin.reply(ok(FOR_ERRORS, "old"));
    given.get("").await;
    pass(5).await;
    let reply = given.origin.later();
    let call = given.start("").await;

    given.handle.clear().await.unwrap();
    send(reply, answer(503, "", "down"));

    assert_eq!(call.await.unwrap().text(), "down");
}

#[tokio::test(start_paused = true)]
async fn what_was_forgotten_before_the_first_poll_stands_in_for_nothing() {
    let given = cache();
    given.origin.reply(ok(FOR_ERRORS, "old"));
    given.get("").await;
    pass(5).await;
    given.origin.reply(answer(503, "", "down"));
    let mut cache = given.cache.clone();
    let call = cache.ready().await.unwrap().call(get(""));

    given.handle.clear().await.unwrap();
    let body = call.await.unwrap().into_body().collect().await;

    assert_eq!(body.unwrap().to_bytes(), "down");
}

/// Such a call waits for nobody, and so does not look again.
#[tokio::test(start_paused = true)]
async fn what_was_forgotten_before_the_first_poll_of_a_reload_stands_in_for_nothing() {
    let given = cache();
    given.origin.reply(ok(FOR_ERRORS, "old"));
    given.get("").await;
    pass(5).await;
    given.origin.reply(answer(503, "", "down"));
    let mut cache = given.cache.clone();
    let reload = get("cache-control: no-cache, stale-if-error=60");
    let call = cache.ready().await.unwrap().call(reload);

    given.handle.clear().await.unwrap();
    let body = call.await.unwrap().into_body().collect().await;

    assert_eq!(body.unwrap().to_bytes(), "down");
}

// RFC 9111 section 4: of several the most recent one is used, by its Date.
#[tokio::test(start_paused = true)]
async fn an_older_answer_does_not_replace_a_newer_one() {
    let given = cache();
    let (reply, body) = streamed("cache-control: max-age=600 | date: @0");
    given.origin.reply(reply);
    let slow = given.open("").await;
    pass(5).await;
    let newer = "cache-control: max-age=600 | date: @5";
    given.origin.reply(ok(newer, "new"));
    given.get("cache-control: no-cache").await;
    assert_eq!(given.get("").await.text(), "new");

    body.send(Ok(Bytes::from_static(b"old"))).unwrap();
    drop(body);
    let slow = slow.into_body().collect().await;

    assert_eq!(slow.unwrap().to_bytes(), "old");
    assert_eq!(given.get("").await.text(), "new");
}

/// Stores an answer. The next request, which changes it, is answered with this; the one after it
/// with what it is then.
async fn stored_then(given: &Given, changed: Reply) {
    given.origin.reply(ok(FRESH, "old"));
    given.get("").await;
    given.origin.reply(changed).reply(ok(FRESH, "new"));
}
