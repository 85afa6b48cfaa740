use std::time::Duration;

use toyota_client::wake::WakeOptions;
use toyota_sim::{Families, Fault, Route, Routine, WakeBehaviour};

use crate::program::{PETROL, Program};

#[tokio::test(start_paused = true)]
async fn a_car_that_is_driven_is_known_within_its_quota() {
    let mut program = Program::new(WakeOptions::default()).await;
    program.sim.set_routine(PETROL, Routine::Habitual);

    program.run_for_a_week().await;

    let (sim, stops) = (&program.sim, program.stops());
    let counters = sim.counters();
    assert!(stops >= 5, "{stops}");
    let wakes = usize::try_from(sim.car_counters(PETROL).wakes).unwrap();
    assert!((stops..=2 * stops).contains(&wakes), "{wakes} for {stops}");
    let telemetry = *program.odometers.last().unwrap();
    let driven = sim.car_state(PETROL).unwrap().odometer_km;
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
async fn a_service_that_moves_in_midweek_is_followed() {
    let mut program = Program::new(WakeOptions::default()).await;
    program.sim.set_routine(PETROL, Routine::Habitual);
    program.sim.set_families(Families::OldOnly);
    program.run_for_a_week().await;
    let before = program.sim.car_counters(PETROL).wakes;

    program.sim.set_families(Families::NewOnly);
    program.run_for_a_week().await;

    assert!(before > 0);
    assert!(program.sim.car_counters(PETROL).wakes > before);
    let last = program
        .attended
        .iter()
        .rev()
        .find_map(|it| it.reading.as_ref());
    assert!(last.unwrap().value.value.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_silent_car_is_left_alone_after_three_wakes() {
    let mut program = Program::new(idle()).await;
    program.sim.set_wakes(PETROL, WakeBehaviour::silent());

    program.run_for_a_week().await;

    assert_eq!(program.sim.car_counters(PETROL).wakes, 3);
}

#[tokio::test(start_paused = true)]
async fn a_car_that_refuses_its_wakes_is_asked_twice_in_a_week() {
    let mut program = Program::new(idle()).await;
    program.sim.set_wakes(PETROL, WakeBehaviour::rejected());

    program.run_for_a_week().await;

    let car = program.sim.car_counters(PETROL);
    assert_eq!((car.wakes, car.requests(Route::StatusWake)), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn a_cold_and_stormy_service_costs_no_more_wakes() {
    let half_an_hour = Duration::from_secs(30 * 60);
    let mut program = Program::new(WakeOptions::default()).await;
    let cold = WakeBehaviour::responsive().cold_after(half_an_hour);
    let stormy = cold.throttled(0.3).unwrap();
    program.sim.set_wakes(PETROL, stormy);
    program.sim.set_routine(PETROL, Routine::Habitual);
    let slow = Fault::pass().after(Duration::from_millis(700));
    program
        .sim
        .fail_randomly(Route::Telemetry, 0.2, slow)
        .unwrap();

    program.run_for_a_week().await;

    let wakes = usize::try_from(program.sim.car_counters(PETROL).wakes).unwrap();
    assert!(wakes <= 2 * program.stops() + 2, "{wakes}");
    assert_eq!(program.sim.counters().most_in_flight(0), 1);
}

/// Wakes a parked car every hour or so.
fn idle() -> WakeOptions {
    WakeOptions {
        idle: Some(Duration::from_secs(3600)),
        ..WakeOptions::default()
    }
}
