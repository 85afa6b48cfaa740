//! The stack of a client: which layers there are, and the one place that orders them.
//!
//! From the outside in, with the places for layers of one's own:
//!
//! ```text
//! typed API -> metrics of calls -> errors            around every client
//!   -> [Place::Calls]    -> cache
//!   -> [Place::Misses]   -> retries
//!   -> [Place::Attempts] -> pacing -> base URL, identity, redirects -> credentials
//!   -> [Place::Sends]    -> metrics of requests -> transport
//! ```
//!
//! Why this order, and what each other one loses, is told in the project's `docs/layer-order.md`; why
//! pacing stands where it does, in [`pace`](crate::pace). Identity, redirects and the mapping of errors
//! are what makes it Toyota's; all others can be left out.
//! [`ToyotaClientBuilder`](crate::ToyotaClientBuilder) switches layers off, sets them up, replaces
//! the transport and puts further layers at the four places. A layer is replaced by switching it off
//! and putting another at its place.
//!
//! Between two layers there is always the same type, a [`Link`], so that each can be left out and any
//! can be added, and a whole client is a type without parameters. The price is a boxed future for each
//! layer and call, which is nothing beside a request. Services for which that is too much are put
//! together from the layers' own crates, as [`ToyotaClient`](crate::ToyotaClient) takes any service.
//!
//! ```
//! use http::{HeaderValue, Request, Response};
//! use toyota_client::{Body, ToyotaClient};
//! use toyota_client::stack::Place;
//! use tower::ServiceBuilder;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let transport = tower::service_fn(|request: Request<Body>| async move {
//!     assert_eq!(request.headers()["x-fleet"], "7");
//!     Ok::<_, std::convert::Infallible>(Response::new(Body::from(r#"{"payload": []}"#)))
//! });
//! let fleet = tower::layer::layer_fn(|inner| {
//!     let on_each = |mut request: Request<Body>| {
//!         let headers = request.headers_mut();
//!         headers.insert("x-fleet", HeaderValue::from_static("7"));
//!         request
//!     };
//!     ServiceBuilder::new().map_request(on_each).service(inner)
//! });
//!
//! let client = ToyotaClient::builder()
//!     .without_auth()
//!     .layer_at(Place::Attempts, fleet)
//!     .service(transport)
//!     .build()?;
//!
//! assert!(client.vehicles().await?.value.is_empty());
//! # Ok(())
//! # }
//! ```

mod cached;
mod link;
mod own;

use std::fmt;
use std::task::{Context, Poll};

use http::{Request, Response, StatusCode};
use tower::{BoxError, Layer, Service};
use tower_client::auth::{AuthLayer, Provider};
use tower_client::cache::{CacheHandle, StoreError};
use tower_client::call::{Operation, Principal};
use tower_client::metrics::{AttemptRecorder, Boxed, MetricsLayer, Registry};
use tower_client::retry::{Attempted, RetryLayer, StandardPolicy, Unless};

pub(crate) use self::cached::{CachedLayer, Fresh, below_cache, rules as cache_rules};
pub(crate) use self::link::link;
pub use self::link::{AnswerBody, Link};
pub(crate) use self::own::OwnLayers;
use crate::pace::PaceLayer;
use crate::routes::Feature;
use crate::service::ToyotaLayer;
use crate::{Body, HttpService};

/// Where a layer of one's own stands: by what it sees.
///
/// Layers at the same place stand in the order in which they were added, the first outermost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Place {
    /// Outside of the cache: every call of the API once, also those that the cache answers.
    Calls,
    /// Between cache and retries: every call that has to be sent, once, with all its attempts.
    Misses,
    /// Inside of the retries: every attempt. The URI is a path still, and nobody is signed in.
    Attempts,
    /// Next to the transport: everything that goes out for calls, replays and redirects too, but no
    /// sign-ins. It sees tokens and VINs.
    Sends,
}

/// The layers of a client, before they are put around a transport; what is `None` is left out.
pub(crate) struct Layers {
    pub(crate) cache: CachedLayer,
    pub(crate) retry: Retries,
    pub(crate) pace: Option<PaceLayer>,
    pub(crate) identity: ToyotaLayer,
    pub(crate) auth: Option<AuthLayer>,
    pub(crate) own: OwnLayers,
}

/// How calls are repeated.
pub(crate) enum Retries {
    Off,
    Configured(RetryLayer<UnlessCold>),
    Own(RetryLayer),
}

/// What is repeated: what can be, but for a status that is not there.
pub(crate) type UnlessCold = Unless<StandardPolicy, fn(&Attempted<'_>) -> bool>;

/// Tells whether a 429 says that the service knows nothing of a car, which no repeat changes.
pub(crate) fn is_cold_status(attempted: &Attempted<'_>) -> bool {
    let is_status = |operation: Operation| operation.name() == Feature::Status.name();
    attempted.status() == Some(StatusCode::TOO_MANY_REQUESTS)
        && attempted.operation().is_some_and(is_status)
}

impl Layers {
    /// Puts the layers around a transport, the innermost first.
    pub(crate) fn around(self, transport: Link, provider: Provider) -> Stack {
        let handle = self.cache.handle();
        let account = self.cache.principal();

        let service = self.own.at(Place::Sends, transport);
        let service = over(self.auth, service);
        let service = over(Some(self.identity), service);
        let service = over(self.pace, service);
        let service = self.own.at(Place::Attempts, service);
        let service = match self.retry {
            Retries::Off => service,
            Retries::Configured(layer) => over(Some(layer), service),
            Retries::Own(layer) => over(Some(layer), service),
        };
        let service = self.own.at(Place::Misses, service);
        let service = over(Some(self.cache), service);
        let service = self.own.at(Place::Calls, service);

        Stack {
            service,
            provider,
            cache: handle,
            account,
        }
    }
}

/// What measures the requests of a client, its sign-ins too.
pub(crate) type SendMetrics = MetricsLayer<AttemptRecorder<Registry>, Boxed>;

/// Puts a layer that is there over a service.
pub(crate) fn over<L>(layer: Option<L>, inner: Link) -> Link
where
    L: Layer<Link, Service: HttpService>,
{
    match layer {
        Some(layer) => link(layer.layer(inner)),
        None => inner,
    }
}

/// A client's layers around its transport, as one service: what [`ToyotaClient`] talks through.
///
/// It takes requests with a path and gives answers as they are, the bad ones too: what they mean is
/// [`ToyotaErrors`]' business, above. Cheap to clone; when the last clone is dropped, its
/// connections close and no task is left.
///
/// [`ToyotaClient`]: crate::ToyotaClient
/// [`ToyotaErrors`]: crate::ToyotaErrors
#[derive(Clone)]
pub struct Stack {
    service: Link,
    provider: Provider,
    cache: CacheHandle,
    account: Principal,
}

impl Stack {
    /// Returns under which name the account's answers and cars are kept.
    pub(crate) fn account(&self) -> &str {
        self.account.id()
    }

    /// Returns the handle by which the account is signed in and out. Without the layer that puts
    /// credentials on requests nothing is done with them.
    #[must_use]
    pub fn provider(&self) -> Provider {
        self.provider.clone()
    }

    /// Returns what the owner of the cache looks into it with, forgets what is in it, and switches
    /// it on and off.
    #[must_use]
    pub fn cache(&self) -> CacheHandle {
        self.cache.clone()
    }

    /// Forgets what the account was answered, in this process and in others that share the store,
    /// and returns how many answers these were.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store may still have some of it.
    pub async fn forget_answers(&self) -> Result<u64, StoreError> {
        self.cache.invalidate_principal(&self.account).await
    }
}

impl Service<Request<Body>> for Stack {
    type Response = Response<AnswerBody>;
    type Error = BoxError;
    type Future = <Link as Service<Request<Body>>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.service.call(request)
    }
}

impl fmt::Debug for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stack")
            .field("cache", &self.cache)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
