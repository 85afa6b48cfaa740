//! What the stack tests share: a simulator, and clients that talk to it.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "these are the helpers of tests: what cannot be set up must fail loudly"
)]

pub mod cars;
pub mod child;
pub mod cost;
pub mod in_memory;
pub mod ratios;
pub mod redis;
pub mod trips;

use std::time::Duration;

use tower_client_retry::{Backoff, Jitter, RetryLayer, RetryLayerBuilder};
use toyota_client::{Config, Credentials, HttpService, Login, ToyotaClient, Transport};
use toyota_sim::Simulator;

/// The examples of the READMEs and guides run as tests.
#[doc = include_str!("../../README.md")]
#[doc = include_str!("../../docs/auth.md")]
#[doc = include_str!("../../docs/cache.md")]
#[doc = include_str!("../../docs/layer-order.md")]
#[doc = include_str!("../../docs/configuration.md")]
#[doc = include_str!("../../docs/metrics.md")]
#[doc = include_str!("../../docs/retry.md")]
#[doc = include_str!("../../docs/toyota.md")]
#[doc = include_str!("../../crates/tower-client/README.md")]
#[doc = include_str!("../../crates/tower-client-auth/README.md")]
#[doc = include_str!("../../crates/tower-client-cache/README.md")]
#[doc = include_str!("../../crates/tower-client-call/README.md")]
#[doc = include_str!("../../crates/tower-client-error/README.md")]
#[doc = include_str!("../../crates/tower-client-metrics/README.md")]
#[doc = include_str!("../../crates/tower-client-retry/README.md")]
#[doc = include_str!("../../crates/toyota-client/README.md")]
#[doc = include_str!("../../crates/toyota-sim/README.md")]
#[cfg(doctest)]
#[derive(Debug)]
pub struct Readmes;

/// Longer than anything here takes: what is not done by then hangs.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// The timeout of the clients under test: short, so that tests of timeouts are.
pub const TIMEOUT: Duration = Duration::from_secs(2);

/// Starts a simulator on plain HTTP.
pub async fn simulator() -> Simulator {
    Simulator::builder().start().await.expect("a free port")
}

/// Starts a simulator on TLS.
pub async fn tls_simulator() -> Simulator {
    let simulator = Simulator::builder().tls().start().await;
    simulator.expect("a free port and a certificate")
}

/// The configuration for a simulator.
pub fn config(sim: &Simulator) -> Config {
    let config = Config::from_vars(|name| sim.variable(name));
    config
        .and_then(|config| config.with_timeout(TIMEOUT))
        .expect("a simulator's settings are good")
}

/// The demo account's credentials.
#[must_use]
pub fn credentials(sim: &Simulator) -> Credentials {
    let account = sim.account();
    Credentials::new(account.username(), account.password()).expect("a mail address")
}

/// A transport that trusts the simulator.
#[must_use]
pub fn transport(sim: &Simulator) -> Transport {
    let mut builder = Transport::builder().connect_timeout(TIMEOUT);
    if let Some(certificate) = sim.certificate_der() {
        builder = builder.root_certificate(certificate.to_vec().into());
    }
    builder.build().expect("a good certificate")
}

/// A client of the login host.
#[must_use]
pub fn login(sim: &Simulator) -> Login<Transport> {
    Login::new(transport(sim), &config(sim)).expect("good settings")
}

/// A whole client, signed out, that repeats nothing: what fails is seen.
#[must_use]
pub fn client(sim: &Simulator) -> ToyotaClient {
    client_with(
        sim,
        RetryLayer::builder().max_attempts(1).without_cool_down(),
    )
}

/// A whole client, signed out, that repeats calls in this way, caches nothing and keeps no pace: what
/// it asks is asked, at once.
#[must_use]
pub fn client_with(sim: &Simulator, retry: RetryLayerBuilder) -> ToyotaClient {
    let builder = ToyotaClient::builder()
        .config(config(sim))
        .credentials(credentials(sim))
        .retry(retry)
        .without_cache()
        .without_pace();
    builder
        .service(transport(sim))
        .build()
        .expect("good settings")
}

/// Repeats what may be repeated, waits hardly at all for it, and is not kept from it by what failed before.
pub fn quick() -> RetryLayerBuilder {
    let backoff = Backoff {
        base: Duration::from_millis(1),
        factor: 1.0,
        jitter: Jitter::None,
        ..Backoff::default()
    };
    let retry = RetryLayer::builder().backoff(backoff);
    retry.without_budget().without_cool_down()
}

/// Asks for the vehicles this many times at once; every call must succeed.
pub async fn ask_at_once<S: HttpService>(client: &ToyotaClient<S>, calls: usize) {
    let calls: Vec<_> = std::iter::repeat_with(|| client.clone())
        .take(calls)
        .map(|client| tokio::spawn(async move { client.vehicles().await.map(drop) }))
        .collect();
    for call in calls {
        soon(call).await.expect("no panic").expect("an answer");
    }
}

/// Ends a test that would hang, after [`PATIENCE`].
pub async fn soon<T>(work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(PATIENCE, work).await;
    done.expect("done long before")
}
