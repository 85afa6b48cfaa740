//! A simulator, and clients that reach it without a socket.

use std::sync::Arc;

use tests::in_memory::{clock, in_memory};
use tests::{config, credentials};
use toyota_client::{Memory, ToyotaClient, ToyotaClientBuilder, Vin};
use toyota_sim::{Families, Simulator, WakeBehaviour};

/// A simulator, and its first car that can be plugged in.
pub(crate) struct Bench {
    pub(crate) sim: Arc<Simulator>,
    pub(crate) vin: Vin,
}

impl Bench {
    pub(crate) async fn with(behaviour: WakeBehaviour, families: Families) -> Self {
        let sim = Simulator::builder().families(families).start().await;
        let sim = Arc::new(sim.unwrap());
        let account = sim.account();
        let mut vins = account.cars().iter().map(toyota_sim::Car::vin);
        let has_battery = |vin: &&str| sim.car_state(vin).is_some_and(|car| car.battery.is_some());
        let vin = Vin::new(vins.find(has_battery).unwrap()).unwrap();
        sim.report(vin.as_str());
        sim.set_wakes(vin.as_str(), behaviour);
        Self { sim, vin }
    }

    pub(crate) async fn responsive() -> Self {
        Self::with(WakeBehaviour::responsive(), Families::Both).await
    }

    /// A client as it is by default, but that it is no socket that it talks through.
    pub(crate) fn client(&self, memory: Memory) -> ToyotaClient {
        self.builder(memory).build().unwrap()
    }

    pub(crate) fn builder(&self, memory: Memory) -> ToyotaClientBuilder {
        ToyotaClient::builder()
            .config(config(&self.sim))
            .credentials(credentials(&self.sim))
            .clock(clock(&self.sim))
            .memory(memory)
            .service(in_memory(&self.sim))
    }
}
