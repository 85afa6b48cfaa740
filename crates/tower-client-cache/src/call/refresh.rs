//! Asking the origin in the background for what was served stale.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, PRAGMA};
use http::{Method, Request, Response};
use http_body::Body;
use tokio::runtime::Handle;
use tokio::time::timeout;
use tower::{BoxError, Service};
use tower_client_call::{CacheOutcome, CallRecord, Deadline, RepeatBody};

use super::Call;
use super::fetch::Fetch;
use crate::body::read_on;
use crate::epochs::Epoch;
use crate::plan::{CONDITIONS, Look};
use crate::policy::RequestDirectives;
use crate::report::Report;
use crate::shared::Shared;
use crate::status::Fwd;
use crate::store::Variants;

/// Counts a refresh that failed, or did not come to its end.
struct Failed {
    shared: Arc<Shared>,
    is_so: bool,
}

impl Failed {
    fn new(shared: Arc<Shared>) -> Self {
        let is_so = true;
        Self { shared, is_so }
    }
}

impl Drop for Failed {
    fn drop(&mut self) {
        if self.is_so {
            self.shared.counters.failed_refreshes.add_one();
            tracing::debug!("what was served stale could not be refreshed");
        }
    }
}

/// What is served instead of an error.
const STALE: Option<CacheOutcome> = Some(CacheOutcome::Stale);

impl<S, B, R> Call<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: RepeatBody<Kept: Send> + Send + 'static,
    R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    /// Asks the origin, in a task of its own, for another answer than the one that is served stale;
    /// unless somebody does already.
    pub(crate) fn refresh(&self, look: &Look, variants: &Variants, epoch: Epoch) {
        let look = Look {
            directives: RequestDirectives::default(),
            is_conditional: false,
            ..look.clone()
        };
        let mut fetch = Fetch::new(look, variants.clone(), Fwd::Stale, epoch, self.shared.now());
        let (Ok(runtime), Ok(body)) = (Handle::try_current(), B::again(&self.kept)) else {
            return;
        };
        let flight = fetch.flight(&self.head.headers, None);
        fetch.leader = self.shared.flights.lead(flight, epoch).map(Arc::new);
        if fetch.leader.is_none() {
            return;
        }
        let mut call = self.in_background(body);
        let shared = Arc::clone(&self.shared);
        drop(runtime.spawn(async move {
            let Some(fetch) = call.background_turn(fetch).await else {
                return;
            };
            shared.counters.refreshes.add_one();
            let most = shared.settings.max_entry;
            let limit = shared.settings.refresh_timeout;
            let mut failed = Failed::new(shared);
            let work = async {
                let response = call.fetch(fetch).await.ok()?;
                let outcome = response.extensions().get().copied();
                let is_new = !response.status().is_server_error() && outcome != STALE;
                read_on(response.into_body(), most).await.ok()?;
                is_new.then_some(())
            };
            failed.is_so = timeout(limit, work).await != Ok(Some(()));
        }));
    }

    /// Returns the same request as one of nobody: without the caller's record, deadline, conditions
    /// and wishes.
    fn in_background(&self, body: B) -> Self {
        let (mut head, ()) = Request::new(()).into_parts();
        head.method = Method::GET;
        head.uri = self.head.uri.clone();
        head.version = self.head.version;
        head.headers = self.head.headers.clone();
        for name in CONDITIONS.iter().chain(&[CACHE_CONTROL, PRAGMA]) {
            head.headers.remove(name);
        }
        head.extensions = self.head.extensions.clone();
        head.extensions.remove::<CallRecord>();
        head.extensions.remove::<Deadline>();
        Self {
            report: Report::to_nobody(Arc::clone(&self.shared)),
            shared: Arc::clone(&self.shared),
            service: self.service.clone(),
            is_ready: false,
            has_deadline: false,
            head,
            kept: body.keep(),
            body: Some(body),
        }
    }
}
