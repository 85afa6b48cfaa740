//! Repeats what is safe to repeat.
//!
//! A request that failed is sent again if that can help and cannot do anything twice.
//! [`RetryLayer`] decides so from three things together, where most retries look at one: whether
//! the request can have reached the server ([`Delivery`](tower_client_call::Delivery)), whether it
//! may be received twice (its method, an `Idempotency-Key`, or what the caller says by
//! [`Idempotency`](tower_client_call::Idempotency)), and what was answered. A request that was
//! never sent is repeated whatever it does; a `POST` that may have been received is not.
//!
//! Around the decision, which is a [`Policy`] and a pure function:
//!
//! - waits that grow and are jittered ([`Backoff`]), and `Retry-After` in both its forms;
//! - deadlines: a wait that cannot end in time is not begun;
//! - a [`Budget`] for all calls together, so that retries do not multiply an outage;
//! - a cool-down: an origin that asks for fewer calls gets fewer, also from calls that begin now.
//!
//! When there is no further attempt the caller gets what the last one brought, and why it was the
//! last: as [`StopReason`](tower_client_call::StopReason) in the response's extensions or in the
//! [`RetryError`], in the call's [`CallRecord`](tower_client_call::CallRecord), and in a `tracing`
//! event.
//!
//! Place it outside of layers that put a credential on each attempt, and inside of those that cache
//! or that turn responses into errors; it also works outside of the latter, since it finds the
//! status on the error's source chain. Not for servers, and not for operations that must happen
//! at most once unless they say so (`Idempotency::Once`).
//!
//! ```
//! use bytes::Bytes;
//! use http::{Request, Response, StatusCode};
//! use http_body_util::Full;
//! use tower::{Layer, ServiceExt, service_fn};
//! use tower_client_call::Attempt;
//! use tower_client_retry::RetryLayer;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let origin = service_fn(|request: Request<Full<Bytes>>| async move {
//!     let busy = Attempt::of(&request) == Attempt::FIRST;
//!     let mut response = Response::new(Full::<Bytes>::default());
//!     if busy {
//!         *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
//!     }
//!     Ok::<_, std::convert::Infallible>(response)
//! });
//! let client = RetryLayer::default().layer(origin);
//!
//! let response = client.oneshot(Request::new(Full::default())).await?;
//!
//! assert_eq!(response.status(), StatusCode::OK);
//! assert_eq!(response.extensions().get(), Some(&Attempt::FIRST.next()));
//! # Ok(())
//! # }
//! ```

mod attempted;
mod backoff;
mod budget;
mod call;
mod cool_down;
mod decision;
mod error;
mod future;
mod layer;
mod ledger;
mod pause;
mod plan;
mod policy;
mod settings;
mod shared;

pub use self::attempted::{Attempted, Outcome};
pub use self::backoff::{Backoff, Jitter};
pub use self::budget::{Budget, Costs, TokenBucket, TowerBudget};
pub use self::decision::{Decision, RetryKind};
pub use self::error::RetryError;
pub use self::future::ResponseFuture;
pub use self::layer::{Retry, RetryLayer};
pub use self::policy::{
    ForOperation, OrRetry, Peeking, Policy, PolicyFn, StandardPolicy, Unless, from_fn,
};
pub use self::settings::RetryLayerBuilder;
pub use tower_client_call::InvalidSetting;
