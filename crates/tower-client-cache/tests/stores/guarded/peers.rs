//! What a guarded store shares with other processes.

use tower_client_cache::store::{Lease, Leased, Peers};
use tower_client_cache::{Guarded, Key, Store};

use super::cause;
use crate::entries::{entry, key};
use crate::peering::{LEASE, Peering, Process};
use crate::stepped::{Mode, Stepped, Steps};

#[tokio::test(start_paused = true)]
async fn what_processes_share_is_guarded_as_well() {
    let (store, steps) = guarded(&Peering::default());
    let (peers, cars) = (store.peers().unwrap(), key("/cars"));
    let lease = granted(peers, &cars).await;
    let kept = peers.put(&cars, entry("en", 0, "one"), Some(lease)).await;
    assert!(kept.unwrap());
    steps.set(Mode::Hangs);

    for _ in 0..3 {
        let refused = peers.lease(&cars, Some(1)).await.unwrap_err();
        assert_eq!(cause(&refused), "no answer for 50ms");
    }
    for _ in 0..2 {
        let refused = peers.release(&cars, lease).await.unwrap_err();
        assert_eq!(cause(&refused), "no answer for 200ms");
    }

    let expected = "left alone for a while, as it failed too often";
    let refused = peers.put(&cars, entry("en", 0, "one"), Some(lease)).await;
    assert_eq!(cause(&refused.unwrap_err()), expected);
    // Leases are written: where nothing can be, reads go on.
    steps.set(Mode::Free);
    assert!(store.get(&cars).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn what_is_put_without_a_lease_says_nothing_about_the_store() {
    let (store, steps) = guarded(&Peering::default());
    let (peers, cars) = (store.peers().unwrap(), key("/cars"));

    for _ in 0..5 {
        steps.set(Mode::Fails);
        store.delete(&cars, None).await.unwrap_err();
        // It goes well, as nobody is asked.
        steps.set(Mode::Free);
        let kept = peers.put(&cars, entry("en", 0, "one"), None).await;
        assert!(!kept.unwrap());
    }

    let shown = format!("{store:?}");
    assert!(shown.ends_with("reads: closed, writes: open }"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_lease_that_could_not_be_given_back() {
    let (store, steps) = guarded(&Peering::default());
    let (peers, cars) = (store.peers().unwrap(), key("/cars"));
    let lease = granted(peers, &cars).await;
    steps.set(Mode::Fails);
    peers.release(&cars, lease).await.unwrap_err();
    steps.set(Mode::Free);

    let refused = peers.lease(&cars, Some(1)).await.unwrap_err();

    assert_eq!(cause(&refused), "not waited for a lease that may be lost");
    tokio::time::advance(LEASE).await;
    granted(peers, &cars).await;
    let held = peers.lease(&cars, Some(1)).await.unwrap();
    assert!(matches!(held, Leased::Held(_)), "which is known to be had");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_lease_that_was_granted_too_late() {
    let (store, steps) = guarded(&Peering::default());
    let (peers, cars) = (store.peers().unwrap(), key("/cars"));
    // It goes on to be granted, and is not told of in time.
    steps.set(Mode::Held);
    let (refused, ()) = tokio::join!(peers.lease(&cars, Some(1)), async { steps.let_go(0) });
    assert_eq!(cause(&refused.unwrap_err()), "no answer for 50ms");
    steps.set(Mode::Free);

    let refused = peers.lease(&cars, Some(1)).await.unwrap_err();

    assert_eq!(cause(&refused), "not waited for a lease that may be lost");
}

#[tokio::test(start_paused = true)]
async fn a_lease_of_another_process_is_waited_for() {
    let peering = Peering::default();
    let [(one, _), (other, _)] = [(); 2].map(|()| guarded(&peering));
    let cars = key("/cars");
    granted(one.peers().unwrap(), &cars).await;

    let held = other.peers().unwrap().lease(&cars, Some(1)).await.unwrap();

    assert!(matches!(held, Leased::Held(_)));
}

async fn granted(peers: &dyn Peers, key: &Key) -> Lease {
    match peers.lease(key, Some(1)).await.unwrap() {
        Leased::Granted(lease, _) => lease,
        Leased::Held(_) => panic!("nobody else asks"),
    }
}

fn guarded(peering: &Peering) -> (Guarded<Stepped<Process>>, Steps) {
    let steps = Steps::default();
    let shared = Stepped::new(peering.process(), &steps);
    (Guarded::new(shared), steps)
}
