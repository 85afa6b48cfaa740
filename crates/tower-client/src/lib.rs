//! Tower layers that turn an HTTP client into an API client, from one crate.
//!
//! Each layer is a crate of its own and a module here, behind the feature of the same name. None is
//! on by default; `full` is all of them.
//!
//! | module | feature | what it has |
//! | --- | --- | --- |
//! | `error` | `error` | `ErrorLayer`: failed calls become typed errors |
//! | `cache` | `cache` | `CacheLayer`: answers again what was answered before |
//! | `retry` | `retry` | `RetryLayer`: repeats what is safe to repeat |
//! | `auth` | `auth` | `AuthLayer`: a valid credential on every request |
//! | `metrics` | `metrics` | `MetricsLayer`: measures calls, and the requests that they send |
//! | [`call`] | | what the layers know about one call; always there |
//!
//! `cache-disk`, `cache-redis` and `cache-encryption` (stores of `cache` that outlive a process or are
//! shared, and what encrypts them), `follow-redirect` (of `auth`), `conformance` (of `cache`),
//! `metrics-facade` and `opentelemetry` (of `metrics`) add to layers that are on, and turn none on. A
//! layer comes with its own default features; who wants fewer depends on its crate.
//!
//! [`ServiceBuilderExt`] adds them to tower's builder, and says in which order. Nothing else is here:
//! the modules are those crates.
//!
//! ```
//! use bytes::Bytes;
//! use http::{Request, Response, StatusCode};
//! use http_body_util::Full;
//! use tower::{ServiceBuilder, ServiceExt, service_fn};
//! use tower_client::ServiceBuilderExt;
//! use tower_client::cache::{CacheLayer, MemoryStore};
//! use tower_client::call::Attempt;
//! use tower_client::retry::RetryLayer;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let origin = service_fn(|request: Request<Full<Bytes>>| async move {
//!     let response = Response::builder().header("cache-control", "max-age=60");
//!     let response = match Attempt::of(&request).number() {
//!         1 => response.status(StatusCode::SERVICE_UNAVAILABLE),
//!         _ => response,
//!     };
//!     response.body(Full::<Bytes>::default())
//! });
//! let client = ServiceBuilder::new()
//!     .cache_responses(CacheLayer::new(MemoryStore::new())) // outside: a hit needs no attempt
//!     .retry_calls(RetryLayer::default())
//!     .service(origin);
//!
//! for expected in ["fwd=uri-miss", "hit"] {
//!     let request = Request::get("https://api.example/cars").body(Full::default())?;
//!     let response = client.clone().oneshot(request).await?;
//!
//!     assert_eq!(response.status(), StatusCode::OK);
//!     assert!(response.headers()["cache-status"].to_str()?.contains(expected));
//! }
//! # Ok(())
//! # }
//! ```

mod builder;

pub use self::builder::ServiceBuilderExt;
#[cfg(feature = "auth")]
pub use tower_client_auth as auth;
#[cfg(feature = "cache")]
pub use tower_client_cache as cache;
pub use tower_client_call as call;
#[cfg(feature = "error")]
pub use tower_client_error as error;
#[cfg(feature = "metrics")]
pub use tower_client_metrics as metrics;
#[cfg(feature = "retry")]
pub use tower_client_retry as retry;
