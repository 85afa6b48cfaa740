//! The layers as methods of tower's builder.

use tower::ServiceBuilder;
#[allow(unused_imports, reason = "without a feature there is nothing to stack")]
use tower::layer::util::Stack;

mod sealed {
    pub trait Sealed {}
}

/// Adds the layers to [`tower::ServiceBuilder`], each by a method behind its feature.
///
/// A method adds the layer that it is given at its place, as
/// [`layer`](tower::ServiceBuilder::layer) would; settings are made on the layer before. The first
/// method is the outermost layer. This is the order that they are made for:
///
/// | place | method | why there |
/// | --- | --- | --- |
/// | 1 | `measure`, `MetricsLayer::call` | counts calls as their caller sees them, and reads from the [`CallRecord`](crate::call::CallRecord) what all others did |
/// | 2 | `map_api_errors` | a cache needs its 304 and a retry its 503: answers become errors above them |
/// | 3 | `cache_responses` | a hit needs no attempt and no credential, and what is stored is what a call ended with |
/// | 4 | `retry_calls` | everything below happens anew in each attempt |
/// | 5 | `authenticate` | each attempt has a credential that is good now, and a refused one costs a replay and no attempt |
/// | 6 | `measure`, `MetricsLayer::attempt` | counts what goes out: attempts, replays, redirects |
///
/// Each can be left out. In another order they work too, but differently: what each
/// swap loses is in
/// [docs/layer-order.md](https://github.com/tower-client/tower-client/blob/main/docs/layer-order.md).
///
/// A redirect follower belongs between 4 and 5, so that each hop has its origin checked. The cache
/// does not see what 5 adds: where the client acts for several users, each request needs a
/// [`Principal`](crate::call::Principal).
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response, StatusCode};
/// use http_body_util::{BodyExt, Full};
/// use tower::{ServiceBuilder, ServiceExt, service_fn};
/// use tower_client::ServiceBuilderExt;
/// use tower_client::auth::{AuthLayer, Origins, StaticToken};
/// use tower_client::cache::{CacheLayer, MemoryStore};
/// use tower_client::call::{Attempt, CacheOutcome, CallRecord, Operation, Principal};
/// use tower_client::metrics::{MetricsLayer, Registry};
/// use tower_client::retry::RetryLayer;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // In its place: hyper-util's client, or anything else that takes requests.
/// let transport = service_fn(|request: Request<Full<Bytes>>| async move {
///     assert_eq!(request.headers()["authorization"], "Bearer s3cret");
///     let response = Response::builder().header("cache-control", "max-age=60");
///     let response = match Attempt::of(&request).number() {
///         1 => response.status(StatusCode::SERVICE_UNAVAILABLE),
///         _ => response,
///     };
///     response.body(Full::<Bytes>::from("a trip"))
/// });
/// let registry = Registry::new();
/// let cache = CacheLayer::builder(MemoryStore::new()).single_principal(Principal::new("me"));
/// let origins = Origins::new(["https://api.example"])?;
/// let client = ServiceBuilder::new()
///     .measure(MetricsLayer::call(registry.clone()))
///     .map_api_errors()
///     .cache_responses(cache.build()?)
///     .retry_calls(RetryLayer::default())
///     .authenticate(AuthLayer::new(StaticToken::new("s3cret"), origins))
///     .measure(MetricsLayer::attempt(registry.clone()))
///     .service(transport);
///
/// for (attempts, sends, outcome) in [(2, 2, CacheOutcome::Miss), (1, 0, CacheOutcome::Hit)] {
///     let record = CallRecord::new();
///     let mut request = Request::get("https://api.example/v1/trips/7").body(Full::default())?;
///     request.extensions_mut().insert(Operation::new("trip", "/v1/trips/{id}"));
///     request.extensions_mut().insert(record.clone());
///     let response = client.clone().oneshot(request).await?;
///
///     assert_eq!(response.into_body().collect().await?.to_bytes(), "a trip");
///     let seen = record.snapshot();
///     assert_eq!((seen.attempts, seen.sends, seen.cache), (attempts, sends, Some(outcome)));
/// }
/// let calls = [("operation", "trip"), ("status", "success")];
/// assert_eq!(registry.snapshot().counter("http_call_total", &calls), Some(2));
/// # Ok(())
/// # }
/// ```
pub trait ServiceBuilderExt<L>: sealed::Sealed + Sized {
    /// Measures calls, or the requests that they send.
    ///
    /// Twice in a stack: outermost with [`MetricsLayer::call`](crate::metrics::MetricsLayer::call),
    /// innermost with [`MetricsLayer::attempt`](crate::metrics::MetricsLayer::attempt). Feature
    /// `metrics`.
    #[cfg(feature = "metrics")]
    fn measure<R, V>(
        self,
        layer: crate::metrics::MetricsLayer<R, V>,
    ) -> ServiceBuilder<Stack<crate::metrics::MetricsLayer<R, V>, L>>;

    /// Makes one typed error, [`ApiError`](crate::error::ApiError), of answers that are errors and
    /// of failures without an answer, as any HTTP API means them.
    ///
    /// Feature `error`.
    #[cfg(feature = "error")]
    fn map_api_errors(self) -> ServiceBuilder<Stack<crate::error::ErrorLayer, L>>;

    /// Makes typed errors by a strategy of one's own, a [`MapError`](crate::error::MapError).
    ///
    /// Feature `error`.
    #[cfg(feature = "error")]
    fn map_api_errors_with<M>(
        self,
        map: M,
    ) -> ServiceBuilder<Stack<crate::error::ErrorLayer<M>, L>>;

    /// Answers again what was answered before.
    ///
    /// Feature `cache`.
    #[cfg(feature = "cache")]
    fn cache_responses(
        self,
        layer: crate::cache::CacheLayer,
    ) -> ServiceBuilder<Stack<crate::cache::CacheLayer, L>>;

    /// Repeats the calls that are safe to repeat.
    ///
    /// Feature `retry`.
    #[cfg(feature = "retry")]
    fn retry_calls<P>(
        self,
        layer: crate::retry::RetryLayer<P>,
    ) -> ServiceBuilder<Stack<crate::retry::RetryLayer<P>, L>>;

    /// Puts a valid credential on every request that goes where it may.
    ///
    /// Feature `auth`.
    #[cfg(feature = "auth")]
    fn authenticate(
        self,
        layer: crate::auth::AuthLayer,
    ) -> ServiceBuilder<Stack<crate::auth::AuthLayer, L>>;
}

impl<L> sealed::Sealed for ServiceBuilder<L> {}

impl<L> ServiceBuilderExt<L> for ServiceBuilder<L> {
    #[cfg(feature = "metrics")]
    fn measure<R, V>(
        self,
        layer: crate::metrics::MetricsLayer<R, V>,
    ) -> ServiceBuilder<Stack<crate::metrics::MetricsLayer<R, V>, L>> {
        self.layer(layer)
    }

    #[cfg(feature = "error")]
    fn map_api_errors(self) -> ServiceBuilder<Stack<crate::error::ErrorLayer, L>> {
        self.layer(crate::error::ErrorLayer::default())
    }

    #[cfg(feature = "error")]
    fn map_api_errors_with<M>(
        self,
        map: M,
    ) -> ServiceBuilder<Stack<crate::error::ErrorLayer<M>, L>> {
        self.layer(crate::error::ErrorLayer::new(map))
    }

    #[cfg(feature = "cache")]
    fn cache_responses(
        self,
        layer: crate::cache::CacheLayer,
    ) -> ServiceBuilder<Stack<crate::cache::CacheLayer, L>> {
        self.layer(layer)
    }

    #[cfg(feature = "retry")]
    fn retry_calls<P>(
        self,
        layer: crate::retry::RetryLayer<P>,
    ) -> ServiceBuilder<Stack<crate::retry::RetryLayer<P>, L>> {
        self.layer(layer)
    }

    #[cfg(feature = "auth")]
    fn authenticate(
        self,
        layer: crate::auth::AuthLayer,
    ) -> ServiceBuilder<Stack<crate::auth::AuthLayer, L>> {
        self.layer(layer)
    }
}
