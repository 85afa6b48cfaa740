//! The service below the cache, which gets calls as they were made.

use std::task::{Context, Poll};

use http::Request;
use http::header::CACHE_CONTROL;
use tower::Service;
use tower_client::call::Principal;

use super::Disguise;
use crate::{Body, HttpService};

/// The service below the cache.
#[derive(Clone, Debug)]
pub(crate) struct Origin<S>(pub(super) S);

impl<S: HttpService> Service<Request<Body>> for Origin<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        reveal(&mut request);
        self.0.call(request)
    }
}

/// Gives a request its own URI and principal back.
fn reveal(request: &mut Request<Body>) {
    let Some(own) = request.extensions_mut().remove::<Disguise>() else {
        return;
    };
    *request.uri_mut() = own.uri;
    if own.is_fresh {
        request.headers_mut().remove(CACHE_CONTROL);
    }
    let extensions = request.extensions_mut();
    match own.principal {
        Some(principal) => drop(extensions.insert(principal)),
        None => drop(extensions.remove::<Principal>()),
    }
}
