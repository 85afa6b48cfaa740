//! One of many who call: what is asked, when it is left, what has to come of it.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use http::Method;
use serde_json::json;
use tokio::time::{Instant, timeout_at};
use tower_client_call::{CallRecord, Delivery};
use toyota_client::{Error, ToyotaClient};

use crate::commands::{Commands, Told, name};
use crate::garage::{Garage, check_command};
use crate::invariants;
use crate::tally::{End, Tally};

const COMMAND: &str = "/v1/global/remote/command";

/// A caller of one account.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) client: ToyotaClient,
    pub(crate) garages: Arc<[Garage]>,
    pub(crate) place: usize,
    pub(crate) tally: Arc<Tally>,
    pub(crate) commands: Arc<Commands>,
}

/// What is asked, about which car.
#[derive(Clone, Copy, Debug)]
enum Ask {
    Vehicles,
    Location(usize),
    Telemetry(usize),
    Command { car: usize, number: usize },
}

impl Caller {
    /// Calls until then, leaves one call in three if it takes a while, and has everybody's answers
    /// forgotten now and then.
    pub(crate) async fn call_until(self, mut random: Rng, end: Instant) {
        while Instant::now() < end {
            if random.u8(..50) == 0 {
                let forgotten = tests::soon(self.client.cache().clear()).await;
                forgotten.expect("a store that does not fail");
            }
            let ask = self.draw(&mut random);
            let patience = patience(&mut random);
            let leaves = end.min(Instant::now() + patience);
            self.call(ask, leaves).await;
            // What is cached is answered at once: others want to call too.
            tokio::task::yield_now().await;
        }
    }

    /// Calls so often, and is answered each time.
    pub(crate) async fn call_without_fail(self, mut random: Rng, times: usize) {
        for _ in 0..times {
            let ask = self.draw(&mut random);
            let far = Instant::now() + tests::PATIENCE;
            let end = self.call(ask, far).await;
            assert!(matches!(end, End::Answered), "{ask:?}: {end:?}");
        }
    }

    fn draw(&self, random: &mut Rng) -> Ask {
        let car = random.usize(..self.garage().cars.len());
        match random.u8(..100) {
            0..15 => Ask::Vehicles,
            15..53 => Ask::Location(car),
            53..91 => Ask::Telemetry(car),
            _ => Ask::Command {
                car,
                number: self.commands.give(self.place, car),
            },
        }
    }

    /// Makes a call, looks at what comes of it, and counts it.
    async fn call(&self, ask: Ask, leaves: Instant) -> End {
        let record = CallRecord::new();
        let client = self.client.clone().recording(record.clone());
        let asked = tests::soon(timeout_at(leaves, self.ask(&client, ask))).await;
        let told = record.snapshot();
        invariants::attempts_are_bounded(&told);
        if let Ask::Command { number, .. } = ask {
            self.commands
                .tell(number, what_was_told(asked.as_ref().ok()));
        }
        let end = match asked {
            Ok(Ok(())) => End::Answered,
            Ok(Err(error)) => {
                invariants::errors_are_of_expected_kinds(&error);
                End::Failed(format!("{:?}", error.kind()))
            }
            Err(_) => End::Left,
        };
        self.tally.add(end.clone(), &told);
        end
    }

    /// Asks, and compares the answer with what this account's has to be.
    async fn ask(&self, client: &ToyotaClient, ask: Ask) -> Result<(), Error> {
        let garage = self.garage();
        match ask {
            Ask::Vehicles => garage.check_vehicles(&client.vehicles().await?),
            Ask::Location(car) => {
                let car = &garage.cars[car];
                car.check_location(&client.location(&car.vin).await?);
            }
            Ask::Telemetry(car) => {
                let car = &garage.cars[car];
                car.check_telemetry(&client.telemetry(&car.vin).await?);
            }
            Ask::Command { car, number } => {
                let car = &garage.cars[car];
                let body = json!({"command": name(number)});
                let answer = client.request(Method::POST, COMMAND, Some(&car.vin), Some(&body));
                check_command(&answer.await?);
            }
        }
        Ok(())
    }

    fn garage(&self) -> &Garage {
        &self.garages[self.place]
    }
}

/// How long a caller waits: one in three hardly at all.
fn patience(random: &mut Rng) -> Duration {
    match random.u8(..3) {
        0 => Duration::from_micros(random.u64(..10_000)),
        _ => tests::PATIENCE,
    }
}

fn what_was_told(asked: Option<&Result<(), Error>>) -> Told {
    match asked {
        None => Told::Nothing,
        Some(Ok(())) => Told::Accepted,
        Some(Err(error)) if error.delivery() == Delivery::NotSent => Told::NotSent,
        Some(Err(_)) => Told::Failed,
    }
}
