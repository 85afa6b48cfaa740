//! Days of a program that runs by itself, and is started anew each day.

use std::time::Duration;

use tempfile::TempDir;
use tokio::time::sleep;
use toyota_client::wake::{Seen, WakeOptions};
use toyota_client::{Memory, ToyotaClient};
use toyota_sim::{PlannedDrive, Position};

use crate::bench::Bench;

/// Longer than programs take, and short enough that a drive to work is seen.
const CYCLE: Duration = Duration::from_secs(12 * 60);
const CYCLES_PER_DAY: u32 = 120;

#[tokio::test(start_paused = true)]
async fn a_car_is_woken_twice_after_each_drive_and_not_in_between() {
    let folder = TempDir::new().unwrap();
    let bench = Bench::responsive().await;
    let mut wakes_of_days = Vec::new();

    for _ in 0..3 {
        for hours in [2, 10] {
            drive_in(&bench, hours);
        }
        let memory = Memory::in_file(folder.path().join("memory.json"));
        let client = bench.client(memory);
        let before = wakes(&bench);
        for _ in 0..CYCLES_PER_DAY {
            cycle(&bench, &client).await;
            sleep(CYCLE).await;
        }
        wakes_of_days.push(wakes(&bench) - before);
    }

    assert_eq!(wakes_of_days, [4; 3]);
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

    assert_eq!(wakes(&bench), 0);
}

fn drive_in(bench: &Bench, hours: u64) {
    let start = bench.sim.clock().now() + Duration::from_secs(hours * 60 * 60);
    let lasts = Duration::from_secs(25 * 60);
    let to = Position::new(50.0, 4.0);
    let drive = PlannedDrive::new(start, lasts, 15.0, to);
    bench.sim.drive(bench.vin.as_str(), drive);
}

fn wakes(bench: &Bench) -> u64 {
    bench.sim.car_counters(bench.vin.as_str()).wakes
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
