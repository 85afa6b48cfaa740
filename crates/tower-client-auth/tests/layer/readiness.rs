//! A service below that is not always ready.

use std::time::Duration;

use tokio::time::timeout;
use tower::Service;

use crate::script::{Api, Readiness, SECOND, Source, client, get, ready, send, succeed, token};

/// [`Api`] panics when it is called without being ready, here and in every other test.
#[tokio::test(start_paused = true)]
async fn every_request_is_sent_by_a_service_that_is_ready() {
    let (source, api) = (Source::of([token().after(SECOND)]), Api::new());
    let mut client = client(&source, &api);
    api.revoke("token-1");

    // Waited for, replayed, sent at once: each by a service that was made ready for it.
    for _ in 0..3 {
        ready(&mut client).await.call(get()).await.unwrap();
    }

    assert_eq!(api.tokens(), ["token-1", "token-2", "token-2", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_not_ready_is_not_called() {
    let (source, api) = (Source::new(), Api::new());
    let api = api.readiness(1, Readiness::Never);

    let waited = timeout(SECOND, send(&client(&source, &api), get())).await;

    assert!(waited.is_err());
    assert_eq!((source.count(), api.seen().len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_fails_fails_the_call() {
    for request in 1..=2 {
        let (source, api) = (Source::new(), Api::new());
        let api = api.readiness(request, Readiness::Fails);
        api.revoke("token-1");

        let error = send(&client(&source, &api), get()).await.unwrap_err();

        assert_eq!(error.to_string(), "the pool is closed");
        assert_eq!(api.seen().len(), request - 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_replay_waits_until_the_service_is_ready() {
    let (source, api) = (Source::new(), Api::new());
    let api = api.readiness(2, Readiness::Until(5 * SECOND));
    api.revoke("token-1");

    succeed(&client(&source, &api)).await;

    let times: Vec<_> = api.seen().into_iter().map(|seen| seen.at).collect();
    assert_eq!(times, [Duration::ZERO, 5 * SECOND]);
}

#[tokio::test(start_paused = true)]
async fn who_has_waited_for_a_credential_waits_until_the_service_is_ready() {
    let (source, api) = (Source::of([token().after(SECOND)]), Api::new());
    let mut client = client(&source, &api);
    let calling = ready(&mut client).await.call(get());
    let _api = api.clone().readiness(1, Readiness::Until(5 * SECOND));

    calling.await.unwrap();

    assert_eq!(api.seen()[0].at, 5 * SECOND);
}
