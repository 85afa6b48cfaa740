//! What happens while a fetch is under way.

use std::time::Duration;

use tokio::time::timeout;
use tower_client_auth::{AuthErrorKind, Credential};

use crate::script::{
    Api, HOUR, Memory, SECOND, Source, answer, busy, client, get, over, pass, secret, send, settle,
    storing, succeed, token,
};

/// When an hour's token is renewed in the background.
const SOFT: Duration = Duration::from_secs(3600 - 350);

#[tokio::test(start_paused = true)]
async fn a_refresh_begun_before_a_refusal_is_not_used() {
    let source = Source::of([token(), token().after(10 * SECOND), token()]);
    let (api, memory) = (Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    succeed(&client).await;
    pass(SOFT).await;
    succeed(&client).await;
    settle().await;
    assert_eq!(source.count(), 2);
    api.revoke("token-1");

    succeed(&client).await;

    assert_eq!(api.tokens()[2..], ["token-1", "token-3"]);
    let previous = source.asked()[2].previous.clone().unwrap();
    assert_eq!(secret(&previous), "token-2");
    assert_eq!(memory.kept().as_deref(), Some("token-3"));
}

#[tokio::test(start_paused = true)]
async fn when_the_refresh_after_it_fails_the_overtaken_one_is_not_used_either() {
    let source = Source::of([token(), token().after(10 * SECOND), busy()]);
    let api = Api::new();
    let client = client(&source, &api);
    succeed(&client).await;
    pass(SOFT).await;
    succeed(&client).await;
    settle().await;
    api.revoke("token-1");

    let kind = crate::script::kind_of(send(&client, get()).await);
    pass(2 * SECOND).await;
    succeed(&client).await;

    assert_eq!(kind, AuthErrorKind::Unavailable);
    assert_eq!(api.tokens()[2..], ["token-1", "token-3"]);
}

#[tokio::test(start_paused = true)]
async fn the_refusal_of_an_older_credential_overtakes_nothing() {
    let replies = [answer(401).after(SOFT + 5 * SECOND), answer(401)];
    let source = Source::of([token(), token(), token().after(10 * SECOND)]);
    let api = Api::of(replies);
    let client = client(&source, &api);
    let slow = tokio::spawn({
        let client = client.clone();
        async move { succeed(&client).await }
    });
    settle().await;
    succeed(&client).await;
    pass(SOFT).await;
    succeed(&client).await;
    settle().await;
    assert_eq!(source.count(), 3);

    slow.await.unwrap();
    pass(10 * SECOND).await;
    succeed(&client).await;

    let tokens = [
        "token-1", "token-1", "token-2", "token-2", "token-2", "token-3",
    ];
    assert_eq!(api.tokens(), tokens);
    assert_eq!(source.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_is_set_wins_over_a_fetch_under_way() {
    let source = Source::of([token().after(10 * SECOND)]);
    let (api, memory) = (Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    let owner = provider.default_principal();
    let mut waiting = Box::pin(send(&client, get()));
    assert!(timeout(SECOND, &mut waiting).await.is_err());

    let brought = Credential::new("brought").expires_in(HOUR);
    let (set, answered) = tokio::join!(provider.set(&owner, brought), waiting);
    pass(20 * SECOND).await;
    succeed(&client).await;

    set.unwrap();
    assert_eq!(answered.unwrap().status(), 200);
    assert_eq!(api.tokens(), ["brought", "brought"]);
    assert_eq!(memory.kept().as_deref(), Some("brought"));
}
