//! More principals than are kept in memory.

use tokio::time::timeout;
use tower_client_auth::{AuthErrorKind, Principal};

use crate::script::{
    Api, Memory, SECOND, Source, answer, auth, get, kind_of, of, over, pass, send, storing, token,
};

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
async fn beyond_the_most_the_one_not_asked_for_longest_is_forgotten() {
    // Places are looked through in another order each time.
    for _ in 0..20 {
        let (source, api) = (Source::new(), Api::new());
        let client = over(auth(&source).most_principals(2), &api);
        let [anna, ben, carla] = ["anna", "ben", "carla"].map(Principal::new);

        for principal in [&anna, &ben, &anna, &carla, &anna] {
            send(&client, of(principal)).await.unwrap();
        }

        assert_eq!(source.count(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_signed_out_epoch_stays_ended_beyond_the_most_principals() {
    let (source, api) = (Source::new(), Api::new());
    let client = over(auth(&source).most_principals(1), &api);
    let [anna, ben] = ["anna", "ben"].map(Principal::new);
    send(&client, of(&anna)).await.unwrap();
    client.provider().logout(&anna).await.unwrap();
    send(&client, of(&ben)).await.unwrap();

    let late = send(&client, of(&anna)).await;

    assert_eq!(kind_of(late), AuthErrorKind::SignedOut);
}

#[tokio::test(start_paused = true)]
async fn one_whose_call_is_under_way_is_not_forgotten() {
    let source = Source::new();
    let api = Api::of([answer(200).after(5 * SECOND)]);
    let client = over(auth(&source).most_principals(1), &api);
    let [anna, ben] = ["anna", "ben"].map(Principal::new);
    let mut slow = Box::pin(send(&client, of(&anna)));
    assert!(timeout(SECOND, &mut slow).await.is_err());

    send(&client, of(&ben)).await.unwrap();
    send(&client, of(&anna)).await.unwrap();

    assert_eq!(api.tokens(), ["token-1", "token-2", "token-1"]);
    slow.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_late_refusal_stores_nothing_for_one_who_has_signed_out_among_many() {
    let (source, memory) = (Source::new(), Memory::default());
    let api = Api::of([answer(401).after(5 * SECOND)]);
    let client = over(storing(&source, &memory).most_principals(1), &api);
    let [anna, ben] = ["anna", "ben"].map(Principal::new);
    let mut late = Box::pin(send(&client, of(&anna)));
    assert!(timeout(SECOND, &mut late).await.is_err());
    send(&client, of(&ben)).await.unwrap();
    client.provider().logout(&anna).await.unwrap();

    let answer = late.await;

    assert_eq!(kind_of(answer), AuthErrorKind::SignedOut);
    assert_eq!((memory.kept_of("anna"), source.count()), (None, 2));
}

#[tokio::test(start_paused = true)]
async fn nobody_but_the_default_is_remembered_where_nobody_should_be() {
    let (source, api) = (Source::new(), Api::new());
    let client = over(auth(&source).most_principals(0), &api);

    for id in ["", "anna", "ben", "anna", ""] {
        send(&client, of(&Principal::new(id))).await.unwrap();
    }

    assert_eq!(
        api.tokens(),
        ["token-1", "token-2", "token-3", "token-4", "token-1"]
    );
}
