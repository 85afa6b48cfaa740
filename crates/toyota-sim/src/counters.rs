//! What has happened so far, in numbers.

use std::collections::BTreeMap;

use crate::route::Route;

/// A snapshot of what the simulator has counted since it started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    pub(crate) requests: BTreeMap<Route, u64>,
    /// Recorded requests that were dropped because newer ones came.
    pub requests_dropped: u64,
    /// Logins that ended with a session.
    pub logins_completed: u64,
    /// Posts to the login tree that carried a password, right or wrong.
    pub password_posts: u64,
    /// Answers of the token call that carried tokens, refreshes included.
    pub tokens_issued: u64,
    /// Refreshes that succeeded.
    pub refreshes: u64,
    /// Refresh tokens that were presented a second time.
    pub refresh_reuses_detected: u64,
    /// Token families that were revoked, by a reuse or by the test.
    pub families_revoked: u64,
    /// Commands that a car was given; a repeat under the same `Idempotency-Key` is none.
    pub commands_carried_out: u64,
    /// Commands that a car was given before: by the same account, with the same correlation
    /// identifier.
    pub commands_repeated: u64,
    /// TCP connections that were accepted, those reset at once included.
    pub connections_accepted: u64,
    /// TCP connections that are open now.
    pub connections_open: u64,
}

impl Counters {
    /// Returns how many requests came on a route, those that met a fault included.
    #[must_use]
    pub fn requests(&self, route: Route) -> u64 {
        self.requests.get(&route).copied().unwrap_or_default()
    }

    /// Returns how many requests came in all.
    #[must_use]
    pub fn requests_total(&self) -> u64 {
        self.requests.values().sum()
    }
}
