//! Credentials that were obtained elsewhere.

use tokio::time::timeout;
use tower_client_auth::{AuthErrorKind, Credential, RefreshToken};

use crate::script::{
    Api, HOUR, Memory, Op, SECOND, Source, client, get, over, pass, secret, send, settle, storing,
    succeed, token,
};

#[tokio::test(start_paused = true)]
async fn set_stores_first_and_then_puts_in_force() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    memory.delay(Op::Save, SECOND);
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    let owner = provider.default_principal();
    let brought = Credential::new("brought").expires_in(HOUR);

    let (set, during) = tokio::join!(provider.set(&owner, brought), async {
        pass(SECOND / 2).await;
        provider.is_authenticated(&owner).await.unwrap()
    });
    succeed(&client).await;

    set.unwrap();
    assert!(!during);
    assert_eq!(memory.log()[..3], [Op::Lock, Op::Save, Op::Load]);
    assert_eq!(
        (memory.kept().as_deref(), source.count()),
        (Some("brought"), 0)
    );
    assert_eq!(api.tokens(), ["brought"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_set_is_what_the_next_fetch_goes_on_from() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    let provider = client.provider();
    let brought = Credential::new("brought").with(RefreshToken::from("r3fresh"));
    let owner = provider.default_principal();
    provider
        .set(&owner, brought.expires_in(HOUR))
        .await
        .unwrap();

    pass(HOUR).await;
    succeed(&client).await;

    let previous = source.asked()[0].previous.clone().unwrap();
    assert_eq!(secret(&previous), "brought");
    assert!(previous.get::<RefreshToken>().is_some());
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_stored_or_sent_is_not_set_and_the_one_in_force_stays() {
    for (secret, kind) in [
        ("brought", AuthErrorKind::Store),
        ("two\nlines", AuthErrorKind::Unusable),
    ] {
        let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
        let client = over(storing(&source, &memory), &api);
        let provider = client.provider();
        succeed(&client).await;
        if kind == AuthErrorKind::Store {
            memory.fail(Op::Save, 10);
        }

        let brought = Credential::new(secret);
        let set = provider.set(&provider.default_principal(), brought).await;
        succeed(&client).await;

        assert_eq!(set.unwrap_err().kind(), kind);
        assert_eq!(api.tokens(), ["token-1", "token-1"]);
        assert_eq!(memory.kept().as_deref(), Some("token-1"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_set_is_kept_also_when_the_caller_leaves() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    memory.delay(Op::Save, 5 * SECOND);
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    let owner = provider.default_principal();

    let set = provider.set(&owner, Credential::new("brought"));
    assert!(timeout(SECOND, set).await.is_err());
    succeed(&client).await;

    assert_eq!(memory.kept().as_deref(), Some("brought"));
    assert_eq!(
        (api.tokens(), source.count()),
        (vec!["brought".to_owned()], 0)
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_set_for_an_epoch_that_has_ended() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    let old = provider.default_principal();
    provider.logout(&old).await.unwrap();

    let set = provider.set(&old, Credential::new("brought")).await;
    let authenticated = provider.authenticate(&old).await;
    let refreshed = provider.refresh(&old).await;
    settle().await;

    assert_eq!(set.unwrap_err().kind(), AuthErrorKind::SignedOut);
    for answer in [authenticated, refreshed] {
        assert_eq!(answer.unwrap_err().kind(), AuthErrorKind::SignedOut);
    }
    assert_eq!((memory.kept(), source.count()), (None, 0));
}

#[tokio::test(start_paused = true)]
async fn what_is_set_serves_at_once_those_who_wait_for_a_slow_fetch() {
    let (source, api) = (Source::of([token().after(10 * SECOND)]), Api::new());
    let client = client(&source, &api);
    let provider = client.provider();
    let mut waiting = Box::pin(send(&client, get()));
    assert!(timeout(SECOND, &mut waiting).await.is_err());

    let owner = provider.default_principal();
    provider
        .set(&owner, Credential::new("brought"))
        .await
        .unwrap();
    waiting.await.unwrap();

    assert_eq!(api.seen()[0].at, SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_set_that_failed_does_not_hinder_a_source_that_works() {
    for brought in ["brought", "two\nlines"] {
        let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
        memory.fail(Op::Save, 1);
        let client = over(storing(&source, &memory), &api);
        let provider = client.provider();
        let owner = provider.default_principal();

        let set = provider.set(&owner, Credential::new(brought)).await;
        succeed(&client).await;

        assert!(set.is_err());
        assert_eq!(api.tokens(), ["token-1"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_fetch_under_way_is_not_called_off_for_what_no_header_can_carry() {
    let source = Source::of([token(), token().after(5 * SECOND)]);
    let (api, memory) = (Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let provider = client.provider();
    let owner = provider.default_principal();
    succeed(&client).await;
    assert!(timeout(SECOND, provider.refresh(&owner)).await.is_err());

    let set = provider.set(&owner, Credential::new("two\nlines")).await;
    pass(5 * SECOND).await;
    provider.refresh(&owner).await.unwrap();

    assert_eq!(set.unwrap_err().kind(), AuthErrorKind::Unusable);
    let previous = source.asked()[2].previous.clone().unwrap();
    assert_eq!(secret(&previous), "token-2");
}

#[tokio::test(start_paused = true)]
async fn a_set_whose_turn_comes_after_a_logout_stores_nothing() {
    let (source, memory) = (Source::new(), Memory::default());
    let provider = storing(&source, &memory).build().provider();
    let owner = provider.default_principal();
    memory.delay(Op::Lock, 5 * SECOND);
    let set = provider.set(&owner, Credential::new("brought"));
    assert!(timeout(SECOND, set).await.is_err());
    memory.delay(Op::Lock, SECOND - SECOND);

    provider.logout(&owner).await.unwrap();
    pass(10 * SECOND).await;

    assert_eq!((memory.kept(), memory.count(Op::Save)), (None, 0));
    assert_eq!(memory.count(Op::Unlock), 2);
}
