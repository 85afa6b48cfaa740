//! Clients that are wrong in ways that are usual, to know that the rules find them out.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{Request, Response};
use tokio::sync::Mutex as AsyncMutex;
use tower::util::BoxCloneService;
use tower::{BoxError, Service, ServiceExt};
use tower_client_auth::{Credential, ExposeSecret, Principal, TokenSource};
use tower_client_call::{CallRecord, Delivery, PeekedBody, RepeatBody};

use crate::api::{Api, ELSEWHERE, RequestBody};
use crate::body::Reply;
use crate::caller::Process;
use crate::case::Case;
use crate::chance::{PEOPLE, who};
use crate::log::Model;
use crate::source::Issuer;
use crate::store::Shelves;

/// What is wrong with a client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Flaw {
    /// Who leaves takes the fetch along.
    FetchesInline,
    /// Everybody fetches.
    FetchesEach,
    /// One credential for all.
    Shares,
    /// Uses a credential for ever.
    IgnoresTime,
    /// Sends again with what was refused.
    Insists,
    /// Sends again and again.
    Repeats,
    /// Sends credentials anywhere.
    Leaks,
    /// Signs in each time, and forgets what it was told to remember.
    Forgets,
}

/// Fetches in the callers' own futures, without windows, without backing off.
#[derive(Clone)]
struct Naive {
    api: Api,
    places: Arc<Vec<AsyncMutex<Option<Credential>>>>,
    issuer: Arc<Issuer>,
    flaw: Flaw,
}

pub(crate) fn clients(flaw: Flaw) -> impl Fn(&Case, &Arc<Model>, &Arc<Shelves>) -> Vec<Process> {
    move |case, model, _| {
        let naive = Naive {
            api: Api::new(model, false),
            places: Arc::new(PEOPLE.iter().map(|_| AsyncMutex::default()).collect()),
            issuer: Arc::new(Issuer::new(model, case, 0)),
            flaw,
        };
        let client = BoxCloneService::new(naive);
        vec![Process {
            client,
            provider: None,
        }]
    }
}

impl Service<Request<RequestBody>> for Naive {
    type Response = Response<PeekedBody<Reply>>;
    type Error = BoxError;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let naive = self.clone();
        Box::pin(async move { naive.answer(request).await })
    }
}

impl Naive {
    async fn answer(
        self,
        request: Request<RequestBody>,
    ) -> Result<Response<PeekedBody<Reply>>, BoxError> {
        let principal = Principal::of(&request).cloned();
        let principal = principal.unwrap_or_else(|| Principal::new(""));
        let record = CallRecord::find(request.extensions()).cloned();
        let elsewhere = request.uri().host() == Some(ELSEWHERE);
        let kept = request.body().keep();
        let (head, body) = request.into_parts();
        let mut body = Some(body);
        let mut refused: Option<Credential> = None;
        let sends = match self.flaw {
            Flaw::Repeats => 5,
            _ => 2,
        };
        for last in (0..sends).map(|nth| nth + 1 == sends) {
            let mut request = Request::from_parts(head.clone(), body.take().unwrap());
            if !elsewhere || self.flaw == Flaw::Leaks {
                let old = refused.take().filter(|_| self.flaw != Flaw::Insists);
                let credential = self.credential(&principal, old, record.as_ref()).await?;
                let value = format!("Bearer {}", credential.secret().expose_secret());
                request.headers_mut().insert(AUTHORIZATION, value.parse()?);
                refused = Some(credential);
            }
            let response = self.api.clone().oneshot(request).await?;
            let again = RequestBody::again(&kept).ok();
            if last || elsewhere || response.status() != 401 || again.is_none() {
                return Ok(response.map(PeekedBody::untouched));
            }
            body = again;
            if let Some(record) = &record {
                record.count_replay();
            }
        }
        Err("not reached".into())
    }

    /// The credential in force, or a new one in place of what was refused.
    async fn credential(
        &self,
        principal: &Principal,
        refused: Option<Credential>,
        record: Option<&CallRecord>,
    ) -> Result<Credential, BoxError> {
        let one = if self.flaw == Flaw::Shares {
            0
        } else {
            who(principal.id())
        };
        let mut place = self.places[one].lock().await;
        let good = |it: &Credential| {
            let old = it.remaining().is_some_and(|left| left.is_zero());
            let same = |refused: &Credential| {
                refused.secret().expose_secret() == it.secret().expose_secret()
            };
            !refused.as_ref().is_some_and(same) && (!old || self.flaw == Flaw::IgnoresTime)
        };
        if let Some(credential) = place.as_ref().filter(|it| good(it)) {
            return Ok(credential.clone());
        }
        let previous = place.clone().filter(|_| self.flaw != Flaw::Forgets);
        if let Some(record) = record {
            record.count_token_fetch();
        }
        let fetch = self.issuer.fetch(principal, previous.as_ref());
        let fetch = tokio::time::timeout(Duration::from_secs(30), fetch);
        let fetched = if self.flaw == Flaw::FetchesEach {
            drop(place);
            let fetched = fetch.await??;
            place = self.places[one].lock().await;
            fetched
        } else {
            fetch
                .await
                .map_err(|late| Delivery::NotSent.because(late))??
        };
        *place = Some(fetched.clone());
        Ok(fetched)
    }
}
