//! A client of some of the layers, and what is expected of it.

mod composition;
mod model;
mod own;
mod told;

use http::StatusCode;
use serde_json::json;
use tests::{simulator, soon, transport};
use toyota_client::Transport;
use toyota_sim::{Fault, Route, Simulator};

pub(crate) use self::composition::{Client, Composition};
use self::model::Model;
use self::told::{Ended, Told, measured};
use crate::stack::Over;

/// The simulated service, and a way there for all clients.
pub(crate) struct Host {
    sim: Simulator,
    transport: Transport,
}

impl Host {
    pub(crate) async fn start() -> Self {
        let sim = simulator().await;
        // Short answers do not take long.
        sim.edit_account(|account| account.cars_mut().clear());
        let transport = transport(&sim);
        Self { sim, transport }
    }

    /// Returns how many requests arrived, but for signing in.
    pub(crate) fn requests(&self) -> u64 {
        self.sim.counters().requests(Route::Vehicles)
    }

    pub(crate) fn revoke_all_tokens(&self) {
        self.sim.revoke_all_tokens();
    }

    /// Answers so next, in front of the service and whoever asks.
    fn script(&self, statuses: &[u16]) {
        let fault = |status: &u16| {
            let status = StatusCode::from_u16(*status).unwrap();
            Fault::json(status, &json!({ "payload": [] }))
        };
        self.sim.clear_faults();
        self.sim.script(Route::Vehicles, statuses.iter().map(fault));
    }
}

/// A client of a composition, and what is expected of it.
pub(crate) struct Scene<'a> {
    host: &'a Host,
    composition: Composition,
    /// Where one of tower's layers is, if one is.
    between: Option<usize>,
    client: Client,
    model: Model,
    ends: Vec<Ended>,
    /// How many requests had arrived before.
    before: u64,
}

impl<'a> Scene<'a> {
    /// Begins where nobody has signed in and nothing is stored.
    pub(crate) fn of(composition: Composition, host: &'a Host, faults: &[u16]) -> Self {
        Self::with(composition, None, host, faults)
    }

    /// Begins like this with another layer somewhere in between.
    pub(crate) fn with(
        composition: Composition,
        other: Option<(usize, Over)>,
        host: &'a Host,
        faults: &[u16],
    ) -> Self {
        host.script(faults);
        Self {
            host,
            composition,
            between: other.as_ref().map(|(place, _)| *place),
            client: Client::new(composition, other, host),
            model: Model::new(composition, faults),
            ends: Vec::new(),
            before: host.requests(),
        }
    }

    pub(crate) async fn call(&mut self) {
        let end = soon(self.client.call()).await;
        self.ends.push(Ended::of(&end));
        self.model.call();
    }

    pub(crate) async fn revoke(&mut self) {
        self.host.revoke_all_tokens();
        self.client.cache.clear().await.unwrap();
        self.model.revoke();
    }

    pub(crate) fn ends_as_the_model_says(self) {
        let told = Told {
            ends: self.ends,
            requests: self.host.requests() - self.before,
            own: self.client.own.passed(),
            arrivals: self.client.arrivals.all(),
            measured: measured(&self.client.registry),
        };
        let (composition, between) = (self.composition, self.between);
        assert_eq!(told, self.model.told, "{composition:?}, {between:?}");
    }
}
