//! What is known of cars, from the service as it was before the move of its routes and as it is after.

use std::time::Duration;

use tests::cars::FAMILIES;
use tests::{client, simulator, soon};
use toyota_client::car::{Car, DataSet, DataState, Outcome, Skipped, Support, Update};
use toyota_client::{Clock, HttpService, ToyotaClient, Units};
use toyota_sim::{Families, Route, Simulator};

async fn cars<S: HttpService>(client: &ToyotaClient<S>) -> Vec<Car> {
    let vehicles = soon(client.vehicles()).await.unwrap();
    assert_eq!(vehicles.warnings, []);
    vehicles.value.into_iter().map(Car::new).collect()
}

/// Cars of which everything was asked for, in the families of the simulator.
async fn updated(sim: &Simulator, families: Families) -> Vec<Car> {
    sim.set_families(families);
    let client = client(sim);
    let mut cars = cars(&client).await;
    for car in &mut cars {
        let report = soon(client.update(car, &Update::all())).await;
        let failed: Vec<_> = report.failures().collect();
        assert!(failed.is_empty(), "{families:?} {}: {failed:?}", car.vin());
    }
    cars
}

#[tokio::test]
async fn every_car_is_read_without_a_warning_by_either_family() {
    let sim = simulator().await;
    for families in FAMILIES {
        for car in updated(&sim, families).await {
            for data_set in DataSet::ALL {
                let warnings = car.history(data_set).warnings();

                assert_eq!(warnings, [], "{families:?} {} {data_set}", car.vin());
            }
        }
    }
}

#[tokio::test]
async fn both_families_say_the_same_of_a_car() {
    let sim = simulator().await;
    let new = updated(&sim, Families::NewOnly).await;
    let old = updated(&sim, Families::OldOnly).await;
    assert_eq!(new.len(), old.len());
    for (new, old) in new.iter().zip(&old) {
        let vin = new.vin();
        let locks = |car: &Car| car.status.value().map(|it| (it.is_locked(), it.is_open()));
        let climate = |car: &Car| car.climate_status.value().map(|it| it.is_on());
        let battery = |car: &Car| {
            car.electric
                .value()
                .map(|it| (it.battery_level, it.ev_range))
        };
        let aim = |car: &Car| car.climate_settings.value().map(|it| it.temperature);

        assert_eq!(locks(new), locks(old), "{vin}");
        assert_eq!(climate(new), climate(old), "{vin}");
        assert_eq!(battery(new), battery(old), "{vin}");
        assert_eq!(aim(new), aim(old), "{vin}");
    }
    assert!(new.iter().any(|car| car.status.value().is_some()));
    assert!(new.iter().any(|car| car.electric.value().is_some()));
    assert!(new.iter().any(|car| car.climate_status.value().is_some()));
}

#[tokio::test]
async fn a_battery_is_where_the_car_has_one() {
    let sim = simulator().await;
    for car in updated(&sim, Families::Both).await {
        let level = car.dashboard(Units::Metric).battery_level;

        let has_battery = car.has_battery() == Support::Yes;
        assert_eq!(level.is_some(), has_battery, "{}", car.vin());
    }
}

#[tokio::test]
async fn what_is_fenced_for_good_is_learnt_and_the_rest_goes_on() {
    let sim = simulator().await;
    sim.fence(Route::Health);
    let client = client(&sim);
    let mut car = cars(&client).await.remove(0);

    let report = soon(client.update(&mut car, &Update::all())).await;
    let before = sim.counters().requests(Route::Health);
    let again = soon(client.update(&mut car, &Update::all())).await;

    assert!(matches!(
        report.of(DataSet::Health),
        Some(Outcome::Refused(_))
    ));
    let skipped = again.of(DataSet::Health);
    assert!(matches!(
        skipped,
        Some(Outcome::Skipped(Skipped::NotSupported))
    ));
    assert_eq!(sim.counters().requests(Route::Health), before);
    let state = car.state(DataSet::Health, Clock::system().now(), Duration::MAX);
    assert_eq!(state, DataState::NotSupported);
    assert!(car.telemetry.value().is_some());
}
