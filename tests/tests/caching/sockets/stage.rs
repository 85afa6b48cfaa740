//! The caching proxy on a port of its own, before an origin.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower_client_cache::{CacheHandle, CacheLayer, MemoryStore};
use tower_client_call::Principal;

use super::origin::Origin;
use super::proxy;

/// A proxy, the origin that it asks, and what its owner sees of the cache.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) origin: Origin,
    pub(crate) address: SocketAddr,
    pub(crate) handle: CacheHandle,
    /// Ends when the proxy has.
    pub(crate) serving: JoinHandle<()>,
    end: Option<oneshot::Sender<()>>,
}

impl Stage {
    /// Starts a proxy.
    pub(crate) async fn start(origin: Origin, cache: CacheLayer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let handle = cache.handle();
        let (end, ended) = oneshot::channel();
        let until = async {
            // Also when the stage is dropped.
            let _ = ended.await;
        };
        let serving = tokio::spawn(proxy::serve(listener, origin.uri(), cache, until));
        Self {
            origin,
            address,
            handle,
            serving,
            end: Some(end),
        }
    }

    /// Starts a proxy as the example does by default.
    pub(crate) async fn private(origin: Origin) -> Self {
        let cache = CacheLayer::builder(MemoryStore::new());
        let cache = cache.single_principal(Principal::new("somebody"));
        Self::start(origin, cache.build().unwrap()).await
    }

    /// Tells the proxy to end.
    pub(crate) fn end(&mut self) {
        drop(self.end.take());
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
