//! The metrics of a call.

use crate::Metric;

#[derive(Debug)]
pub(super) struct Names {
    pub(super) duration: Metric,
    pub(super) total: Metric,
    pub(super) active: Metric,
    pub(super) attempts: Metric,
    pub(super) sends: Metric,
    pub(super) retries: Metric,
    pub(super) retry_stops: Metric,
    pub(super) replays: Metric,
    pub(super) token_fetches: Metric,
    pub(super) cache: Metric,
    pub(super) backoff: Metric,
    pub(super) credential_wait: Metric,
    pub(super) bodies: Metric,
}

impl Names {
    pub(super) fn new(prefix: &str) -> Self {
        let metric = |name, description| Metric::new(format!("{prefix}_{name}"), description);
        let counter = |name, unit, description| metric(name, description).unit(unit);
        let seconds = |name, description| metric(name, description).unit("s");
        Self {
            duration: seconds(
                "duration",
                "Duration of calls, all attempts and waits included.",
            ),
            total: counter("total", "{call}", "Calls that ended."),
            active: metric("active", "Calls under way.").unit("{call}"),
            attempts: counter("attempts_total", "{attempt}", "Attempts that calls needed."),
            sends: counter(
                "sends_total",
                "{request}",
                "Requests that went out for calls.",
            ),
            retries: counter(
                "retries_total",
                "{attempt}",
                "Attempts after the first, by their reasons.",
            ),
            retry_stops: counter(
                "retry_stops_total",
                "{call}",
                "Failed calls, by why they were not attempted again.",
            ),
            replays: counter(
                "replays_total",
                "{request}",
                "Requests sent again with another credential.",
            ),
            token_fetches: counter(
                "token_fetches_total",
                "{fetch}",
                "Credentials fetched for calls.",
            ),
            cache: counter(
                "cache_total",
                "{call}",
                "Calls that a cache looked at, by what it did.",
            ),
            backoff: seconds("backoff", "Time that calls lost waiting between attempts."),
            credential_wait: seconds(
                "credential_wait",
                "Time that calls lost waiting for a credential.",
            ),
            bodies: counter(
                "bodies_total",
                "{body}",
                "Bodies of responses, by how they ended.",
            ),
        }
    }
}
