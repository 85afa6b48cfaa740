//! Measures HTTP calls, and the requests that they send.
//!
//! A caller sees one call; a server sees every attempt at it, every replay and every redirect.
//! Numbers of both are needed, and must not be mixed up: so [`MetricsLayer`] is placed twice.
//!
//! - [`MetricsLayer::call`], outermost, measures calls: how long, whether they succeeded, of what
//!   kind the error was, and what the layers below did for them. See [`CallRecorder`].
//! - [`MetricsLayer::attempt`], innermost, measures what goes out, by OpenTelemetry's conventions
//!   for HTTP clients. See [`AttemptRecorder`].
//!
//! Each works without the other. What is cancelled is counted as such, at whatever point; a body
//! counts until it was read, broke off or was dropped, so gauges return to zero. Labels are never
//! made of paths, and have a bounded number of values. Layers that know more (retries, caches,
//! credentials) write it to the call's [`CallRecord`](tower_client_call::CallRecord): none of them
//! is known here.
//!
//! Where the numbers go is an [`Instruments`]: [`Registry`] keeps them in the process and renders
//! them for Prometheus; `Facade` (feature `metrics`) and `OpenTelemetry` (feature `opentelemetry`)
//! hand them on. What is measured at all is a [`Recorder`], and can be replaced too.
//!
//! Not for servers: their metrics have other names and other labels.
//!
//! ```
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{ServiceBuilder, ServiceExt, service_fn};
//! use tower_client_call::Operation;
//! use tower_client_metrics::{Format, MetricsLayer, Registry};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let origin = service_fn(|_: Request<Full<Bytes>>| async {
//!     Ok::<_, std::convert::Infallible>(Response::new(Full::<Bytes>::from("a trip")))
//! });
//! let registry = Registry::new();
//! let service = ServiceBuilder::new()
//!     .layer(MetricsLayer::call(registry.clone()))
//!     // … errors, cache, retries, credentials …
//!     .layer(MetricsLayer::attempt(registry.clone()))
//!     .service(origin);
//!
//! let mut request = Request::get("https://api.example/v1/trips/7").body(Full::default())?;
//! request.extensions_mut().insert(Operation::new("trip", "/v1/trips/{id}"));
//! let response = service.oneshot(request).await?;
//! drop(response); // nobody reads it
//!
//! let text = registry.render(Format::Prometheus);
//! assert!(text.contains(r#"http_call_total{operation="trip",status="success"} 1"#));
//! assert!(text.contains(r#"http_call_bodies_total{ending="aborted",operation="trip"} 1"#));
//! assert!(text.contains("http_client_request_duration_seconds_bucket"));
//! # Ok(())
//! # }
//! ```

mod as_error;
mod attempt;
mod body;
mod bounded;
mod call;
#[cfg(feature = "metrics")]
mod facade;
mod failure;
mod future;
mod hearing;
mod instruments;
mod layer;
mod limits;
mod metric;
#[cfg(feature = "opentelemetry")]
mod opentelemetry;
mod recorder;
mod registry;
mod span;
mod under_way;

pub use self::as_error::{AsError, Boxed, Typed};
pub use self::attempt::{AttemptBodyMeter, AttemptMeter, AttemptRecorder, AttemptRecorderBuilder};
pub use self::body::MeteredBody;
pub use self::call::{
    CallBodyMeter, CallMeter, CallRecorder, CallRecorderBuilder, InvalidPrefix, Prefix,
};
#[cfg(feature = "metrics")]
pub use self::facade::Facade;
pub use self::future::ResponseFuture;
pub use self::instruments::{Instruments, Label, Value};
pub use self::layer::{Metrics, MetricsLayer};
pub use self::metric::{BYTES, Metric, SECONDS};
#[cfg(feature = "opentelemetry")]
pub use self::opentelemetry::{Attributed, OpenTelemetry};
pub use self::recorder::{BodyEnding, BodyMeter, Meter, Recorder};
pub use self::registry::{
    Bucket, Counter, Distribution, Format, Gauge, Histogram, Registry, RegistryBuilder, Sample,
    Snapshot, Timed, Timer,
};
