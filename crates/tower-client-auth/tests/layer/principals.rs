//! Several principals.

use tower_client_auth::{AuthErrorKind, Principal};

use crate::script::{
    Api, Memory, SECOND, Source, auth, client, get, kind_of, of, over, refusal, send, storing,
    token,
};

#[tokio::test(start_paused = true)]
async fn each_has_a_credential_of_its_own() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    let people = ["anna", "ben"].map(Principal::new);

    for _ in 0..2 {
        for principal in &people {
            send(&client, of(principal)).await.unwrap();
        }
    }

    assert_eq!(api.tokens(), ["token-1", "token-2", "token-1", "token-2"]);
    let asked = source.asked().into_iter().map(|asked| asked.principal);
    assert_eq!(asked.collect::<Vec<_>>(), people);
}

#[tokio::test(start_paused = true)]
async fn who_does_not_say_is_the_default_principal() {
    let (source, api) = (Source::new(), Api::new());
    let owner = Principal::new("owner");
    let client = over(auth(&source).principal(owner.clone()), &api);

    send(&client, get()).await.unwrap();
    send(&client, of(&owner)).await.unwrap();
    send(&client, of(&Principal::new(""))).await.unwrap();

    assert_eq!(api.tokens(), ["token-1", "token-1", "token-2"]);
    assert_eq!(source.asked()[0].principal, owner);
    assert_eq!(client.provider().default_principal(), owner);
}

#[tokio::test(start_paused = true)]
async fn without_a_setting_the_default_principal_has_an_empty_name() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);

    send(&client, get()).await.unwrap();
    send(&client, of(&Principal::new(""))).await.unwrap();

    assert_eq!(source.count(), 1);
    assert_eq!(source.asked()[0].principal, Principal::new(""));
}

#[tokio::test(start_paused = true)]
async fn each_is_kept_under_its_own_key() {
    let (source, memory) = (Source::new(), Memory::default());
    let client = over(storing(&source, &memory), &Api::new());

    for principal in ["anna", "ben"] {
        send(&client, of(&Principal::new(principal))).await.unwrap();
    }

    assert_eq!(memory.kept_of("anna").as_deref(), Some("token-1"));
    assert_eq!(memory.kept_of("ben").as_deref(), Some("token-2"));
    assert_eq!(memory.kept(), None);
}

#[tokio::test(start_paused = true)]
async fn what_happens_to_one_does_not_happen_to_the_others() {
    let (source, api) = (Source::of([token(), refusal()]), Api::new());
    let client = client(&source, &api);
    let [anna, ben] = ["anna", "ben"].map(Principal::new);
    send(&client, of(&anna)).await.unwrap();
    assert_eq!(
        kind_of(send(&client, of(&ben)).await),
        AuthErrorKind::Refused
    );
    api.revoke("token-1");

    send(&client, of(&anna)).await.unwrap();
    client.provider().logout(&ben).await.unwrap();
    let answer = send(&client, of(&anna)).await.unwrap();

    assert_eq!(answer.status(), 200);
    assert_eq!(api.tokens(), ["token-1", "token-1", "token-2", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_sign_in_of_one_delays_nobody_else() {
    let (source, api) = (Source::of([token().after(20 * SECOND)]), Api::new());
    let client = client(&source, &api);
    let [anna, ben] = ["anna", "ben"].map(Principal::new);

    let (slow, _) = tokio::join!(send(&client, of(&anna)), async {
        send(&client, of(&ben)).await.unwrap();
        assert_eq!(api.elapsed(), SECOND - SECOND);
    });

    assert_eq!(slow.unwrap().status(), 200);
    assert_eq!(api.elapsed(), 20 * SECOND);
}
