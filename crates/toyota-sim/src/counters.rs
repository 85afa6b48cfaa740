//! What has happened so far, in numbers.

use std::collections::BTreeMap;

use crate::{bounded::BoundedMap, exchange::header, record::RecordedRequest, route::Route};

/// How many cars are counted, and how long the name of one may be, in bytes.
const CARS: usize = 1024;
const VIN_LIMIT: usize = 64;

/// A snapshot of what the simulator has counted since it started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    pub(crate) requests: BTreeMap<Route, u64>,
    pub(crate) most_in_flight: BTreeMap<usize, u64>,
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

    /// Returns how many requests of an account were under way at once, at most, from the arrival of
    /// the head to that of the answer; the account is named by its place among
    /// [`Simulator::accounts`](crate::Simulator::accounts).
    #[must_use]
    pub fn most_in_flight(&self, account: usize) -> u64 {
        self.most_in_flight
            .get(&account)
            .copied()
            .unwrap_or_default()
    }

    /// Returns how many requests came in all.
    #[must_use]
    pub fn requests_total(&self) -> u64 {
        self.requests.values().sum()
    }
}

/// A snapshot of what has been counted of one car.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CarCounters {
    requests: BTreeMap<Route, u64>,
    /// Wakes that were passed on to the car, each of which costs some of its small battery.
    pub wakes: u64,
}

impl CarCounters {
    /// Returns how many requests came on a route that named the car, whatever came of them.
    #[must_use]
    pub fn requests(&self, route: Route) -> u64 {
        self.requests.get(&route).copied().unwrap_or_default()
    }

    /// Returns how many requests named the car in all.
    #[must_use]
    pub fn requests_total(&self) -> u64 {
        self.requests.values().sum()
    }
}

/// What has been counted of each car, by its VIN.
pub(crate) struct Tallies(BoundedMap<CarCounters>);

impl Tallies {
    pub(crate) fn of(&self, vin: &str) -> CarCounters {
        self.0.get(vin).cloned().unwrap_or_default()
    }

    /// Counts a request for the car that it names.
    pub(crate) fn record(&mut self, request: &RecordedRequest) {
        if let Some(vin) = header(request.headers(), "vin") {
            self.change(vin, |car| {
                *car.requests.entry(request.route()).or_default() += 1;
            });
        }
    }

    /// Counts a wake that was passed on.
    pub(crate) fn wake(&mut self, vin: &str) {
        self.change(vin, |car| car.wakes += 1);
    }

    fn change(&mut self, vin: &str, change: impl FnOnce(&mut CarCounters)) {
        if vin.len() > VIN_LIMIT {
            return;
        }
        if let Some(car) = self.0.get_mut(vin) {
            change(car);
        } else {
            let mut car = CarCounters::default();
            change(&mut car);
            self.0.insert(vin.to_owned(), car);
        }
    }
}

impl Default for Tallies {
    fn default() -> Self {
        Self(BoundedMap::new(CARS))
    }
}
