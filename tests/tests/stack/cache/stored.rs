//! Answers that outlive their client: found by the next one, and by nobody after a logout.

use tests::{simulator, soon};
use toyota_client::{Config, ToyotaClient};
use toyota_sim::{Route, Simulator};

use super::accounts::other_account;
use super::{build, builder};

#[tokio::test]
async fn another_process_finds_what_the_first_was_answered() {
    let (sim, folder) = (simulator().await, tempfile::tempdir().unwrap());
    let first = with_folder(&sim, &folder);
    let answered = soon(first.vehicles()).await.unwrap();
    soon(first.cache().flush()).await;
    drop(first);

    let next = with_folder(&sim, &folder);
    let found = soon(next.vehicles()).await.unwrap();

    assert_eq!(found, answered);
    assert_eq!(sim.counters().requests(Route::Vehicles), 1);
}

#[tokio::test]
async fn what_was_answered_before_a_logout_is_not_found_by_the_next_process() {
    let (sim, folder) = (simulator().await, tempfile::tempdir().unwrap());
    let first = with_folder(&sim, &folder);
    soon(first.vehicles()).await.unwrap();
    soon(first.cache().flush()).await;

    let provider = first.provider();
    soon(provider.logout(&provider.default_principal()))
        .await
        .unwrap();
    let forgotten = soon(first.forget_answers()).await.unwrap();

    assert_eq!(forgotten, 1);
    soon(with_folder(&sim, &folder).vehicles()).await.unwrap();
    assert_eq!(sim.counters().requests(Route::Vehicles), 2);
}

#[tokio::test]
async fn two_accounts_in_one_folder_never_find_each_others_answers() {
    let (sim, folder) = (simulator().await, tempfile::tempdir().unwrap());
    let one = with_folder(&sim, &folder);
    let first = soon(one.vehicles()).await.unwrap();
    soon(one.cache().flush()).await;

    sim.edit_account(|account| *account = other_account());
    let other = with_folder(&sim, &folder);
    let second = soon(other.vehicles()).await.unwrap();
    soon(other.cache().flush()).await;

    assert_eq!((first.value.len(), second.value.len()), (3, 1));
    assert_eq!(soon(other.forget_answers()).await.unwrap(), 1);
    assert_eq!(soon(one.vehicles()).await.unwrap(), first);
    assert_eq!(sim.counters().requests(Route::Vehicles), 2);
}

#[tokio::test]
async fn a_client_with_its_cache_switched_off_can_forget_what_is_stored() {
    let (sim, folder) = (simulator().await, tempfile::tempdir().unwrap());
    let first = with_folder(&sim, &folder);
    soon(first.vehicles()).await.unwrap();
    soon(first.cache().flush()).await;

    let off = build(
        builder(&sim).config(config(&sim, &folder)).without_cache(),
        &sim,
    );
    let forgotten = soon(off.forget_answers()).await.unwrap();

    assert_eq!(forgotten, 1);
}

#[tokio::test]
async fn a_server_that_is_away_costs_no_call() {
    let sim = simulator().await;
    let away = config_with(&sim, &["memory", "redis://127.0.0.1:1"]);
    let client = build(builder(&sim).config(away), &sim);

    for _ in 0..2 {
        assert_eq!(soon(client.vehicles()).await.unwrap().value.len(), 3);
    }

    assert_eq!(sim.counters().requests(Route::Vehicles), 1);
    assert!(soon(client.forget_answers()).await.is_err());
}

/// A client whose answers are kept in memory and in a folder.
fn with_folder(sim: &Simulator, folder: &tempfile::TempDir) -> ToyotaClient {
    build(builder(sim).config(config(sim, folder)), sim)
}

fn config(sim: &Simulator, folder: &tempfile::TempDir) -> Config {
    let folder = format!("disk:{}", folder.path().display());
    config_with(sim, &["memory", &folder])
}

fn config_with(sim: &Simulator, stores: &[&str]) -> Config {
    tests::config(sim).with_cache_store(stores).unwrap()
}
