//! What is put is above at once, and below behind that.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tower_client_cache::{MemoryStore, Selection, Store, Tiered};

use crate::entries::{entry, key, texts, validated};
use crate::schedules::settle;
use crate::stepped::{Mode, Stepped, Steps};

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_the_lower_tier_to_write() {
    let (store, memory, below) = tiers(256);
    below.set(Mode::Held);
    let cars = key("/cars");

    put(&store, "/cars", entry("en", 0, "one")).await;

    assert_eq!(texts(&store.peek(&cars).unwrap()), ["one"]);
    assert!(memory.peek(&cars).unwrap().is_empty());
    below.let_all_go();
    settle().await;
    assert_eq!(texts(&memory.peek(&cars).unwrap()), ["one"]);
    assert_eq!(store.dropped(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_written_of_one_key_is_in_turn() {
    let (store, memory, below) = tiers(256);
    below.set(Mode::Held);
    let (cars, last) = (key("/cars"), entry("en", 0, "three"));
    let head = validated(&last, "en", 9);

    put(&store, "/cars", entry("en", 0, "one")).await;
    put(&store, "/cars", entry("en", 0, "two")).await;
    put(&store, "/cars", last.clone()).await;
    store.update_headers(&cars, head).await.unwrap();
    put(&store, "/trips", entry("en", 0, "a trip")).await;
    settle().await;

    assert_eq!(below.asked(), ["put", "put"], "one of each key");
    below.let_all_go();
    settle().await;
    assert_eq!(below.asked(), ["put", "put", "update_headers"]);
    let found = memory.peek(&cars).unwrap();
    assert_eq!(texts(&found), ["three"]);
    assert!(last.stored().is_older_than(found.as_slice()[0].stored()));
}

#[tokio::test(start_paused = true)]
async fn what_is_on_its_way_down_is_newer_than_what_is_there() {
    let (store, _, below) = tiers(256);
    put(&store, "/cars", entry("en", 9, "before the clock was set")).await;
    below.set(Mode::Held);
    put(&store, "/cars", entry("en", 0, "after that")).await;

    let cars = key("/cars");
    let (found, ()) = tokio::join!(store.get(&cars), async {
        settle().await;
        // The write, which came first, waits on.
        below.let_go(1);
        settle().await;
        below.let_go(1);
    });

    assert_eq!(texts(&found.unwrap()), ["after that"]);
    below.let_all_go();
}

#[tokio::test(start_paused = true)]
async fn what_is_too_much_is_left_out_below_and_counted() {
    let (store, memory, below) = tiers(2);
    put(&store, "/1", entry("en", 0, "old")).await;
    below.set(Mode::Held);

    for path in ["/2", "/3", "/1", "/4"] {
        put(&store, path, entry("en", 1, "new")).await;
    }

    assert_eq!(store.dropped(), 2);
    for path in ["/1", "/2", "/3", "/4"] {
        assert_eq!(texts(&store.peek(&key(path)).unwrap()), ["new"]);
    }
    below.let_all_go();
    settle().await;
    let held = ["/1", "/2", "/3", "/4"].map(|path| texts(&memory.peek(&key(path)).unwrap()));
    assert_eq!(held.concat(), ["old", "new", "new"]);
    put(&store, "/4", entry("en", 2, "newer")).await;
    assert_eq!(store.dropped(), 2, "there is room again");
}

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_waits_for_its_write_and_is_gone_then() {
    for selection in [
        None,
        Some(Selection::All),
        Some(Selection::Tag("en".into())),
    ] {
        let (store, memory, below) = tiers(256);
        below.set(Mode::Held);
        let cars = key("/cars");
        for text in ["one", "two"] {
            put(&store, "/cars", entry("en", 0, text)).await;
        }

        let (gone, ()) = tokio::join!(
            async {
                match &selection {
                    None => store.delete(&cars, None).await,
                    Some(selection) => store.delete_matching(selection).await,
                }
            },
            async {
                settle().await;
                below.let_all_go();
            }
        );

        assert_eq!(gone.unwrap(), 1);
        assert!(store.peek(&cars).is_none());
        assert!(memory.peek(&cars).unwrap().is_empty());
        let puts = below.asked().into_iter().filter(|what| *what == "put");
        assert_eq!(puts.count(), 1, "the second was not begun");
    }
}

#[tokio::test(start_paused = true)]
async fn one_variant_is_forgotten_and_the_others_are_written() {
    let (store, memory, below) = tiers(256);
    below.set(Mode::Held);
    let (cars, german) = (key("/cars"), entry("de", 0, "deutsch"));
    put(&store, "/cars", german.clone()).await;
    put(&store, "/cars", entry("en", 0, "english")).await;

    let (gone, ()) = tokio::join!(store.delete(&cars, Some(german.variant())), async {
        settle().await;
        below.let_all_go();
    });

    assert_eq!(gone.unwrap(), 1);
    for tier in [store.upper(), &memory] {
        assert_eq!(texts(&tier.peek(&cars).unwrap()), ["english"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_forgotten_before_it_is_promoted_is_not_promoted_for_a_moment() {
    let [above, below] = [Steps::default(), Steps::default()];
    let [upper, lower] = [&above, &below].map(|it| Stepped::new(MemoryStore::new(), it));
    let store = Tiered::new(upper, lower);
    put(store.lower(), "/cars", entry("en", 0, "old")).await;
    below.set(Mode::Held);
    let cars = key("/cars");

    let (_, ()) = tokio::join!(store.get(&cars), async {
        settle().await;
        below.let_go(0); // It is read,
        settle().await;
        let read = below.held();
        below.set(Mode::Free);
        store.delete(&cars, None).await.unwrap();
        assert_eq!(read, 1);
        below.let_all_go(); // and that is told when it is gone.
    });

    settle().await;
    assert_eq!(above.asked(), ["get", "delete"]);
}

#[tokio::test(start_paused = true)]
async fn who_reads_slowly_does_not_promote_over_what_is_newer() {
    let (store, memory, below) = tiers(256);
    put(&memory, "/cars", entry("en", 0, "old")).await;
    below.set(Mode::Held);
    let cars = key("/cars");

    let (slow, ()) = tokio::join!(store.get(&cars), async {
        settle().await;
        below.let_go(0);
        settle().await;
        // Another process writes, and somebody here reads.
        put(&memory, "/cars", entry("en", 9, "new")).await;
        below.set(Mode::Free);
        store.get(&cars).await.unwrap();
        below.let_all_go();
    });

    assert_eq!(texts(&slow.unwrap()), ["old"]);
    assert_eq!(texts(&store.peek(&cars).unwrap()), ["new"]);
}

#[tokio::test(start_paused = true)]
async fn who_lists_or_counts_waits_for_what_is_written() {
    let (store, _, below) = tiers(256);
    below.set(Mode::Held);
    put(&store, "/cars", entry("en", 0, "one")).await;

    let (listed, size, ()) = tokio::join!(store.list(&Selection::All, 9), store.size(), async {
        settle().await;
        assert_eq!(below.asked(), ["put"]);
        below.let_all_go();
    });

    assert_eq!(listed.unwrap().len(), 1);
    assert_eq!(size.unwrap().entries, 1);
}

#[tokio::test(start_paused = true)]
async fn what_the_upper_tier_has_no_room_for_is_below_all_the_same() {
    let small = MemoryStore::builder().max_bytes(1).build().unwrap();
    let store = Tiered::new(small, MemoryStore::new());

    let kept = store.put(&key("/cars"), entry("en", 0, "one")).await;

    assert!(kept.is_err());
    assert_eq!(texts(&store.get(&key("/cars")).await.unwrap()), ["one"]);
}

#[test]
fn outside_a_runtime_the_lower_tier_is_waited_for() {
    let (store, memory, below) = tiers(256);
    below.set(Mode::Held);
    let mut now = Context::from_waker(Waker::noop());
    let cars = key("/cars");
    let mut written = pin!(store.put(&cars, entry("en", 0, "one")));

    assert!(written.as_mut().poll(&mut now).is_pending());
    below.let_all_go();

    assert!(matches!(written.poll(&mut now), Poll::Ready(Ok(()))));
    assert_eq!(texts(&memory.peek(&cars).unwrap()), ["one"]);
}

type Tiers = Tiered<MemoryStore, Stepped<MemoryStore>>;

/// Memory above a store that waits, and what that one holds.
fn tiers(max_pending: usize) -> (Tiers, MemoryStore, Steps) {
    let (memory, below) = (MemoryStore::new(), Steps::default());
    let lower = Stepped::new(memory.clone(), &below);
    let builder = Tiered::builder(MemoryStore::new(), lower);
    let store = builder.max_pending(max_pending).build().unwrap();
    (store, memory, below)
}

async fn put(store: &impl Store, path: &str, entry: std::sync::Arc<tower_client_cache::Entry>) {
    store.put(&key(path), entry).await.unwrap();
}
