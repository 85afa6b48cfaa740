//! What becomes of an answer whose caller stops reading.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use tower_client_cache::Abandoned;
use tower_client_call::CacheOutcome;

use crate::calls::{FRESH, settle};
use crate::given::{cache, cache_with, ok, pass, streamed};

const ON: Abandoned = Abandoned::Finished {
    time: Duration::from_secs(5),
    bytes: 10,
};

#[tokio::test(start_paused = true)]
async fn it_is_dropped_unless_told_otherwise() {
    let given = cache();
    let (reply, body) = streamed(FRESH);
    given.origin.reply(reply).reply(ok(FRESH, "another"));
    let mut response = given.open("").await;
    body.send(Ok(Bytes::from_static(b"be"))).unwrap();
    response.body_mut().frame().await.unwrap().unwrap();

    drop(response);
    settle().await;

    assert!(body.is_closed());
    assert_eq!(given.get("").await.text(), "another");
}

#[tokio::test(start_paused = true)]
async fn it_can_be_read_to_its_end_for_others() {
    let given = cache_with(|builder| builder.abandoned(ON));
    let (reply, body) = streamed(FRESH);
    given.origin.reply(reply);
    drop(given.open("").await);
    settle().await;

    body.send(Ok(Bytes::from_static(b"begun"))).unwrap();
    drop(body);
    settle().await;

    let got = given.get("").await;
    assert_eq!((got.text(), got.outcome), ("begun", CacheOutcome::Hit));
}

#[tokio::test(start_paused = true)]
async fn it_is_read_no_further_than_allowed() {
    let given = cache_with(|builder| builder.abandoned(ON));
    let (reply, body) = streamed(FRESH);
    given.origin.reply(reply).reply(ok(FRESH, "another"));
    drop(given.open("").await);

    body.send(Ok(Bytes::from_static(b"eleven byte"))).unwrap();
    settle().await;

    assert!(body.is_closed());
    assert_eq!(given.get("").await.text(), "another");
}

#[tokio::test(start_paused = true)]
async fn it_is_read_no_longer_than_allowed() {
    let given = cache_with(|builder| builder.abandoned(ON));
    let (reply, body) = streamed(FRESH);
    given.origin.reply(reply);
    drop(given.open("").await);
    settle().await;
    assert!(!body.is_closed());

    pass(5).await;
    settle().await;

    assert!(body.is_closed());
    assert_eq!(given.handle.stats().in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn what_announces_more_than_allowed_is_not_read_on() {
    let given = cache_with(|builder| builder.abandoned(ON));
    let body = "0123456789ab";
    given
        .origin
        .reply(ok("cache-control: max-age=60 | content-length: 12", body))
        .reply(ok(FRESH, "another"));

    drop(given.open("").await);
    settle().await;

    assert_eq!(given.get("").await.text(), "another");
}
