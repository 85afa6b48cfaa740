//! A week of a program that runs by itself, and is started anew each day.

use std::time::Duration;

use tempfile::TempDir;
use tokio::time::sleep;
use toyota_client::wake::{Seen, WakeOptions};
use toyota_client::{Memory, ToyotaClient};
use toyota_sim::Routine;

use crate::bench::Bench;

/// Longer than programs take, and short enough that a drive to work is seen.
const CYCLE: Duration = Duration::from_secs(12 * 60);
const CYCLES_PER_DAY: u32 = 120;

#[tokio::test(start_paused = true)]
async fn a_commuter_s_car_is_woken_after_its_drives_and_not_in_between() {
    let folder = TempDir::new().unwrap();
    let bench = Bench::responsive().await;
    let vin = bench.vin.as_str();
    bench.sim.set_routine(vin, Routine::Commuter);
    let (mut drives, mut was_driving, mut wakes_of_days) = (0, false, Vec::new());

    for _ in 0..7 {
        let memory = Memory::in_file(folder.path().join("memory.json"));
        let client = bench.client(memory);
        let before = bench.sim.car_counters(vin).wakes;
        for _ in 0..CYCLES_PER_DAY {
            cycle(&bench, &client).await;
            sleep(CYCLE).await;
            let is_driving = bench.sim.car_state(vin).unwrap().driving;
            drives += u64::from(was_driving && !is_driving);
            was_driving = is_driving;
        }
        wakes_of_days.push(bench.sim.car_counters(vin).wakes - before);
    }

    let wakes: u64 = wakes_of_days.iter().sum();
    assert!(drives >= 10, "{drives}");
    assert!(
        (drives..=2 * drives + 2).contains(&wakes),
        "{wakes} for {drives} drives"
    );
    assert!(
        wakes_of_days.iter().all(|wakes| *wakes <= 8),
        "{wakes_of_days:?}"
    );
    assert_eq!(bench.sim.counters().most_in_flight(0), 1);
}

#[tokio::test(start_paused = true)]
async fn a_car_that_stands_is_not_woken_at_all() {
    let bench = Bench::responsive().await;
    let client = bench.client(Memory::in_process());

    for _ in 0..(2 * CYCLES_PER_DAY) {
        cycle(&bench, &client).await;
        sleep(CYCLE).await;
    }

    assert_eq!(bench.sim.car_counters(bench.vin.as_str()).wakes, 0);
}

async fn cycle(bench: &Bench, client: &ToyotaClient) {
    let telemetry = client.telemetry(&bench.vin).await.unwrap().value.unwrap();
    let location = client.location(&bench.vin).await.unwrap().value;
    let seen = Seen {
        odometer: telemetry.odometer,
        telemetry: telemetry.timestamp,
        contact: location.and_then(|location| location.last_contact),
        status: None,
    };
    let options = WakeOptions::default();
    let attended = client.attend(&bench.vin, seen, false, &options).await;
    attended.unwrap();
}
