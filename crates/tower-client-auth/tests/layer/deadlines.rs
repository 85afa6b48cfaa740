//! Calls that are of no use after a while.

use tower_client_auth::AuthErrorKind;
use tower_client_call::{Deadline, Delivery, DeliveryError};

use crate::script::{Api, SECOND, Source, answer, auth_error, client, send, succeed, token, with};

#[tokio::test(start_paused = true)]
async fn a_credential_is_waited_for_until_the_deadline_and_fetched_all_the_same() {
    let (source, api) = (Source::of([token().after(10 * SECOND)]), Api::new());
    let client = client(&source, &api);

    let error = send(&client, with(Deadline::within(3 * SECOND)))
        .await
        .unwrap_err();

    assert_eq!(api.elapsed(), 3 * SECOND);
    assert_eq!(Delivery::of(&*error), Delivery::NotSent);
    assert!(!DeliveryError::is_permanent(&*error));
    assert_eq!(auth_error(Err(error)).kind(), AuthErrorKind::Deadline);
    succeed(&client).await;
    assert_eq!((source.count(), source.left()), (1, 0));
    assert_eq!(api.elapsed(), 10 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_credential_in_time_is_used() {
    let (source, api) = (Source::of([token().after(SECOND)]), Api::new());

    let answer = send(&client(&source, &api), with(Deadline::within(3 * SECOND))).await;

    assert_eq!(answer.unwrap().status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_has_passed_stops_nothing_that_need_not_wait() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    succeed(&client).await;
    let now = Deadline::within(SECOND - SECOND);

    let answer = send(&client, with(now)).await;

    assert_eq!(answer.unwrap().status(), 200);
}

#[tokio::test(start_paused = true)]
async fn another_credential_after_a_refusal_is_waited_for_until_the_deadline() {
    let source = Source::of([token(), token().after(10 * SECOND)]);
    let api = Api::of([answer(401).after(SECOND)]);
    let client = client(&source, &api);

    let answer = send(&client, with(Deadline::within(3 * SECOND))).await;

    assert_eq!(auth_error(answer).kind(), AuthErrorKind::Deadline);
    assert_eq!(api.elapsed(), 3 * SECOND);
    succeed(&client).await;
    assert_eq!(api.tokens(), ["token-1", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_does_not_hasten_the_service() {
    let (source, api) = (Source::new(), Api::of([answer(200).after(10 * SECOND)]));

    let answer = send(&client(&source, &api), with(Deadline::within(SECOND))).await;

    assert_eq!(answer.unwrap().status(), 200);
}
