//! A store that is slow or gone keeps nobody waiting, and is asked again when it answers.

mod peers;

use std::error::Error;
use std::time::Duration;

use tokio::time::{Instant, advance};
use tower_client_cache::store;
use tower_client_cache::{Guarded, MemoryStore, Selection, Store, StoreError, Tiered};
use tracing::Level;

use crate::entries::{entry, key, texts};
use crate::log::Log;
use crate::schedules::settle;
use crate::stepped::{Mode, Stepped, Steps};

#[tokio::test(start_paused = true)]
async fn what_takes_too_long_is_given_up() {
    let (store, steps) = guarded();
    steps.set(Mode::Hangs);
    let cars = key("/cars");
    let start = Instant::now();

    let read = store.get(&cars).await;
    let after_read = start.elapsed();
    let written = store.put(&cars, entry("en", 0, "one")).await;
    let after_write = start.elapsed() - after_read;
    let listed = store.list(&Selection::All, 1).await;

    assert_eq!(cause(&read.unwrap_err()), "no answer for 50ms");
    assert_eq!(cause(&written.unwrap_err()), "no answer for 200ms");
    assert_eq!(cause(&listed.unwrap_err()), "no answer for 10s");
    assert_eq!(
        [after_read, after_write],
        [50, 200].map(Duration::from_millis)
    );
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_costs_one_timeout_in_each_pause() {
    let (store, steps) = guarded();
    steps.set(Mode::Hangs);
    let cars = key("/cars");
    fail(&store, 5).await;
    steps.asked();

    for pause in [1, 2, 4, 8, 16, 30, 30] {
        let start = Instant::now();
        for _ in 0..100 {
            let refused = store.get(&cars).await.unwrap_err();
            let expected = "left alone for a while, as it failed too often";
            assert_eq!(cause(&refused), expected);
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        advance(Duration::from_secs(pause)).await;

        store.get(&cars).await.unwrap_err();

        assert_eq!(steps.asked(), ["get"], "after {pause} s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_answers_again_is_asked_by_all() {
    let (store, steps) = guarded();
    steps.set(Mode::Fails);
    let cars = key("/cars");
    fail(&store, 5).await;
    steps.set(Mode::Free);
    advance(Duration::from_secs(1)).await;
    steps.asked();

    for _ in 0..3 {
        store.get(&cars).await.unwrap();
    }

    assert_eq!(steps.asked().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn one_asks_while_others_are_refused() {
    let (store, steps) = guarded();
    let cars = key("/cars");
    steps.set(Mode::Fails);
    fail(&store, 5).await;
    advance(Duration::from_secs(1)).await;
    steps.set(Mode::Held);
    steps.asked();

    let (probe, ()) = tokio::join!(store.get(&cars), async {
        settle().await;
        for _ in 0..10 {
            store.get(&cars).await.unwrap_err();
        }
        steps.let_all_go();
    });

    assert!(probe.is_ok());
    assert_eq!(steps.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_who_asks_and_leaves_lets_another_ask() {
    let (store, steps) = guarded();
    let cars = key("/cars");
    steps.set(Mode::Fails);
    fail(&store, 5).await;
    advance(Duration::from_secs(1)).await;
    steps.set(Mode::Hangs);
    let left = tokio::time::timeout(Duration::from_millis(1), store.get(&cars)).await;
    assert!(left.is_err());
    steps.set(Mode::Free);

    let found = store.get(&cars).await;

    assert!(found.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_be_written_can_be_read() {
    let (store, steps) = guarded();
    let cars = key("/cars");
    store.put(&cars, entry("en", 0, "one")).await.unwrap();
    steps.set(Mode::Fails);
    for _ in 0..5 {
        let refused = store.put(&cars, entry("en", 1, "two")).await;
        refused.unwrap_err();
    }
    steps.set(Mode::Free);

    let refused = store.put(&cars, entry("en", 1, "two")).await;

    assert!(refused.is_err());
    assert_eq!(texts(&store.get(&cars).await.unwrap()), ["one"]);
    let shown = format!("{store:?}");
    assert!(shown.ends_with("reads: closed, writes: open }"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_forgotten_is_not_served_when_the_store_is_back() {
    for selection in [
        None,
        Some(Selection::All),
        Some(Selection::Tag("en".into())),
    ] {
        let (store, steps) = guarded();
        let cars = key("/cars");
        store.put(&cars, entry("en", 0, "old")).await.unwrap();
        steps.set(Mode::Fails);
        match &selection {
            None => store.delete(&cars, None).await,
            Some(selection) => store.delete_matching(selection).await,
        }
        .unwrap_err();
        store.get(&cars).await.unwrap_err();
        steps.set(Mode::Free);

        let refused = store.get(&cars).await.unwrap_err();

        let expected = "not read before it has forgotten what it was asked to";
        assert_eq!(cause(&refused), expected);
        store.flush().await;
        assert!(store.get(&cars).await.unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_guard_could_not_forget_is_not_at_hand_either() {
    for selection in [None, Some(Selection::All)] {
        let below = Steps::default();
        let tiers = Tiered::new(MemoryStore::new(), Stepped::new(MemoryStore::new(), &below));
        let store = Guarded::new(tiers);
        store
            .put(&key("/cars"), entry("en", 0, "old"))
            .await
            .unwrap();
        settle().await;
        below.set(Mode::Hangs);
        match &selection {
            None => store.delete(&key("/cars"), None).await,
            Some(selection) => store.delete_matching(selection).await,
        }
        .unwrap_err();
        assert!(store.get(&key("/cars")).await.is_err(), "known to be due");

        assert!(store.peek(&key("/cars")).is_none(), "{selection:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_nobody_waited_for_to_be_forgotten_is_forgotten_all_the_same() {
    let (store, steps) = guarded();
    let (cars, trips) = (key("/cars"), key("/trips"));
    for key in [&cars, &trips] {
        store.put(key, entry("en", 0, "old")).await.unwrap();
    }
    steps.set(Mode::Hangs);
    let left = tokio::time::timeout(Duration::from_millis(1), store.delete(&cars, None)).await;
    assert!(left.is_err());
    steps.set(Mode::Free);

    store.get(&cars).await.unwrap_err();

    assert_eq!(texts(&store.get(&trips).await.unwrap()), ["old"]);
    store.flush().await;
    assert!(store.get(&cars).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_still_to_be_forgotten_takes_nobodys_time() {
    let (store, steps) = guarded();
    let cars = key("/cars");
    steps.set(Mode::Hangs);
    store.delete(&cars, None).await.unwrap_err();
    steps.asked();
    let start = Instant::now();

    for _ in 0..100 {
        store.get(&cars).await.unwrap_err();
    }

    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(steps.asked(), ["delete"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_known_at_once_is_so_without_asking() {
    let store = Guarded::builder(MemoryStore::new()).build().unwrap();
    let cars = key("/cars");
    store.put(&cars, entry("en", 0, "one")).await.unwrap();

    assert_eq!(texts(&store.peek(&cars).unwrap()), ["one"]);
    assert!(store.peeks_all());
    assert!(store.peers().is_none());
    assert!(store::Peers::lease(&store, &cars, None).await.is_err());
    assert_eq!(store.get_ref().size().await.unwrap().entries, 1);
}

#[tokio::test(start_paused = true)]
async fn it_warns_once_until_the_store_answers_again() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let (store, steps) = guarded();
    steps.set(Mode::Hangs);
    fail(&store, 9).await;
    for _ in 0..3 {
        advance(Duration::from_secs(30)).await;
        fail(&store, 1).await;
    }
    steps.set(Mode::Free);
    advance(Duration::from_secs(30)).await;

    store.get(&key("/cars")).await.unwrap();

    assert_eq!(log.count(Level::DEBUG), 4 + 3);
    assert_eq!(log.count(Level::WARN), 1);
    assert_eq!(log.count(Level::INFO), 1);
}

#[tokio::test(start_paused = true)]
async fn it_does_not_fill_the_log_where_a_store_fails_in_part() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let (store, steps) = guarded();
    for (warned, pause) in [(1, 1), (1, 1), (1, 60), (2, 1)] {
        steps.set(Mode::Fails);
        fail(&store, 5).await;
        steps.set(Mode::Free);
        advance(Duration::from_secs(1)).await;
        store.get(&key("/cars")).await.unwrap();

        assert_eq!(log.count(Level::WARN), warned);
        assert_eq!(log.count(Level::INFO), warned);
        advance(Duration::from_secs(pause)).await;
    }
}

#[test]
fn outside_a_runtime_there_is_no_clock_to_wait_by() {
    let store = Guarded::new(MemoryStore::new());

    let found = futures_now(store.get(&key("/cars")));

    assert!(found.unwrap().is_empty());
}

/// The output of a future that waits for nothing.
fn futures_now<F: Future>(future: F) -> F::Output {
    use std::task::{Context, Poll, Waker};

    match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a store in memory waits for nothing"),
    }
}

fn guarded() -> (Guarded<Stepped<MemoryStore>>, Steps) {
    let steps = Steps::default();
    let store = Stepped::new(MemoryStore::new(), &steps);
    (Guarded::new(store), steps)
}

/// Lets so many reads fail.
async fn fail<S: Store>(store: &Guarded<S>, times: usize) {
    for _ in 0..times {
        store.get(&key("/cars")).await.unwrap_err();
    }
}

fn cause(error: &StoreError) -> String {
    error.source().unwrap().to_string()
}
