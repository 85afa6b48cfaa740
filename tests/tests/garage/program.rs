//! A program that looks after one car by itself.

use std::time::Duration;

use toyota_client::wake::{Attended, Seen, StatusReading, WakeOptions};
use toyota_client::{ToyotaClient, Vin};

/// Shorter than a drive to work.
const CYCLE: Duration = Duration::from_secs(10 * 60);
const CYCLES_PER_DAY: u32 = 24 * 6;

pub(crate) struct Program {
    client: ToyotaClient,
    vin: Vin,
    options: WakeOptions,
    locates: bool,
    /// What was learnt in each cycle of the status, and how far the car had gone by then.
    attended: Vec<Attended>,
    pub(crate) odometers: Vec<f64>,
}

impl Program {
    pub(crate) fn new(client: ToyotaClient, vin: Vin) -> Self {
        Self {
            client,
            vin,
            options: WakeOptions::default(),
            locates: false,
            attended: Vec::new(),
            odometers: Vec::new(),
        }
    }

    /// Wakes a parked car every hour or so.
    pub(crate) fn that_wakes_idle_cars(mut self) -> Self {
        self.options.idle = Some(Duration::from_secs(60 * 60));
        self
    }

    /// Asks where the car is, too, and so when the service heard of it.
    pub(crate) fn that_locates(mut self) -> Self {
        self.locates = true;
        self
    }

    pub(crate) async fn run_for_days(&mut self, days: u32) {
        for _ in 0..days * CYCLES_PER_DAY {
            self.cycle().await;
            tokio::time::sleep(CYCLE).await;
        }
    }

    async fn cycle(&mut self) {
        let telemetry = self.client.telemetry(&self.vin).await.unwrap();
        let telemetry = telemetry.value.expect("a report");
        let odometer = telemetry.odometer.as_ref().map(|it| it.value);
        self.odometers.extend(odometer);
        let seen = Seen {
            odometer: telemetry.odometer,
            telemetry: telemetry.timestamp,
            contact: self.contact().await,
            status: self.reading().and_then(|reading| reading.reported),
        };
        let attended = self.client.attend(&self.vin, seen, false, &self.options);
        self.attended.push(attended.await.unwrap());
    }

    async fn contact(&self) -> Option<jiff::Timestamp> {
        if !self.locates {
            return None;
        }
        let location = self.client.location(&self.vin).await.unwrap();
        location.value?.last_contact
    }

    /// What was read of the status last.
    pub(crate) fn reading(&self) -> Option<&StatusReading> {
        self.attended
            .iter()
            .rev()
            .find_map(|it| it.reading.as_ref())
    }

    /// How often the car stopped, as far as the program could see.
    pub(crate) fn stops(&self) -> u64 {
        let stops = self.odometers.windows(2).filter(|it| it[0] != it[1]);
        u64::try_from(stops.count()).unwrap()
    }
}
