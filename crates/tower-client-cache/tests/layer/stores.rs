//! Stores that fail, and stores that take their time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tower_client_cache::{
    Entry, Key, Listed, MemoryStore, Selection, Store, StoreError, StoreSize, VariantId, Variants,
};
use tower_client_call::CacheOutcome;

use crate::calls::cache_over;
use crate::given::{answer, ok, pass};

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_fails_nobody() {
    let given = cache_over(Remote {
        fails: true,
        ..Remote::new()
    });
    given
        .origin
        .always(|_| ok("cache-control: max-age=60", "one"));

    for _ in 0..2 {
        let got = given.get("").await;

        assert_eq!(got.outcome, CacheOutcome::Miss);
        assert_eq!(got.text(), "one");
        written().await;
    }

    assert_eq!(given.origin.count(), 2);
    let stats = given.handle.stats();
    assert_eq!((stats.store_errors, stats.stored), (4, 0));
    assert!(given.handle.clear().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_store_that_writes_slowly_keeps_nobody_waiting() {
    let store = Remote::new();
    let writes = Arc::clone(&store.writes);
    let given = cache_over(store);
    writes.forget_permits(1);
    given.origin.reply(ok("cache-control: max-age=60", "one"));

    let got = given.get("").await;

    assert_eq!(got.text(), "one");
    writes.add_permits(1);
    written().await;
    assert_eq!(given.get("").await.outcome, CacheOutcome::Hit);
    assert_eq!(given.origin.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_answer_at_once_is_a_store_all_the_same() {
    let given = cache_over(Remote::new());
    let stored = "cache-control: max-age=60, stale-while-revalidate=60 | etag: \"a\"";
    given.origin.reply(ok(stored, "one"));
    given.origin.reply(answer(304, "etag: \"a\"", ""));

    assert_eq!(given.get("").await.outcome, CacheOutcome::Miss);
    written().await;
    assert_eq!(given.get("").await.outcome, CacheOutcome::Hit);
    pass(61).await;
    assert_eq!(given.get("").await.outcome, CacheOutcome::Stale);
    written().await;
    assert_eq!(given.get("").await.outcome, CacheOutcome::Hit);

    let stats = given.handle.stats();
    assert_eq!((stats.hits, stats.stale, stats.misses), (2, 1, 1));
    assert_eq!((stats.refreshes, stats.failed_refreshes), (1, 0));
}

/// Lets what is written in the background be written: time goes on when nothing else is left to do.
async fn written() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// A store that is never there at once, as one behind a network.
#[derive(Clone, Debug)]
struct Remote {
    entries: MemoryStore,
    writes: Arc<Semaphore>,
    fails: bool,
}

impl Remote {
    fn new() -> Self {
        Self {
            entries: MemoryStore::new(),
            writes: Arc::new(Semaphore::new(1)),
            fails: false,
        }
    }

    async fn answer(&self) -> Result<(), StoreError> {
        tokio::task::yield_now().await;
        if self.fails {
            return Err(StoreError::new("the network is gone"));
        }
        Ok(())
    }
}

impl Store for Remote {
    async fn get(&self, key: &Key) -> Result<Variants, StoreError> {
        self.answer().await?;
        self.entries.get(key).await
    }

    async fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        self.answer().await?;
        let _permit = self.writes.acquire().await;
        self.entries.put(key, entry).await
    }

    async fn update_headers(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        self.answer().await?;
        self.entries.update_headers(key, entry).await
    }

    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        self.answer().await?;
        self.entries.delete(key, variant).await
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        self.answer().await?;
        self.entries.delete_matching(selection).await
    }

    async fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, StoreError> {
        self.answer().await?;
        self.entries.list(selection, limit).await
    }

    async fn size(&self) -> Result<StoreSize, StoreError> {
        self.answer().await?;
        self.entries.size().await
    }
}
