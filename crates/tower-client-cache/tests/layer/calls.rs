//! Calls of somebody, and calls that are looked at while they go on.

use http::{Method, Response};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, yield_now};
use tower::{Layer, ServiceExt};
use tower_client_cache::{CacheBody, CacheLayer, Store};
use tower_client_call::Principal;

use crate::given::{Asked, Given, Got, Origin, OriginBody, Reply, ok, request};

/// What lets an answer be served again for a minute.
pub(crate) const FRESH: &str = "cache-control: max-age=60";

impl Given {
    /// Asks for `/`, and reads only the head of the answer.
    pub(crate) async fn open(&self, fields: &str) -> Response<CacheBody<OriginBody>> {
        let call = self.cache.clone().oneshot(get(fields));
        call.await.unwrap()
    }

    /// Asks for `/` in a task, which comes as far as it can alone.
    pub(crate) async fn start(&self, fields: &'static str) -> JoinHandle<Got> {
        let given = self.clone();
        let call = tokio::spawn(async move { given.get(fields).await });
        settle().await;
        call
    }
}

/// Makes a private cache with the defaults over a store.
pub(crate) fn cache_over(store: impl Store) -> Given {
    let layer = CacheLayer::new(store);
    let origin = Origin::default();
    Given {
        cache: layer.layer(origin.clone()),
        handle: layer.handle(),
        origin,
    }
}

/// Makes a request for `/`.
pub(crate) fn get(fields: &str) -> Asked {
    request(Method::GET, "/", fields)
}

/// Makes a request somebody's.
pub(crate) fn of(principal: &str, mut request: Asked) -> Asked {
    request.extensions_mut().insert(Principal::new(principal));
    request
}

/// Answers all with what a field of the request is, `a` or `b`, and these fields.
pub(crate) fn tell(origin: &Origin, field: &'static str, fields: &'static str) {
    origin.always(move |asked| {
        let is_a = asked.headers()[field] == "a";
        ok(fields, if is_a { "a" } else { "b" })
    });
}

/// Gives the answer that was waited for.
pub(crate) fn send(to: oneshot::Sender<Reply>, reply: Reply) {
    assert!(to.send(reply).is_ok(), "nobody waits for the answer");
}

/// Lets all tasks go on until they wait. Time does not pass.
pub(crate) async fn settle() {
    for _ in 0..100 {
        yield_now().await;
    }
}
