//! What the simulator saw: each request and each command is looked at, all the while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use toyota_sim::{RecordedRequest, Route, Simulator};

use crate::clients::MAX_ATTEMPTS;
use crate::commands::Commands;
use crate::garage::Garage;

/// The simulator remembers 10,000 requests; in so long there are far fewer.
const EVERY: Duration = Duration::from_millis(100);

/// Takes the simulator's records, and looks at them.
#[derive(Debug)]
pub(crate) struct Audit {
    sim: Arc<Simulator>,
    garages: Arc<[Garage]>,
    commands: Arc<Commands>,
    /// How often a call's requests arrived, in this phase.
    arrived: Mutex<HashMap<String, u32>>,
}

impl Audit {
    pub(crate) fn new(
        sim: Arc<Simulator>,
        garages: Arc<[Garage]>,
        commands: Arc<Commands>,
    ) -> Self {
        Self {
            sim,
            garages,
            commands,
            arrived: Mutex::default(),
        }
    }

    /// Looks again and again.
    pub(crate) async fn until(self: Arc<Self>, end: Instant) {
        while Instant::now() < end {
            tokio::time::sleep_until(end.min(Instant::now() + EVERY)).await;
            self.look();
        }
    }

    /// Looks at what has come since the last time.
    pub(crate) fn look(&self) {
        let requests = self.sim.take_requests();
        requests.iter().for_each(|request| self.check(request));
        for carried_out in self.sim.take_commands() {
            self.commands.carried_out(&carried_out, &self.garages);
        }
        let counters = self.sim.counters();
        assert_eq!(counters.requests_dropped, 0, "not all could be looked at");
    }

    /// Ends a phase: forgets the calls that it had.
    pub(crate) fn forget(&self) {
        let mut arrived = self.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        *arrived = HashMap::new();
    }

    fn check(&self, request: &RecordedRequest) {
        let is_of_the_api = matches!(
            request.route(),
            Route::Vehicles | Route::Location | Route::Telemetry | Route::Command
        );
        if is_of_the_api {
            self.belongs_to_one_account(request);
            self.arrives_no_more_often_than_allowed(request);
        }
    }

    /// The token, the user and the car of a request are one account's.
    fn belongs_to_one_account(&self, request: &RecordedRequest) {
        let named = text(request, "guid");
        let named = self.garages.iter().find(|it| Some(&*it.guid) == named);
        let named = named.expect("an account that there is");
        if let Some(place) = request.account() {
            assert_eq!(self.garages[place].guid, named.guid, "another's token");
        }
        if let Some(vin) = text(request, "vin") {
            assert!(named.owns(vin), "another's car");
        }
    }

    /// Each attempt may be sent again once, with another token; nothing else.
    fn arrives_no_more_often_than_allowed(&self, request: &RecordedRequest) {
        let call = text(request, "x-correlationid").expect("what tells calls apart");
        let mut arrived = self.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        let times = arrived.entry(call.to_owned()).or_default();
        *times += 1;
        assert!(*times <= 2 * MAX_ATTEMPTS, "{times} requests for one call");
    }
}

fn text<'a>(request: &'a RecordedRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}
