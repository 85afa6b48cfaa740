//! The double of a store that processes share does what such a store has to do.

use std::sync::{Arc, Mutex};

use tower_client_cache::store::{Forgotten, Lease, Leased, Peers};
use tower_client_cache::{Selection, Store};

use crate::entries::{entry, key, texts};
use crate::peering::{LEASE, Peering, Process};

#[cfg(feature = "conformance")]
#[tokio::test(flavor = "multi_thread")]
async fn it_is_a_store() {
    use tower_client_cache::store::conformance;

    conformance::check(async || Peering::default().process())
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn one_at_a_time_has_the_lease_of_a_flight() {
    let peering = Peering::default();
    let [one, other] = [peering.process(), peering.process()];
    let cars = key("/cars");

    let lease = granted(&one, "/cars", Some(1)).await;

    assert!(matches!(
        other.lease(&cars, Some(1)).await.unwrap(),
        Leased::Held(_)
    ));
    granted(&other, "/cars", Some(2)).await;
    granted(&other, "/cars", None).await;
    granted(&other, "/cars", None).await;
    granted(&other, "/trips", Some(1)).await;
    one.release(&cars, lease).await.unwrap();
    granted(&other, "/cars", Some(1)).await;
    tokio::time::advance(LEASE).await;
    granted(&one, "/cars", Some(1)).await;
    assert_eq!(peering.leases(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_put_under_a_lease_is_there_for_all_and_ends_it() {
    let peering = Peering::default();
    let [one, other] = [peering.process(), peering.process()];
    let cars = key("/cars");
    let lease = granted(&one, "/cars", Some(1)).await;

    let kept = Peers::put(&one, &cars, entry("en", 0, "one"), Some(lease)).await;
    let again = Peers::put(&one, &cars, entry("en", 1, "two"), Some(lease)).await;

    assert_eq!((kept.unwrap(), again.unwrap()), (true, false));
    let Leased::Granted(_, found) = other.lease(&cars, Some(1)).await.unwrap() else {
        panic!("the lease was put under");
    };
    assert_eq!(texts(&found), ["one"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_put_without_a_lease_nor_over_what_is_newer() {
    let process = Peering::default().process();
    let cars = key("/cars");
    Store::put(&process, &cars, entry("en", 9, "newer"))
        .await
        .unwrap();
    let lease = granted(&process, "/cars", None).await;

    for lease in [None, Some(lease)] {
        let kept = Peers::put(&process, &cars, entry("en", 0, "older"), lease).await;

        assert!(!kept.unwrap());
    }
    assert_eq!(texts(&process.get(&cars).await.unwrap()), ["newer"]);
}

#[tokio::test(start_paused = true)]
async fn forgetting_ends_leases_and_is_told_to_the_others() {
    let peering = Peering::default();
    let [one, other] = [peering.process(), peering.process()];
    let (told_one, told_other) = (told(&one), told(&other));
    for selection in [None, Some(Selection::All), Some(Selection::Tag("x".into()))] {
        let lease = granted(&other, "/cars", Some(1)).await;

        match &selection {
            None => one.delete(&key("/cars"), None).await,
            Some(selection) => one.delete_matching(selection).await,
        }
        .unwrap();

        let late = Peers::put(&other, &key("/cars"), entry("en", 0, "late"), Some(lease)).await;
        assert!(!late.unwrap());
    }
    assert_eq!(told_one.lock().unwrap().len(), 0);
    assert!(matches!(
        told_other.lock().unwrap()[..],
        [
            Forgotten::Key(_),
            Forgotten::Matching(Selection::All),
            Forgotten::Matching(Selection::Tag(_))
        ]
    ));
    peering.lose_subscriptions();
    assert_eq!(told_one.lock().unwrap().len(), 1);
}

async fn granted(process: &Process, path: &str, flight: Option<u64>) -> Lease {
    match process.lease(&key(path), flight).await.unwrap() {
        Leased::Granted(lease, _) => lease,
        Leased::Held(_) => panic!("somebody has the lease"),
    }
}

fn told(process: &Process) -> Arc<Mutex<Vec<Forgotten>>> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let writer = Arc::clone(&told);
    process.watch(Arc::new(move |forgotten| {
        writer.lock().unwrap().push(forgotten);
    }));
    told
}
