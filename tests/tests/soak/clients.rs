//! The clients under test. What is set of them is set here and nowhere else.

use std::time::Duration;

use tests::config;
use tower_client_retry::{Backoff, RetryLayer};
use toyota_client::cache::MemoryStore;
use toyota_client::metrics::Registry;
use toyota_client::{ToyotaClient, Transport};
use toyota_sim::Simulator;

use crate::garage::Garage;

/// How often a call may be attempted.
pub(crate) const MAX_ATTEMPTS: u32 = 3;
/// How long a call may take. Long for a machine with much else to do.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(3);
/// Fewer than there are answers, so that some have to go.
pub(crate) const MAX_CACHED: u64 = 64;
const CACHE_TTL: Duration = Duration::from_secs(1);
/// Between the starts of two requests of an account, of which one is under way at a time.
const MIN_GAP: Duration = Duration::from_millis(1);

/// Returns a client for each garage. They share their connections, what they cache and what they
/// measure.
pub(crate) fn clients(
    sim: &Simulator,
    transport: &Transport,
    garages: &[Garage],
    store: &MemoryStore,
    registry: &Registry,
) -> Vec<ToyotaClient> {
    // Short gaps and waits, so that there are many calls.
    let config = config(sim).with_timeout(TIMEOUT);
    let config = config.and_then(|config| config.with_min_gap(MIN_GAP));
    let config = config.expect("good times");
    let backoff = Backoff {
        base: Duration::from_millis(5),
        max: Duration::from_millis(50),
        ..Backoff::default()
    };
    let retry = RetryLayer::builder()
        .max_attempts(MAX_ATTEMPTS)
        .backoff(backoff);
    let builder = ToyotaClient::builder()
        .config(config)
        .retry(retry)
        .cache(store.clone())
        .cache_ttl(CACHE_TTL)
        .metrics(registry.clone());
    let build = |garage: &Garage| {
        let builder = builder.clone().credentials(garage.credentials());
        builder.service(transport.clone()).build()
    };
    let clients = garages.iter().map(build);
    clients
        .collect::<Result<_, _>>()
        .expect("settings that can be used")
}
