//! Credentials that were obtained elsewhere.

use tokio::time::timeout;
use tower_client_auth::{AuthErrorKind, Credential, RefreshToken};

use crate::script::{
    Api, HOUR, Memory, Op, SECOND, Source, client, over, pass, secret, settle, storing, succeed,
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
