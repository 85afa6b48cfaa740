//! A source that fails, and what callers are told.

use std::error::Error;
use std::time::Duration;

use tower_client_auth::{AuthError, AuthErrorKind, TokenError};
use tower_client_call::{Delivery, DeliveryError};

use crate::script::{
    Api, HOUR, MILLISECOND, SECOND, Source, auth_error, busy, client, fail, failure, get, kind_of,
    pass, send, succeed, token,
};

#[tokio::test(start_paused = true)]
async fn a_source_that_fails_is_left_alone_from_a_second_to_a_minute() {
    let source = Source::of(std::iter::repeat_with(busy).take(9));
    let (client, mut asked) = (client(&source, &Api::new()), 0);

    for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
        fail(&client).await;
        asked += 1;
        pass(Duration::from_secs(seconds) - MILLISECOND).await;
        fail(&client).await;

        assert_eq!(source.count(), asked, "after {seconds} s");
        // Waits are longer by up to a quarter.
        pass(Duration::from_millis(250 * seconds + 2)).await;
    }
    fail(&client).await;
    assert_eq!(source.count(), asked + 1);
}

#[tokio::test(start_paused = true)]
async fn a_success_ends_the_back_off() {
    let source = Source::of([busy(), busy(), busy(), token(), busy()]);
    let (api, mut waited) = (Api::new(), Vec::new());
    let client = client(&source, &api);
    for _ in 0..3 {
        fail(&client).await;
        pass(5 * SECOND).await;
    }
    succeed(&client).await;
    pass(HOUR).await;

    fail(&client).await;
    while source.count() < 6 {
        pass(SECOND / 4).await;
        waited.push(kind_of_next(&client).await);
    }

    assert!((4..=5).contains(&waited.len()), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_says_when_is_asked_then() {
    let error = TokenError::transient("busy").after(100 * SECOND);
    let (source, api) = (Source::of([failure(error)]), Api::new());
    let client = client(&source, &api);

    let error = send(&client, get()).await.unwrap_err();
    pass(40 * SECOND).await;
    let later = send(&client, get()).await.unwrap_err();

    assert_eq!(DeliveryError::wait_of(&*error), Some(100 * SECOND));
    assert_eq!(DeliveryError::wait_of(&*later), Some(60 * SECOND));
    pass(60 * SECOND - MILLISECOND).await;
    fail(&client).await;
    assert_eq!(source.count(), 1);
    pass(MILLISECOND).await;
    succeed(&client).await;
}

#[tokio::test(start_paused = true)]
async fn the_old_credential_serves_through_failures_to_its_very_end() {
    let failures = std::iter::repeat_with(busy).take(1000);
    let source = Source::of([token()].into_iter().chain(failures));
    let api = Api::new();
    let client = client(&source, &api);
    succeed(&client).await;
    pass(HOUR - 400 * SECOND).await;

    for _ in 0..399 {
        pass(SECOND).await;
        succeed(&client).await;
    }
    pass(SECOND - 20 * MILLISECOND).await;
    succeed(&client).await;
    pass(20 * MILLISECOND).await;

    fail(&client).await;
    assert!(api.tokens().iter().all(|token| token == "token-1"));
    // In the background by ever longer back-offs, and not at each call.
    assert!((7..=14).contains(&source.count()), "{}", source.count());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waited_for_a_renewal_that_failed_uses_the_old_credential() {
    let source = Source::of([token(), busy().after(SECOND)]);
    let api = Api::new();
    let client = client(&source, &api);
    succeed(&client).await;
    pass(HOUR - 3 * SECOND).await;

    succeed(&client).await;

    assert_eq!(api.tokens(), ["token-1", "token-1"]);
    assert_eq!(source.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_error_says_that_nothing_was_sent_and_leads_down_to_the_sources_own() {
    #[derive(Debug, thiserror::Error)]
    #[error("the login host is down")]
    struct Down;
    for (error, permanent, level) in [
        (
            TokenError::transient(Down),
            false,
            "the token source failed",
        ),
        (
            TokenError::permanent(Down),
            true,
            "the token source was refused",
        ),
    ] {
        let source = Source::of([failure(error)]);

        let error = send(&client(&source, &Api::new()), get())
            .await
            .unwrap_err();

        assert_eq!(Delivery::of(&*error), Delivery::NotSent);
        assert_eq!(DeliveryError::is_permanent(&*error), permanent);
        assert_eq!(DeliveryError::wait_of(&*error), None);
        let found = AuthError::find(&*error).unwrap();
        assert_eq!(found.is_permanent(), permanent);
        let texts = chain(&*error);
        let told = [
            "the request was not sent",
            "no credential could be obtained",
            level,
            "the login host is down",
        ];
        assert_eq!(texts, told);
        let last = tower_client_call::causes(&*error).last().unwrap();
        assert!(last.is::<Down>());
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_back_off_says_how_long_and_why() {
    let (source, api) = (Source::of([busy()]), Api::new());
    let client = client(&source, &api);
    fail(&client).await;

    let error = send(&client, get()).await.unwrap_err();

    let wait = DeliveryError::wait_of(&*error).unwrap();
    assert!(wait > SECOND && wait <= SECOND * 5 / 4, "{wait:?}");
    assert_eq!(Delivery::of(&*error), Delivery::NotSent);
    let told = [
        "the request was not sent",
        "no credential could be obtained a moment ago",
        "no credential could be obtained",
        "the token source failed",
        "busy",
    ];
    assert_eq!(chain(&*error), told);
    assert_eq!(auth_error(Err(error)).retry_after(), Some(wait));
    pass(wait).await;
    succeed(&client).await;
}

fn chain(error: &(dyn Error + 'static)) -> Vec<String> {
    let causes = tower_client_call::causes(error);
    causes.map(ToString::to_string).collect()
}

async fn kind_of_next(client: &tower_client_auth::Auth<Api>) -> Option<AuthErrorKind> {
    let answer = send(client, get()).await;
    answer.is_err().then(|| kind_of(answer))
}
