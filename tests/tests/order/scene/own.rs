//! A layer of the user's own, of tower's parts: puts a header and a fact on each request, and keeps
//! what passes it.

use std::sync::{Arc, Mutex};

use http::{HeaderValue, Request, Response};
use tower::{BoxError, ServiceExt};
use tower_client_call::{Attempt, CacheOutcome};
use toyota_client::Body;

use crate::stack::{Over, boxed};

const HEADER: &str = "x-own";

/// The fact that is put on each request.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fact(u32);

/// What passed the user's own layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Passed {
    /// Requests.
    pub(crate) requests: u32,
    /// Of these, repeats.
    pub(crate) repeats: u32,
    /// Of these, those with a user's credential.
    pub(crate) signed: u32,
    /// Of these, those with the app's identity.
    pub(crate) identified: u32,
    /// Answers of the cache.
    pub(crate) hits: u32,
    /// Answers, by their status; 0 for an error.
    pub(crate) ends: Vec<u16>,
}

/// The user's own layer.
#[derive(Clone, Default)]
pub(crate) struct Own(Arc<Mutex<Passed>>);

impl Own {
    pub(crate) fn passed(&self) -> Passed {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn layer(&self) -> Over {
        let own = self.clone();
        Box::new(move |inner| {
            let (before, after) = (own.clone(), own.clone());
            let inner = inner.map_request(move |request| before.mark(request));
            boxed(inner.map_result(move |end| after.note(end)))
        })
    }

    fn mark(&self, mut request: Request<Body>) -> Request<Body> {
        let mut passed = self.0.lock().unwrap();
        let has = |name| u32::from(request.headers().contains_key(name));
        passed.requests += 1;
        passed.repeats += u32::from(Attempt::of(&request) > Attempt::FIRST);
        passed.signed += has("authorization");
        passed.identified += has("x-api-key");
        request
            .headers_mut()
            .insert(HEADER, HeaderValue::from(passed.requests));
        request.extensions_mut().insert(Fact(passed.requests));
        request
    }

    fn note<B>(&self, end: Result<Response<B>, BoxError>) -> Result<Response<B>, BoxError> {
        let mut passed = self.0.lock().unwrap();
        let outcome = end
            .as_ref()
            .ok()
            .and_then(|answer| answer.extensions().get());
        passed.hits += u32::from(outcome == Some(&CacheOutcome::Hit));
        passed
            .ends
            .push(end.as_ref().map_or(0, |answer| answer.status().as_u16()));
        end
    }
}

/// The marks of the user's own layer that reached the transport, of header and fact.
#[derive(Clone, Default)]
pub(crate) struct Arrivals(Arc<Mutex<Vec<(u32, u32)>>>);

impl Arrivals {
    pub(crate) fn all(&self) -> Vec<(u32, u32)> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn layer(&self) -> Over {
        let arrivals = self.clone();
        Box::new(move |inner| {
            let arrivals = arrivals.clone();
            boxed(inner.map_request(move |request: Request<Body>| {
                let header = request.headers().get(HEADER);
                let header = header.map_or(0, |value| value.to_str().unwrap().parse().unwrap());
                let fact = request.extensions().get().map_or(0, |Fact(number)| *number);
                arrivals.0.lock().unwrap().push((header, fact));
                request
            }))
        })
    }
}
