//! Several principals.

use tower::Layer;
use tower_client_auth::{AuthErrorKind, Principal};

use crate::script::{
    Api, HOUR, Memory, SECOND, Source, auth, client, get, kind_of, of, over, pass, refusal, send,
    storing, token,
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

#[tokio::test(start_paused = true)]
async fn beyond_the_most_the_oldest_is_fetched_again() {
    let (source, api) = (Source::new(), Api::new());
    let client = over(auth(&source).most_principals(2), &api);
    let people = ["anna", "ben", "carla"].map(Principal::new);
    let [anna, ben, carla] = &people;

    for principal in [anna, ben, carla, ben, carla, anna] {
        send(&client, of(principal)).await.unwrap();
    }

    let asked: Vec<_> = source.asked().into_iter().map(|it| it.principal).collect();
    assert_eq!(asked, [anna, ben, carla, anna].map(Clone::clone));
}

#[tokio::test(start_paused = true)]
async fn beyond_the_most_they_are_found_again_where_they_are_stored() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory).most_principals(1), &api);
    let [anna, ben] = ["anna", "ben"].map(Principal::new);

    for principal in [&anna, &ben, &anna, &ben] {
        send(&client, of(principal)).await.unwrap();
    }

    assert_eq!(source.count(), 2);
    assert_eq!(api.tokens(), ["token-1", "token-2", "token-1", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn the_default_principal_is_never_forgotten() {
    let (source, api) = (Source::new(), Api::new());
    let client = over(auth(&source).most_principals(1), &api);
    send(&client, get()).await.unwrap();

    for number in 0..10 {
        let principal = Principal::new(number.to_string());
        send(&client, of(&principal)).await.unwrap();
    }
    send(&client, get()).await.unwrap();

    assert_eq!(source.count(), 11);
    assert_eq!(api.tokens().last().unwrap(), "token-1");
}

#[tokio::test(start_paused = true)]
async fn one_whose_fetch_is_under_way_is_not_forgotten() {
    let (source, api) = (Source::of([token().after(10 * SECOND)]), Api::new());
    let client = over(auth(&source).most_principals(1), &api);
    let [anna, ben] = ["anna", "ben"].map(Principal::new);

    let (first, second) = tokio::join!(send(&client, of(&anna)), async {
        pass(SECOND).await;
        send(&client, of(&ben)).await.unwrap();
        send(&client, of(&anna)).await
    });

    assert!(first.is_ok() && second.is_ok());
    assert_eq!(source.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_newer_epoch_gets_a_credential_of_its_own_and_ends_the_older() {
    let (source, api) = (Source::new(), Api::new());
    let client = client(&source, &api);
    let old = Principal::new("anna");
    let new = old.at_epoch(3);
    send(&client, of(&old)).await.unwrap();

    send(&client, of(&new)).await.unwrap();
    let late = send(&client, of(&old)).await;
    send(&client, of(&new)).await.unwrap();

    assert_eq!(kind_of(late), AuthErrorKind::SignedOut);
    assert_eq!(api.tokens(), ["token-1", "token-2", "token-2"]);
    assert!(source.asked()[1].previous.is_none());
    assert_eq!(source.asked()[1].principal, new);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_begins_in_a_later_epoch_uses_what_that_one_stored() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let anna = Principal::new("anna").at_epoch(3);
    send(&over(storing(&source, &memory), &api), of(&anna))
        .await
        .unwrap();

    let next = storing(&source, &memory).build().layer(api.clone());
    send(&next, of(&anna)).await.unwrap();

    assert_eq!(source.count(), 1);
    assert_eq!(api.tokens(), ["token-1", "token-1"]);
}

#[tokio::test(start_paused = true)]
async fn what_an_older_epoch_stored_is_not_used_by_a_newer() {
    let (source, api, memory) = (Source::new(), Api::new(), Memory::default());
    let client = over(storing(&source, &memory), &api);
    let old = Principal::new("anna");
    send(&client, of(&old)).await.unwrap();

    send(&client, of(&old.at_epoch(1))).await.unwrap();

    assert_eq!(api.tokens(), ["token-1", "token-2"]);
    assert_eq!(memory.kept_of("anna").as_deref(), Some("token-2"));
    pass(HOUR).await;
    send(&client, of(&old.at_epoch(1))).await.unwrap();
    let previous = source.asked()[2].previous.clone().unwrap();
    assert_eq!(crate::script::secret(&previous), "token-2");
}
