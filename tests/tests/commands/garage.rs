//! A simulated account's cars, and a client that reaches them without a socket.

use std::time::Duration;

use jiff::SignedDuration;
use tests::in_memory::{Bench, clock};
use toyota_client::command::{Accepted, ConfirmOptions, Confirmation};
use toyota_client::{Clock, Error, ToyotaClient, Vin};
use toyota_sim::{CarState, Families};

pub(crate) struct Garage {
    pub(crate) bench: Bench,
    pub(crate) client: ToyotaClient,
}

impl Garage {
    pub(crate) async fn new(families: Families) -> Self {
        Self::with(families, SignedDuration::ZERO).await
    }

    /// One whose client has a clock that is fast by so much.
    pub(crate) async fn ahead(by: SignedDuration) -> Self {
        Self::with(Families::Both, by).await
    }

    async fn with(families: Families, ahead: SignedDuration) -> Self {
        let bench = Bench::of(families).await;
        let there = clock(&bench.sim);
        let here = Clock::from_fn(move || there.now() + ahead);
        let client = bench.client_builder().clock(here).build().unwrap();
        // As a program does that lists the cars: what is refused then is a route, and not the client.
        client.vehicles().await.unwrap();
        Self { bench, client }
    }

    pub(crate) fn state(&self, vin: &Vin) -> CarState {
        self.bench.sim.car_state(vin.as_str()).unwrap()
    }

    pub(crate) fn edit(&self, vin: &Vin, edit: impl FnOnce(&mut CarState)) {
        self.bench.sim.edit_car_state(vin.as_str(), edit).unwrap();
        self.bench.sim.report(vin.as_str());
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
        let all = self.bench.sim.take_commands();
        let all = all.iter().map(|it| (it.command().to_owned(), it.times()));
        all.collect()
    }
}
