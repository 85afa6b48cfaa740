//! Whose answers are whose: accounts and sessions that share a store, one after the other or at once.

use tests::{credentials, login, simulator, soon};
use toyota_client::auth::Credential;
use toyota_client::cache::MemoryStore;
use toyota_client::{Credentials, Kind, SignIn};
use toyota_sim::{Account, Car, Payload, Route, Simulator};

use super::{build, builder, cached};

#[tokio::test]
async fn two_accounts_that_share_a_store_never_share_an_answer() {
    let sim = simulator().await;
    let store = MemoryStore::new();
    let one = build(builder(&sim).cache(store.clone()), &sim);
    let first = soon(one.vehicles()).await.unwrap();

    sim.edit_account(|account| *account = other_account());
    let other = build(builder(&sim).cache(store.clone()), &sim);
    let second = soon(other.vehicles()).await.unwrap();

    assert_eq!((first.value.len(), second.value.len()), (3, 1));
    for _ in 0..3 {
        assert_eq!(soon(one.vehicles()).await.unwrap(), first);
        assert_eq!(soon(other.vehicles()).await.unwrap(), second);
    }
    assert_eq!(sim.counters().requests(Route::Vehicles), 2);
}

#[tokio::test]
async fn two_accounts_that_ask_at_once_have_their_own_garages() {
    let (sim, elsewhere) = (simulator().await, simulator().await);
    elsewhere.edit_account(|account| *account = other_account());
    let store = MemoryStore::new();
    let one = build(builder(&sim).cache(store.clone()), &sim);
    let other = build(builder(&elsewhere).cache(store), &elsewhere);

    let calls: Vec<_> = [(one, 3), (other, 1)]
        .into_iter()
        .cycle()
        .take(40)
        .map(|(client, cars)| {
            tokio::spawn(async move { (client.vehicles().await.unwrap().value.len(), cars) })
        })
        .collect();

    for call in calls {
        let (found, cars) = soon(call).await.unwrap();
        assert_eq!(found, cars);
    }
}

#[tokio::test]
async fn nothing_old_is_shown_after_a_logout_and_the_login_of_another() {
    let sim = simulator().await;
    let client = cached(&sim);
    assert_eq!(soon(client.vehicles()).await.unwrap().value.len(), 3);
    let provider = client.provider();

    let next = soon(provider.logout(&provider.default_principal()))
        .await
        .unwrap();
    sim.edit_account(|account| *account = other_account());
    let error = soon(client.vehicles()).await.unwrap_err();
    let set = provider.set(&next, signed_in(&sim).await);
    soon(set).await.unwrap();
    let cars = soon(client.vehicles()).await.unwrap().value;

    // The owner's password is not the other's, and what was stored before is not served for it.
    assert_eq!(error.kind(), Kind::Login);
    assert_eq!(cars.len(), 1);
}

#[tokio::test]
async fn sessions_without_a_name_share_nothing() {
    let sim = simulator().await;
    let store = MemoryStore::new();
    let mut found = Vec::new();
    for other in [false, true] {
        if other {
            sim.edit_account(|account| *account = other_account());
        }
        let nameless = builder(&sim)
            .credentials(Credentials::without_password())
            .credential(signed_in(&sim).await)
            .cache(store.clone());

        let client = build(nameless, &sim);
        for _ in 0..2 {
            found.push(soon(client.vehicles()).await.unwrap().value.len());
        }
    }

    assert_eq!(found, [3, 3, 1, 1]);
    assert_eq!(sim.counters().requests(Route::Vehicles), 2);
}

/// Somebody else, who has one car.
pub(super) fn other_account() -> Account {
    let vin = "JTSIM00000PET0999";
    let vehicle = serde_json::json!({"vin": vin, "nickName": "Another's"});
    let guid = "00000000-0000-4000-8000-000000000999";
    Account::new("other@example.com", "0therPassword", guid)
        .with_car(Car::new(vin).with(Payload::Vehicle, vehicle))
}

/// What a sign-in of the simulator's account brings.
async fn signed_in(sim: &Simulator) -> Credential {
    let signed_in = soon(login(sim).sign_in(&credentials(sim))).await.unwrap();
    let SignIn::Complete(credential) = signed_in else {
        panic!("a code is asked for");
    };
    credential
}
