//! Processes that share a store.

use std::time::Duration;

use tower_client_auth::{Credential, Issuer};

use crate::script::{
    Api, HOUR, Memory, Op, SECOND, Source, auth, over, pass, secret, storing, succeed, token,
};

#[tokio::test(start_paused = true)]
async fn of_several_that_start_together_one_fetches() {
    let (source, api) = (Source::of([token().after(SECOND)]), Api::new());
    let memory = Memory::default();
    let processes = [(); 3].map(|()| over(storing(&source, &memory), &api));

    let [one, two, three] = &processes;
    tokio::join!(succeed(one), succeed(two), succeed(three));

    assert_eq!(source.count(), 1);
    assert_eq!(api.tokens(), ["token-1"; 3]);
}

#[tokio::test(start_paused = true)]
async fn the_next_process_goes_on_where_the_last_ended() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    succeed(&over(storing(&source, &memory), &api)).await;

    succeed(&over(storing(&source, &memory), &api)).await;

    assert_eq!(source.count(), 1);
    assert_eq!(api.tokens(), ["token-1", "token-1"]);
}

#[tokio::test(start_paused = true)]
async fn what_another_has_renewed_is_adopted_and_not_fetched() {
    let (source, api) = (Source::new(), Api::new());
    let memory = Memory::default();
    let client = over(storing(&source, &memory), &api);
    succeed(&client).await;
    pass(HOUR).await;
    memory.put(Credential::new("theirs").expires_in(HOUR));

    succeed(&client).await;

    assert_eq!(source.count(), 1);
    assert_eq!(api.tokens(), ["token-1", "theirs"]);
    assert_eq!(memory.count(Op::Save), 1);
}

#[tokio::test(start_paused = true)]
async fn what_another_has_renewed_is_adopted_after_a_refusal_too() {
    let (source, api) = (Source::new(), Api::new());
    let memory = Memory::default();
    let client = over(storing(&source, &memory), &api);
    succeed(&client).await;
    api.revoke("token-1");
    memory.put(Credential::new("theirs").expires_in(HOUR));

    succeed(&client).await;

    assert_eq!(source.count(), 1);
    assert_eq!(api.tokens(), ["token-1", "token-1", "theirs"]);
}

#[tokio::test(start_paused = true)]
async fn the_refused_one_is_not_adopted_from_the_store_again() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    succeed(&client).await;
    api.revoke("token-1");

    succeed(&client).await;

    assert_eq!(api.tokens(), ["token-1", "token-1", "token-2"]);
    assert_eq!(memory.kept().as_deref(), Some("token-2"));
}

#[tokio::test(start_paused = true)]
async fn a_fetch_goes_on_from_what_another_has_stored_last_though_it_has_expired() {
    let (source, api) = (Source::new(), Api::new());
    let memory = Memory::default();
    let client = over(storing(&source, &memory), &api);
    succeed(&client).await;
    pass(HOUR).await;
    memory.put(Credential::new("theirs").expires_in(Duration::ZERO));

    succeed(&client).await;

    let previous = source.asked()[1].previous.clone().unwrap();
    assert_eq!(secret(&previous), "theirs");
    assert_eq!(api.tokens(), ["token-1", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn one_that_waits_for_the_lock_takes_what_the_other_fetched() {
    let (source, api) = (Source::of([token(), token().after(5 * SECOND)]), Api::new());
    let memory = Memory::default();
    let [one, two] = [(); 2].map(|()| over(storing(&source, &memory), &api));
    succeed(&one).await;
    succeed(&two).await;
    pass(HOUR).await;

    tokio::join!(succeed(&one), succeed(&two));

    assert_eq!(source.count(), 2);
    assert_eq!(api.tokens(), ["token-1", "token-1", "token-2", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_another_has_signed_out_is_not_gone_on_with() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let [one, two] = [(); 2].map(|()| over(storing(&source, &memory), &api));
    succeed(&one).await;
    succeed(&two).await;
    let provider = one.provider();
    provider
        .logout(&provider.default_principal())
        .await
        .unwrap();
    pass(HOUR).await;

    succeed(&two).await;

    assert_eq!(source.count(), 2);
    assert!(source.asked()[1].previous.is_none());
}

#[tokio::test(start_paused = true)]
async fn one_user_name_at_two_issuers_is_two_credentials() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    for issuer in [
        Issuer::new("https://login.example"),
        Issuer::new("https://other.example"),
        Issuer::new("https://login.example").realm("guests"),
    ] {
        let builder = auth(&source).persist(memory.clone(), issuer);
        succeed(&over(builder, &api)).await;
    }

    assert_eq!(api.tokens(), ["token-1", "token-2", "token-3"]);
    assert_eq!(memory.kept().as_deref(), Some("token-1"));
}
