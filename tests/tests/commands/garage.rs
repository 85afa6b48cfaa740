//! A simulated account's cars, and a client that reaches them without a socket.

use std::sync::Arc;
use std::time::Duration;

use tests::in_memory::{clock, in_memory};
use tests::{config, credentials};
use toyota_client::command::{Accepted, ConfirmOptions, Confirmation};
use toyota_client::{Error, ToyotaClient, Vin};
use toyota_sim::{CarState, Families, Simulator};

pub(crate) const FAMILIES: [Families; 3] = [Families::Both, Families::NewOnly, Families::OldOnly];

pub(crate) struct Garage {
    pub(crate) sim: Arc<Simulator>,
    /// All layers, as they are by default.
    pub(crate) client: ToyotaClient,
}

impl Garage {
    pub(crate) async fn new(families: Families) -> Self {
        let sim = Simulator::builder().families(families).start().await;
        let sim = Arc::new(sim.unwrap());
        let client = ToyotaClient::builder()
            .config(config(&sim))
            .credentials(credentials(&sim))
            .clock(clock(&sim))
            .service(in_memory(&sim))
            .build()
            .unwrap();
        // As a program does that lists the cars: what is refused then is a route, and not the client.
        client.vehicles().await.unwrap();
        Self { sim, client }
    }

    /// The car at this place, which has just been parked.
    pub(crate) fn car(&self, place: usize) -> Vin {
        let vin = Vin::new(self.sim.account().cars()[place].vin()).unwrap();
        self.sim.report(vin.as_str());
        vin
    }

    pub(crate) fn state(&self, vin: &Vin) -> CarState {
        self.sim.car_state(vin.as_str()).unwrap()
    }

    pub(crate) fn edit(&self, vin: &Vin, edit: impl FnOnce(&mut CarState)) {
        self.sim.edit_car_state(vin.as_str(), edit).unwrap();
        self.sim.report(vin.as_str());
    }

    /// Waits until it is known what came of a command.
    pub(crate) async fn confirm(&self, given: Result<Accepted, Error>) -> Confirmation {
        let options = ConfirmOptions::default().within(Duration::from_secs(60));
        given
            .unwrap()
            .confirm(&self.client, &options)
            .await
            .unwrap()
    }

    /// Returns how often each command was carried out.
    pub(crate) fn carried_out(&self) -> Vec<(String, u64)> {
        let all = self.sim.take_commands();
        let all = all.iter().map(|it| (it.command().to_owned(), it.times()));
        all.collect()
    }
}
