//! A program that looks after one car.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tests::{config, credentials};
use toyota_client::{
    Clock, ToyotaClient, Vin,
    wake::{Attended, Seen, WakeOptions},
};
use toyota_sim::Simulator;

use crate::line::Line;

pub(crate) const PETROL: &str = "SB1Z93BE10E000101";
const CYCLE: Duration = Duration::from_secs(10 * 60);
const CYCLES: u32 = 7 * 24 * 6;

pub(crate) struct Program {
    pub(crate) sim: Arc<Simulator>,
    client: ToyotaClient,
    vin: Vin,
    options: WakeOptions,
    /// What was learnt in each cycle of the status, and how far the car had gone by then.
    pub(crate) attended: Vec<Attended>,
    pub(crate) odometers: Vec<f64>,
}

impl Program {
    /// Sets a program up whose clock is the simulator's.
    pub(crate) async fn new(options: WakeOptions) -> Self {
        let sim = Arc::new(tests::simulator().await);
        let clock = sim.clock();
        let now = move || Timestamp::try_from(clock.now()).expect("within a few years");
        let client = ToyotaClient::builder()
            .config(config(&sim))
            .credentials(credentials(&sim))
            .clock(Clock::from_fn(now))
            .service(Line(Arc::clone(&sim)))
            .build()
            .expect("good settings");
        Self {
            sim,
            client,
            vin: Vin::new(PETROL).expect("seventeen letters"),
            options,
            attended: Vec::new(),
            odometers: Vec::new(),
        }
    }

    pub(crate) async fn run_for_a_week(&mut self) {
        for _ in 0..CYCLES {
            self.cycle().await;
            tokio::time::sleep(CYCLE).await;
        }
    }

    async fn cycle(&mut self) {
        let telemetry = self.client.telemetry(&self.vin).await.expect("an answer");
        let telemetry = telemetry.value.expect("a report");
        let status = self
            .attended
            .iter()
            .rev()
            .find_map(|it| it.reading.as_ref());
        let status = status.and_then(|reading| reading.reported);
        self.odometers
            .extend(telemetry.odometer.as_ref().map(|it| it.value));
        let seen = Seen {
            odometer: telemetry.odometer,
            telemetry: telemetry.timestamp,
            contact: None,
            status,
        };
        let attended = self.client.attend(&self.vin, seen, false, &self.options);
        self.attended.push(attended.await.expect("an answer"));
    }

    /// How often the car stopped, as far as the program could see.
    pub(crate) fn stops(&self) -> usize {
        let mut odometers = self.odometers.clone();
        odometers.dedup();
        odometers.len() - 1
    }
}
