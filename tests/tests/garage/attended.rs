//! Days and weeks of a program that runs by itself, in the time that its requests take.

use std::time::Duration;

use tempfile::TempDir;
use tests::cars::{PETROL, PLUG_IN, vin};
use tests::in_memory::Bench;
use toyota_client::Memory;
use toyota_sim::{Families, Fault, PlannedDrive, Position, Route, Routine, WakeBehaviour};

use crate::program::Program;

#[tokio::test(start_paused = true)]
async fn a_car_is_woken_twice_after_each_drive_and_not_in_between() {
    let folder = TempDir::new().unwrap();
    let bench = Bench::of(Families::Both).await;
    let car = bench.parked(PLUG_IN);
    let mut wakes_of_days = Vec::new();

    for _ in 0..3 {
        for hours in [2, 10] {
            drive_in(&bench, hours);
        }
        // It is started anew each day.
        let memory = Memory::in_file(folder.path().join("memory.json"));
        let client = bench.client_builder().memory(memory).build().unwrap();
        let before = bench.wakes(&car);
        let mut program = Program::new(client, car.clone()).that_locates();
        program.run_for_days(1).await;
        wakes_of_days.push(bench.wakes(&car) - before);
    }

    assert_eq!(wakes_of_days, [4; 3]);
    assert_eq!(bench.sim.counters().most_in_flight(0), 1);
}

#[tokio::test(start_paused = true)]
async fn a_car_that_stands_is_not_woken_at_all() {
    let bench = Bench::of(Families::Both).await;
    let car = bench.parked(PLUG_IN);
    let mut program = Program::new(bench.client(), car.clone()).that_locates();

    program.run_for_days(2).await;

    assert_eq!(bench.wakes(&car), 0);
}

#[tokio::test(start_paused = true)]
async fn a_car_that_is_driven_is_known_within_its_quota() {
    let (bench, mut program) = petrol().await;
    bench.sim.set_routine(PETROL, Routine::Habitual);

    program.run_for_days(7).await;

    let (counters, stops) = (bench.sim.counters(), program.stops());
    assert!(stops >= 5, "{stops}");
    let wakes = bench.wakes(&vin(PETROL));
    assert!((stops..=2 * stops).contains(&wakes), "{wakes} for {stops}");
    let telemetry = *program.odometers.last().unwrap();
    let driven = bench.sim.car_state(PETROL).unwrap().odometer_km;
    assert!((telemetry - driven).abs() < 0.1, "{telemetry}, {driven}");
    assert_eq!(counters.most_in_flight(0), 1);
    assert_eq!(
        (counters.password_posts, counters.commands_carried_out),
        (1, 0)
    );
    assert!(counters.refreshes > 100, "{}", counters.refreshes);
    assert_eq!(counters.refresh_reuses_detected, 0);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_moves_meanwhile_is_followed() {
    let (bench, mut program) = petrol().await;
    bench.sim.set_routine(PETROL, Routine::Habitual);
    bench.sim.set_families(Families::OldOnly);
    program.run_for_days(7).await;
    let before = bench.wakes(&vin(PETROL));

    bench.sim.set_families(Families::NewOnly);
    program.run_for_days(7).await;

    assert!(before > 0);
    assert!(bench.wakes(&vin(PETROL)) > before);
    assert!(program.reading().unwrap().value.value.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_silent_car_is_left_alone_after_three_wakes() {
    let (bench, program) = petrol().await;
    bench.sim.set_wakes(PETROL, WakeBehaviour::silent());

    program.that_wakes_idle_cars().run_for_days(7).await;

    assert_eq!(bench.wakes(&vin(PETROL)), 3);
}

#[tokio::test(start_paused = true)]
async fn a_car_that_refuses_its_wakes_is_asked_twice_in_seven_days() {
    let (bench, program) = petrol().await;
    bench.sim.set_wakes(PETROL, WakeBehaviour::rejected());

    program.that_wakes_idle_cars().run_for_days(7).await;

    let car = bench.sim.car_counters(PETROL);
    assert_eq!((car.wakes, car.requests(Route::StatusWake)), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn a_cold_and_stormy_service_costs_no_more_wakes() {
    let half_an_hour = Duration::from_secs(30 * 60);
    let (bench, mut program) = petrol().await;
    let cold = WakeBehaviour::responsive().cold_after(half_an_hour);
    let stormy = cold.throttled(0.3).unwrap();
    bench.sim.set_wakes(PETROL, stormy);
    bench.sim.set_routine(PETROL, Routine::Habitual);
    let slow = Fault::pass().after(Duration::from_millis(700));
    let slowed = bench.sim.fail_randomly(Route::Telemetry, 0.2, slow);
    slowed.unwrap();

    program.run_for_days(7).await;

    let wakes = bench.wakes(&vin(PETROL));
    assert!(wakes <= 2 * program.stops() + 2, "{wakes}");
    assert_eq!(bench.sim.counters().most_in_flight(0), 1);
}

/// A program for the petrol car, which is not told where it is.
async fn petrol() -> (Bench, Program) {
    let bench = Bench::of(Families::Both).await;
    let program = Program::new(bench.client(), vin(PETROL));
    (bench, program)
}

fn drive_in(bench: &Bench, hours: u64) {
    let start = bench.sim.clock().now() + Duration::from_secs(hours * 60 * 60);
    let lasts = Duration::from_secs(25 * 60);
    let to = Position::new(50.0, 4.0);
    let drive = PlannedDrive::new(start, lasts, 15.0, to);
    bench.sim.drive(PLUG_IN, drive);
}
