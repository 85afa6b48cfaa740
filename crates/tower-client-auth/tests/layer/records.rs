//! What is written down of a call.

use std::time::Duration;

use tower_client_call::{Attempt, CallRecord, CallSnapshot};

use crate::script::{
    Api, HOUR, SECOND, Source, answer, client, get, pass, recorded, send, settle, succeed, token,
};

#[tokio::test(start_paused = true)]
async fn a_call_that_need_not_wait_has_nothing_to_tell() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    succeed(&client).await;
    let (request, record) = recorded(get());

    send(&client, request).await.unwrap();

    assert_eq!(record.snapshot(), CallRecord::new().snapshot());
}

#[tokio::test(start_paused = true)]
async fn a_replay_is_counted_as_one_and_not_as_an_attempt() {
    let (source, api) = (Source::new(), Api::of([answer(401)]));
    let (request, record) = recorded(get());

    send(&client(&source, &api), request).await.unwrap();

    let snapshot = record.snapshot();
    assert_eq!((snapshot.replays, snapshot.attempts), (1, 1));
    for seen in api.seen() {
        assert_eq!(seen.request.extensions().get::<Attempt>(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_is_not_replayed_is_not_counted() {
    let source = Source::of([crate::script::named("key"), crate::script::named("key")]);
    let (request, record) = recorded(get());

    send(&client(&source, &Api::of([answer(401)])), request)
        .await
        .unwrap();

    assert_eq!(record.snapshot().replays, 0);
}

#[tokio::test(start_paused = true)]
async fn the_fetch_is_counted_for_the_call_that_began_it_and_the_wait_for_all() {
    let (source, api) = (Source::of([token().after(3 * SECOND)]), Api::new());
    let client = client(&source, &api);
    let [(first, one), (second, two)] = [recorded(get()), recorded(get())];

    let (first, second) = tokio::join!(send(&client, first), async {
        pass(SECOND).await;
        send(&client, second).await
    });

    assert!(first.is_ok() && second.is_ok());
    assert_eq!(told(one.snapshot()), (1, 3 * SECOND));
    assert_eq!(told(two.snapshot()), (0, 2 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn every_wait_of_a_call_is_added_up_and_the_services_time_is_none() {
    let source = Source::of([token().after(SECOND), token().after(2 * SECOND)]);
    let api = Api::of([answer(401).after(5 * SECOND), answer(200).after(5 * SECOND)]);
    let (request, record) = recorded(get());

    send(&client(&source, &api), request).await.unwrap();

    assert_eq!(told(record.snapshot()), (2, 3 * SECOND));
    assert_eq!(record.snapshot().backoff, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_in_the_background_is_counted_and_not_waited_for() {
    let (source, api) = (Source::of([token(), token().after(SECOND)]), Api::new());
    let client = client(&source, &api);
    succeed(&client).await;
    pass(HOUR - 60 * SECOND).await;
    let (request, record) = recorded(get());

    send(&client, request).await.unwrap();
    settle().await;

    assert_eq!(told(record.snapshot()), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_failed_is_one_too() {
    let source = Source::of([crate::script::busy().after(3 * SECOND)]);
    let (request, record) = recorded(get());

    let answer = send(&client(&source, &Api::new()), request).await;

    assert!(answer.is_err());
    assert_eq!(told(record.snapshot()), (1, 3 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn what_a_store_had_is_no_fetch() {
    use crate::script::{Memory, Op, over, storing};
    let kept = tower_client_auth::Credential::new("kept").expires_in(HOUR);
    let (source, memory) = (Source::new(), Memory::with(kept));
    memory.delay(Op::Load, SECOND);
    let (request, record) = recorded(get());

    let client = over(storing(&source, &memory), &Api::new());
    send(&client, request).await.unwrap();

    assert_eq!(told(record.snapshot()), (0, SECOND));
}

fn told(snapshot: CallSnapshot) -> (u32, Duration) {
    (snapshot.token_fetches, snapshot.credential_wait)
}
