//! A call that needs the store, or the origin.

mod answered;
mod change;
mod collapse;
mod fetch;
mod keep;
mod lease;
mod refresh;

use std::future::poll_fn;
use std::mem;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Extensions, HeaderMap, Request, Response};
use http_body::Body;
use tower::{BoxError, Service};
use tower_client_call::{CacheOutcome, Deadline, Delivery, RepeatBody};

use self::change::Change;
use self::collapse::{Sharing, Turns};
use self::fetch::Fetch;
use self::lease::Turn;
use crate::epochs::Epoch;
use crate::plan::Look;
use crate::policy::invalidates;
use crate::report::Report;
use crate::serve::gateway_timeout;
use crate::shared::Shared;
use crate::status::{Fwd, Told};
use crate::store::Variants;
use crate::{CacheBody, CacheError, Owner};

/// What a call comes to.
pub(crate) type Outcome<R> = Result<Response<CacheBody<R>>, CacheError>;

/// A call that needs the store, or the origin.
pub(crate) struct Call<S, B: RepeatBody> {
    shared: Arc<Shared>,
    service: S,
    /// Whether the service was polled ready for this call.
    is_ready: bool,
    /// Whether this call's time is limited, so that its end may not be another's.
    has_deadline: bool,
    head: Parts,
    /// Gone once it was sent.
    body: Option<B>,
    kept: B::Kept,
    report: Report,
}

impl<S, B, R> Call<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: RepeatBody<Kept: Send> + Send + 'static,
    R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    /// Creates a call with a service that was polled ready for it.
    pub(crate) fn new(shared: Arc<Shared>, ready: S, request: Request<B>) -> Self {
        let kept = request.body().keep();
        let (head, body) = request.into_parts();
        Self {
            report: Report::new(Arc::clone(&shared), &head.extensions),
            shared,
            service: ready,
            is_ready: true,
            has_deadline: head.extensions.get::<Deadline>().is_some(),
            head,
            body: Some(body),
            kept,
        }
    }

    /// Sends a request that may change something, and forgets what its answer makes invalid (RFC
    /// 9111 section 4.4).
    pub(crate) async fn change(mut self, owner: Option<Owner>) -> Outcome<R> {
        let method = self.head.method.clone();
        let headers = mem::take(&mut self.head.headers);
        let extensions = mem::take(&mut self.head.extensions);
        let mut change = Change::new(Arc::clone(&self.shared), owner, self.head.uri.clone());

        let answer = self.send(headers, extensions).await;

        let forgetting = match &answer {
            Ok(response) if invalidates(&method, response.status()) => {
                Some(change.forget(response.headers()))
            }
            // It may have been done all the same.
            Err(error) if Delivery::of(error) != Delivery::NotSent => {
                Some(change.forget(&HeaderMap::new()))
            }
            Ok(_) | Err(_) => None,
        };
        change.is_open = false;
        if let Some(forgetting) = forgetting {
            self.shared.background.in_any_case(forgetting).await;
        }
        let response = answer.inspect_err(|_| self.report.noted(CacheOutcome::Bypass))?;
        let told = Told {
            fwd: Some(Fwd::Method),
            ..Told::default()
        };
        Ok(self.pass_on(response, &told, CacheOutcome::Bypass))
    }

    /// Answers with what is stored, or with what another call is fetching, or asks the origin.
    ///
    /// `missed` is what was stored at an epoch, if that is known, and known not to do.
    pub(crate) async fn look(
        mut self,
        mut look: Look,
        mut missed: Option<(Variants, Epoch)>,
    ) -> Outcome<R> {
        let mut turns = Turns::default();
        loop {
            let (variants, epoch) = match missed.take() {
                Some(missed) => missed,
                None => {
                    // Read first: what is forgotten from here on is not to be stored.
                    let epoch = self.shared.epochs.of(&look.key);
                    // What was readied may be a permit that others wait for, longer than this store
                    // takes.
                    self.release();
                    let found = self.shared.try_get(&look.key).await;
                    turns.is_store_out = found.is_err();
                    let found = self.shared.tolerate(found);
                    if let Some(response) = self.hit(&look, &found, epoch) {
                        return Ok(response);
                    }
                    (found, epoch)
                }
            };
            if look.directives.only_if_cached {
                return Ok(self.must_not_ask());
            }
            let now = self.shared.now();
            let wanted = look.wanted(&self.head.method, &self.head.headers);
            let why = wanted.why(&variants, now);
            let fetch = Fetch::new(look, variants, why, epoch, now);
            match self.share(fetch, &mut turns).await {
                Sharing::Shared(outcome) => return outcome,
                Sharing::Fetch(fetch) if !self.is_leased(&fetch, &turns) => {
                    return self.fetch(fetch).await;
                }
                // In a box: most calls do without, and would carry it along.
                Sharing::Fetch(fetch) => match Box::pin(self.turn(fetch, &mut turns)).await {
                    Turn::Fetch(fetch) => return self.fetch(fetch).await,
                    Turn::Answer(response) => return Ok(response),
                },
                Sharing::Again(again) => look = again,
            }
        }
    }

    /// Returns the answer that what is stored is good for.
    fn hit(
        &self,
        look: &Look,
        variants: &Variants,
        epoch: Epoch,
    ) -> Option<Response<CacheBody<R>>> {
        let wanted = look.wanted(&self.head.method, &self.head.headers);
        let hit = look.hit(&self.shared, wanted, self.report.record(), variants)?;
        if hit.is_to_be_refreshed {
            self.refresh(look, variants, epoch);
        }
        Some(hit.response)
    }

    /// Answers a request that forbids to ask (RFC 9111 section 5.2.1.7). No `Cache-Status` is about
    /// such an answer (RFC 9211 section 2): it is neither stored nor anybody else's.
    fn must_not_ask(&self) -> Response<CacheBody<R>> {
        let mut response = gateway_timeout();
        response.extensions_mut().insert(CacheOutcome::Miss);
        self.report.noted(CacheOutcome::Miss);
        response
    }

    /// Sends the request with these headers and facts.
    async fn send(
        &mut self,
        headers: HeaderMap,
        extensions: Extensions,
    ) -> Result<Response<R>, CacheError> {
        let body = match self.body.take() {
            Some(body) => body,
            None => B::again(&self.kept).map_err(|error| CacheError::failed(error.into()))?,
        };
        let mut request = Request::new(body);
        *request.method_mut() = self.head.method.clone();
        *request.uri_mut() = self.head.uri.clone();
        *request.version_mut() = self.head.version;
        *request.headers_mut() = headers;
        *request.extensions_mut() = extensions;

        if !mem::take(&mut self.is_ready) {
            let ready = poll_fn(|cx| self.service.poll_ready(cx)).await;
            ready.map_err(|error| CacheError::not_ready(error.into()))?;
        }
        let answer = self.service.call(request).await;
        answer.map_err(|error| CacheError::failed(error.into()))
    }

    /// Passes an answer of the origin on as it is.
    fn pass_on(
        &self,
        response: Response<R>,
        told: &Told<'_>,
        outcome: CacheOutcome,
    ) -> Response<CacheBody<R>> {
        let mut response = response.map(CacheBody::passing);
        self.report.answered(&mut response, outcome, told);
        response
    }
}

impl<S: Clone, B: RepeatBody> Call<S, B> {
    /// Leaves what was readied for this call to others.
    fn release(&mut self) {
        if self.is_ready {
            self.service = self.service.clone();
            self.is_ready = false;
        }
    }
}
