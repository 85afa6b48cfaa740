//! What a service below hands out by becoming ready.

use tokio::time::timeout;
use tower::buffer::Buffer;
use tower::limit::ConcurrencyLimit;
use tower::{Service, ServiceExt};

use crate::script::{
    Api, HOUR, SECOND, Source, answer, auth, get, hang, over, pass, ready, send, token,
};

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_credential_holds_none() {
    let (source, api) = (Source::of([hang()]), Api::new());
    let limited = ConcurrencyLimit::new(api.clone(), 1);
    let client = over(auth(&source), &limited);
    let mut waiting = Box::pin(send(&client, get()));
    assert!(timeout(SECOND, &mut waiting).await.is_err());

    let other = timeout(SECOND, limited.oneshot(get())).await;

    assert!(other.is_ok_and(|answer| answer.is_ok()));
    drop(waiting);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_another_credential_holds_none() {
    let source = Source::of([token(), token().after(10 * SECOND)]);
    let api = Api::of([answer(401)]);
    let limited = ConcurrencyLimit::new(api.clone(), 1);
    let client = over(auth(&source), &limited);
    let mut waiting = Box::pin(send(&client, get()));
    assert!(timeout(SECOND, &mut waiting).await.is_err());

    let other = timeout(SECOND, limited.oneshot(get())).await;

    assert!(other.is_ok_and(|answer| answer.is_ok()));
    assert_eq!(waiting.await.unwrap().status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_was_readied_and_not_called_can_still_be_called() {
    let (source, api) = (Source::new(), Api::new());
    let limited = ConcurrencyLimit::new(api.clone(), 1);
    let mut client = over(auth(&source), &limited);
    ready(&mut client).await.call(get()).await.unwrap();

    ready(&mut client).await;
    pass(HOUR).await;
    let answer = ready(&mut client).await.call(get()).await;

    assert_eq!(answer.unwrap().status(), 200);
    assert_eq!(api.tokens(), ["token-1", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_buffer_below_is_asked_for_every_request() {
    let (source, api) = (Source::new(), Api::new());
    api.revoke("token-1");
    let client = over(auth(&source), &Buffer::new(api.clone(), 1));

    let answer = send(&client, get()).await;

    assert_eq!(answer.unwrap().status(), 200);
    assert_eq!(api.tokens(), ["token-1", "token-2"]);
}
