//! Days and weeks of ten cars, on the simulator's clock: what it takes to keep them in view.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tests::cars::vin;
use tests::in_memory::Bench;
use toyota_client::command::{ConfirmOptions, RemoteCommand};
use toyota_client::wake::{WakeQuota, WakeQuotas};
use toyota_client::watch::{Cycle, Watch};
use toyota_client::{ToyotaClient, Vin};
use toyota_sim::{
    Account, Fault, Payload, RecordedRequest, Route, Routine, Simulator, WakeBehaviour,
};

const CARS: usize = 10;
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// What other clients send for a car and day.
const OF_OTHERS: u64 = 3_600;
/// What the simulator remembers.
const LOG: usize = 10_000;

/// The garage, and what was seen of it.
struct Garage {
    sim: Arc<Simulator>,
    client: ToyotaClient,
    vins: Vec<Vin>,
    wakes: BTreeMap<(String, Route), Vec<SystemTime>>,
}

impl Garage {
    async fn new() -> Self {
        let account = Account::demo_with_cars(CARS);
        let vins = account.cars().iter().map(|car| vin(car.vin())).collect();
        let bench = Bench::start(Simulator::builder().seed(10).account(account)).await;
        let garage = Self {
            client: bench.client(),
            sim: bench.sim,
            vins,
            wakes: BTreeMap::new(),
        };
        garage.is_lived_in();
        garage
    }

    /// Has the cars driven, and the service have a bad moment now and then.
    fn is_lived_in(&self) {
        for (at, vin) in self.vins.iter().enumerate() {
            self.sim.set_routine(vin.as_str(), Routine::Habitual);
            self.sim.set_wakes(vin.as_str(), behaviour(at));
        }
        for route in [
            Route::Telemetry,
            Route::Electric,
            Route::Status,
            Route::Trips,
        ] {
            let unavailable = Fault::status(http::StatusCode::SERVICE_UNAVAILABLE);
            let failing = self.sim.fail_randomly(route, 0.01, unavailable);
            failing.unwrap();
        }
    }

    /// Notes when cars were woken.
    fn note(&mut self) {
        let requests = self.sim.take_requests();
        assert!(requests.len() < LOG, "some are forgotten");
        let is_wake =
            |it: &&RecordedRequest| matches!(it.route(), Route::StatusWake | Route::ElectricWake);
        for request in requests.iter().filter(is_wake) {
            let vin = request.headers()["vin"].to_str().unwrap().to_owned();
            let wakes = self.wakes.entry((vin, request.route())).or_default();
            wakes.push(request.received_at());
        }
    }

    /// Locks every car, and sees to what became of it.
    async fn lock(&self) -> u64 {
        let options = ConfirmOptions::default();
        let mut given = 0;
        for vin in &self.vins {
            let accepted = self.client.command(vin, RemoteCommand::Lock).await;
            if let Ok(accepted) = accepted {
                given += 1;
                accepted.confirm(&self.client, &options).await.unwrap();
            }
        }
        given
    }

    /// What the service knew when a cycle began is known now.
    fn is_fresh(&self, watch: &Watch, cycle: &Cycle) {
        for (car, of_car) in watch.cars().zip(&cycle.cars) {
            let failed = of_car.failures().count() > 0;
            let payload = self.sim.payload(car.vin().as_str(), Payload::Telemetry);
            let text = payload.unwrap()["timestamp"].as_str().unwrap().to_owned();
            let told: jiff::Timestamp = text.parse().unwrap();
            let known = car.telemetry.value().unwrap().timestamp.unwrap();
            assert!(
                failed || told <= known || told >= cycle.began,
                "{told} {known}"
            );
        }
    }
}

/// How long it is watched: a day, which takes some seconds, or by `GARAGE_DAYS` a week.
fn days() -> u32 {
    let days = std::env::var("GARAGE_DAYS").ok();
    days.map_or(1, |days| days.parse().unwrap())
}

/// Most answer; some do not, or are refused, and the service forgets some of what was said.
fn behaviour(at: usize) -> WakeBehaviour {
    let usual = WakeBehaviour::responsive().throttled(0.05).unwrap();
    match at {
        0 => WakeBehaviour::silent(),
        1 => WakeBehaviour::rejected(),
        2 => WakeBehaviour::forbidden(),
        3 => WakeBehaviour::failing(),
        4 | 5 => usual.cold_after(2 * HOUR),
        _ => usual,
    }
}

fn assert_within(wakes: &[SystemTime], quota: WakeQuota) {
    for (window, most) in [(HOUR, quota.per_hour), (DAY, quota.per_day)] {
        for (at, first) in wakes.iter().enumerate() {
            let within = wakes[at..].iter().take_while(|it| **it < *first + window);
            assert!(within.count() <= most, "{window:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn ten_cars_are_kept_in_view_by_a_third_of_the_requests_of_others() {
    let mut garage = Garage::new().await;
    let mut watch = Watch::new(garage.client.clone());
    let start = garage.sim.clock().now();
    let mut commands = 0;

    for day in 1..=days() {
        while garage.sim.clock().now() < start + DAY * day {
            let cycle = watch.next().await;
            garage.is_fresh(&watch, &cycle);
            garage.note();
        }
        commands += garage.lock().await;
    }

    let counters = garage.sim.counters();
    assert_eq!(counters.most_in_flight(0), 1);
    assert_eq!(counters.commands_repeated, 0);
    assert_eq!(counters.commands_carried_out, commands);
    assert!(commands >= u64::from(days()) * 8, "{commands}");
    assert_eq!(counters.password_posts, 1);
    for vin in &garage.vins {
        let of_car = garage.sim.car_counters(vin.as_str());
        let a_day = of_car.requests_total() / u64::from(days());
        println!("car {vin}: {a_day} requests a day, {} wakes", of_car.wakes);
        assert!(a_day <= OF_OTHERS / 3, "{vin}: {a_day}");
    }
    let all = counters.requests_total() / (u64::from(days()) * 10);
    println!("all: {all} requests for a car and day");
    assert!(all <= OF_OTHERS / 3, "{all}");
    let quotas = WakeQuotas::default();
    for ((_, route), wakes) in &garage.wakes {
        let quota = match route {
            Route::ElectricWake => quotas.electric,
            _ => quotas.status,
        };
        assert_within(wakes, quota);
    }
    // A day can be one on which nobody drives.
    let woken = garage
        .wakes
        .keys()
        .filter(|(_, route)| *route == Route::StatusWake);
    assert!(days() < 7 || woken.count() >= 8);
}
