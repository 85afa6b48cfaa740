//! Turns failed calls into typed errors.
//!
//! A client that gets a 404 from hyper has an `Ok`, and one that gets a connection reset has an
//! `Err` of another world. [`ErrorLayer`] makes one typed error of both, by a strategy
//! ([`MapError`]) that says which responses are errors, how much of their body to read, and what
//! they mean. [`HttpApi`] is the strategy for any HTTP API; its error is [`ApiError`].
//!
//! Place it outside of layers that need the raw answer (a cache needs its 304, a retry its 503):
//! outermost but for metrics. Below retries and metrics it works too: the facts that they decide by
//! stay on the error's source chain ([`Delivery`](tower_client_call::Delivery),
//! [`ResponseError`](tower_client_call::ResponseError)). Caches and credentials need the answer itself.
//!
//! Not for servers: an error here is a failure to get an answer, not an answer to give.
//!
//! ```
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{Layer, ServiceExt, service_fn};
//! use tower_client_error::{ErrorLayer, Kind};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let origin = service_fn(|_: Request<()>| async {
//!     let answer = Response::builder().status(404);
//!     Ok::<_, std::convert::Infallible>(answer.body(Full::<Bytes>::default()).unwrap())
//! });
//!
//! let error = ErrorLayer::default().layer(origin).oneshot(Request::new(())).await.unwrap_err();
//!
//! assert!(error.is_not_found());
//! assert_eq!(error.code(), "NOT_FOUND");
//! # }
//! ```

mod api_error;
mod call;
mod future;
mod http_api;
mod kind;
mod layer;
mod map;
mod problem;

pub use self::api_error::ApiError;
pub use self::call::Call;
pub use self::future::ResponseFuture;
pub use self::http_api::HttpApi;
pub use self::kind::Kind;
pub use self::layer::{ErrorLayer, MapErrors};
pub use self::map::{Inspect, MapError};
pub use self::problem::Problem;
