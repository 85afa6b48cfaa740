//! The two caches that a fault happens to.

use std::time::Duration;

use tower::Layer;
use tower_client_cache::{
    Cache, CacheHandle, CacheLayer, Guarded, MemoryStore, RedisStore, Store, Tiered,
};

use crate::load::Load;
use crate::origin::Origin;

/// How long a read may take, and a write: five times as long as where nothing is set, so that only the
/// store is too slow, and not a machine that does other things.
pub(crate) const READ: Duration = Duration::from_millis(250);
pub(crate) const WRITE: Duration = Duration::from_secs(1);
/// How long a store is left alone at first, and at most: shorter than where nothing is set, so that
/// an outage has several periods, and ends soon.
pub(crate) const PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_millis(400);

/// A cache with its callers.
#[derive(Debug)]
pub(crate) struct Called {
    pub(crate) name: &'static str,
    pub(crate) load: Load,
    handle: CacheHandle,
    guarded: Guarded<RedisStore>,
}

impl Called {
    /// A cache over a server.
    pub(crate) fn guarded(url: &str) -> Self {
        let guarded = guard(url, "guarded");
        Self::over("guarded", guarded.clone(), guarded)
    }

    /// A cache over a store in memory, and that over a server.
    pub(crate) fn tiered(url: &str) -> Self {
        let guarded = guard(url, "tiered");
        let tiers = Tiered::new(MemoryStore::new(), guarded.clone());
        Self::over("tiered", tiers, guarded)
    }

    fn over(name: &'static str, store: impl Store, guarded: Guarded<RedisStore>) -> Self {
        let layer = CacheLayer::builder(store).shared().build().unwrap();
        let handle = layer.handle();
        let service: Cache<Origin> = layer.layer(Origin::new());
        Self {
            name,
            load: Load::begin(&service, 1),
            handle,
            guarded,
        }
    }

    /// Returns how many calls were hits, of how many that ended.
    pub(crate) fn hits(&self) -> (u64, usize) {
        (self.handle.stats().hits, self.load.count())
    }

    /// Tells whether reads and writes are let through.
    pub(crate) fn is_asked(&self) -> bool {
        format!("{:?}", self.guarded).contains("reads: closed, writes: closed")
    }

    /// Tells whether the server can be asked, and has something.
    pub(crate) async fn has_some(&self) -> bool {
        self.guarded.size().await.is_ok_and(|size| size.entries > 0)
    }
}

fn guard(url: &str, prefix: &str) -> Guarded<RedisStore> {
    let store = RedisStore::builder(url).prefix(prefix).build().unwrap();
    let guarded = Guarded::builder(store)
        .read_timeout(READ)
        .write_timeout(WRITE)
        .pause(PAUSE)
        .longest_pause(LONGEST_PAUSE);
    guarded.build().unwrap()
}
