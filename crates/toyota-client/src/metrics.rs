//! What is measured: each call, and each request that goes out for it or for a sign-in.
//!
//! A [`ToyotaClient`](crate::ToyotaClient) measures itself, unless told otherwise: it costs a few hundred
//! instructions a call. [`ToyotaClient::metrics`](crate::ToyotaClient::metrics) is where the
//! numbers are; [`ToyotaClientBuilder::metrics`](crate::ToyotaClientBuilder::metrics) has several
//! clients share one place. A call whose answer breaks off, takes too long or hides an error is an
//! error, as it is for its caller. Calls are `toyota_total`, `toyota_duration` and so on, by operation;
//! requests have OpenTelemetry's names.
//!
//! ```
//! use toyota_client::metrics::{Format, Registry};
//!
//! let registry = Registry::new();
//! // … ToyotaClient::builder().metrics(registry.clone()) …
//! let text = registry.render(Format::Prometheus);
//! # assert_eq!(text, "");
//! ```

use tower::Layer;
pub use tower_client::metrics::*;

/// A transport whose requests are measured. `V` is how its errors are looked at:
/// [`Boxed`] if they are boxes.
pub type Measured<T, V = Typed> = Metrics<T, AttemptRecorder<Registry>, V>;

/// What measures a client's calls.
pub(crate) type CallMetrics = MetricsLayer<CallRecorder<Registry>, Typed>;

const PREFIX: Prefix = Prefix::from_static("toyota");

/// Returns a transport whose requests are measured in this registry. For what is not built by
/// [`ToyotaClientBuilder`](crate::ToyotaClientBuilder), such as a [`Login`](crate::Login) of one's
/// own.
pub fn measured<T, V>(transport: T, registry: &Registry) -> Measured<T, V> {
    MetricsLayer::attempt(registry.clone()).layer(transport)
}

pub(crate) fn call_metrics(registry: &Registry) -> CallMetrics {
    let recorder = CallRecorder::builder(registry.clone()).prefix(PREFIX);
    MetricsLayer::new(recorder.build())
}
