//! Waiting for what another process is fetching.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::Body;
use tokio::time::Instant;
use tower::{BoxError, Service};
use tower_client_call::RepeatBody;

use super::Call;
use super::collapse::Turns;
use super::fetch::Fetch;
use crate::CacheBody;
use crate::flight::Landed;
use crate::lease::Leasing;
use crate::policy::{Decision, RequestDirectives, Served};
use crate::store::Variants;

/// What comes of a fetch that others may be doing.
pub(super) enum Turn<R> {
    /// It is done here.
    Fetch(Fetch),
    /// Another process has done it.
    Answer(Response<CacheBody<R>>),
}

impl<S, B, R> Call<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: RepeatBody<Kept: Send> + Send + 'static,
    R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    /// Takes the lease that an answer can be kept under, or has what came under that of another
    /// process. Who waits too long fetches without one, and keeps nothing for others.
    pub(super) async fn turn(&mut self, mut fetch: Fetch, turns: &mut Turns) -> Turn<R> {
        // What was readied may be a permit that the other needs.
        self.release();
        let until = self.until(turns);
        let flight = fetch.leased_flight(&self.head.headers, turns);
        let shared = Arc::clone(&self.shared);
        let leasing = {
            let (call, fetch) = (&mut *self, &fetch);
            let found = move |variants: &Variants| call.found(fetch, variants);
            shared.lease(&fetch.look.key, flight, until, found).await
        };
        match leasing {
            Leasing::Found(response) => return Turn::Answer(response),
            Leasing::Granted(lease, variants) => {
                fetch.variants = variants;
                fetch.lease = Some(lease);
            }
            Leasing::Held | Leasing::Unknown => {}
        }
        Turn::Fetch(fetch)
    }

    /// Takes the lease of a fetch in the background; `None` if another process is at it, or was.
    pub(super) async fn background_turn(&mut self, mut fetch: Fetch) -> Option<Fetch> {
        if !self.shared.has_peers() {
            return Some(fetch);
        }
        let flight = fetch.leased_flight(&self.head.headers, &Turns::default());
        let shared = Arc::clone(&self.shared);
        let leasing = {
            let (call, fetch) = (&mut *self, &fetch);
            let found = move |variants: &Variants| call.has_fresh(fetch, variants).then_some(());
            let now = Instant::now();
            shared.lease(&fetch.look.key, flight, now, found).await
        };
        match leasing {
            Leasing::Found(()) | Leasing::Held => return None,
            Leasing::Granted(lease, variants) => {
                fetch.variants = variants;
                fetch.lease = Some(lease);
            }
            Leasing::Unknown => {}
        }
        Some(fetch)
    }

    /// Whether a lease is needed: the store is not this process's alone, and the answer may be one
    /// to keep.
    pub(super) fn is_leased(&self, fetch: &Fetch, turns: &Turns) -> bool {
        self.shared.has_peers()
            && !turns.is_store_out
            && self.head.method == Method::GET
            && !fetch.look.directives.no_store
            && !self.shared.uncacheable.has(&fetch.look.key, fetch.now)
    }

    /// Answers with what another process has stored, and tells those who wait for this call.
    fn found(&mut self, fetch: &Fetch, variants: &Variants) -> Option<Response<CacheBody<R>>> {
        let response = self.hit(&fetch.look, variants, fetch.epoch)?;
        let wanted = fetch.look.wanted(&self.head.method, &self.head.headers);
        if let Some((entry, _)) = wanted.choose(variants) {
            fetch.land(|| Landed::Stored(Arc::clone(entry)));
        }
        Some(response)
    }

    fn has_fresh(&mut self, fetch: &Fetch, variants: &Variants) -> bool {
        let wanted = fetch.look.wanted(&self.head.method, &self.head.headers);
        let anybody = RequestDirectives::default();
        let now = self.shared.now();
        wanted.choose(variants).is_some_and(|(entry, _)| {
            entry.stored().decide(&anybody, now, true) == Decision::Serve(Served::Fresh)
        })
    }
}
