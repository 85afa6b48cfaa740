//! Processes, the store that they share, and the service that they ask.

use std::time::Duration;

use tests::child::Child;
use tests::redis::RedisServer;
use tests::soon;
use tokio::task::yield_now;

use crate::child;
use crate::origin::Origin;

/// Longer than any test may wait: who waited for it would be late.
pub(crate) const LONG_LEASE: Duration = Duration::from_secs(60);

/// What processes share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) server: RedisServer,
    pub(crate) origin: Origin,
}

impl Shared {
    /// Starts this many processes that share a store, with leases of this time; `None` where there
    /// is no program for the store.
    pub(crate) async fn by<const N: usize>(lease: Duration) -> Option<(Self, [Child; N])> {
        let server = RedisServer::start()?;
        let origin = Origin::start().await;
        let (url, address) = (server.url(), origin.address());
        let mut children = [(); N].map(|()| child::start(&url, address, lease));
        let shared = Self { server, origin };
        for child in &mut children {
            // So that all are there, and hear what the others forget.
            assert_eq!(child.does("get /ready 1").await, "200 version 0");
        }
        until(async || shared.subscribers() == N).await;
        Some((shared, children))
    }

    /// Waits until the origin was asked for a path.
    pub(crate) async fn asked(&self, path: &str) {
        until(async || self.origin.reads(path) > 0).await;
    }

    /// Returns how many processes hear what others forget.
    pub(crate) fn subscribers(&self) -> usize {
        let clients = self.text(&["CLIENT", "LIST", "TYPE", "pubsub"]);
        clients.lines().count()
    }

    /// Returns how often scripts were run, as who waits for a lease does again and again.
    pub(crate) fn scripts(&self) -> u64 {
        let told = self.text(&["INFO", "commandstats"]);
        let calls = told
            .lines()
            .find_map(|line| line.strip_prefix("cmdstat_evalsha:calls="));
        let calls = calls.unwrap().split(',').next().unwrap();
        calls.parse().unwrap()
    }

    fn text(&self, words: &[&str]) -> String {
        redis::from_redis_value(self.server.command(words)).unwrap()
    }
}

/// Waits until something has come to be.
pub(crate) async fn until(mut holds: impl AsyncFnMut() -> bool) {
    soon(async {
        while !holds().await {
            yield_now().await;
        }
    })
    .await;
}
