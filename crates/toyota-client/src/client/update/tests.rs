//! Updates over a service that has some of it.

mod refused;
mod service;

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use self::service::{
    CLIMATE_SETTINGS, HEALTH, LOCATION, OLD_STATUS, PATHS, STATUS, Service, TELEMETRY,
};
use super::*;
use crate::Kind;
use crate::car::{DataState, Support};
use crate::model::Vehicle;

fn car_with(members: &Value) -> Car {
    let mut members = members.clone();
    members["vin"] = "JTSIM00000PET0001".into();
    Car::new(
        Vehicle::list_from_answer(json!({"payload": [members]}))
            .value
            .remove(0),
    )
}

fn car() -> Car {
    car_with(&json!({}))
}

fn outcomes(report: &UpdateReport) -> Vec<String> {
    let shown = report.iter().map(|(_, outcome)| match outcome {
        Outcome::Failed(_) => "failed".to_owned(),
        Outcome::Refused(_) => "refused".to_owned(),
        other => format!("{other:?}"),
    });
    shown.collect()
}

#[tokio::test(start_paused = true)]
async fn everything_is_asked_for_in_order_and_one_at_a_time() {
    let service = Service::whole();
    let mut car = car();

    let report = service.client().update(&mut car, &Update::all()).await;

    assert_eq!(service.asked(), PATHS);
    assert_eq!(outcomes(&report), ["Updated"; 10]);
    assert!(report.is_complete());
    assert_eq!(car.electric.value().unwrap().battery_level, Some(0.0));
    assert_eq!(car.notifications.value().unwrap().len(), 0);
    for data_set in DataSet::ALL {
        let state = car.state(data_set, service.now(), Duration::ZERO);
        assert_eq!(
            state,
            DataState::Fresh {
                age: Duration::ZERO
            },
            "{data_set}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_fails_hides_no_other_and_loses_nothing() {
    for (failing, data_set) in PATHS.into_iter().zip(DataSet::ALL) {
        let service = Service::whole();
        let (client, mut car) = (service.client(), car());
        client.update(&mut car, &Update::all()).await;
        service.refuses(failing, 500, "X", "out of order");
        service.later(2);

        let report = client.update(&mut car, &Update::all()).await;

        let failed: Vec<_> = report
            .failures()
            .map(|(it, error)| (it, error.kind()))
            .collect();
        assert_eq!(failed, [(data_set, Kind::Server)]);
        let updated = report
            .iter()
            .filter(|(_, it)| matches!(it, Outcome::Updated));
        assert_eq!(updated.count(), 9, "{data_set}");
        assert!(car.history(data_set).fetched().is_some(), "{data_set}");
        let age = Some(Duration::from_secs(2 * 3600));
        let state = car.state(data_set, service.now(), Duration::from_secs(3600));
        assert_eq!(state, DataState::Failed { age }, "{data_set}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_what_is_wanted_is_asked_for() {
    let service = Service::whole();
    let (client, mut car) = (service.client(), car());
    let wanted = [DataSet::Telemetry, DataSet::Location];

    client.update(&mut car, &Update::all().only(wanted)).await;
    assert_eq!(service.asked(), [LOCATION, TELEMETRY]);

    let report = client
        .update(&mut car, &Update::all().skip(DataSet::ALL))
        .await;
    assert!(service.asked().is_empty());
    assert_eq!(outcomes(&report), ["Skipped(Unwanted)"; 10]);
    assert!(car.telemetry.value().is_some());
}

#[tokio::test(start_paused = true)]
async fn nothing_more_is_asked_where_all_would_be_refused() {
    for (status, detail) in [
        (403, "invalid guid and vin mapping"),
        (403, "invalid token could not authorize"),
        (401, "Unauthorized"),
    ] {
        let service = Service::whole();
        service.refuses(HEALTH, status, "APIGW-403", detail);
        let mut car = car();

        let report = service.client().update(&mut car, &Update::all()).await;

        assert_eq!(service.asked(), [LOCATION, HEALTH], "{detail}");
        assert_eq!(outcomes(&report)[..2], ["Updated", "failed"]);
        assert_eq!(outcomes(&report)[2..], ["Skipped(Pointless)"; 8]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_list_of_vehicles_denies_is_asked_for_by_name_only() {
    let service = Service::whole();
    let flags = json!({"extendedCapabilities": {"vehicleStatus": false, "telemetryCapable": true}});
    let (client, mut car) = (service.client(), car_with(&flags));

    client.update(&mut car, &Update::all()).await;
    assert!(!service.asked().contains(&STATUS.to_owned()));

    client
        .update(&mut car, &Update::all().only([DataSet::Status]))
        .await;
    assert_eq!(service.asked(), [STATUS]);
    // Now the car has shown that it has one.
    client.update(&mut car, &Update::all()).await;
    assert!(service.asked().contains(&STATUS.to_owned()));
}

#[tokio::test(start_paused = true)]
async fn nothing_in_an_answer_leaves_what_was_known() {
    let service = Service::whole();
    let (client, mut car) = (service.client(), car());
    client.update(&mut car, &Update::all()).await;
    service.answers(TELEMETRY, 200, json!({"payload": {}}));

    let report = client.update(&mut car, &Update::all()).await;

    assert!(matches!(
        report.of(DataSet::Telemetry),
        Some(Outcome::Empty)
    ));
    assert_eq!(car.telemetry.value().unwrap().fuel_level, Some(41.0));
    assert!(report.is_complete());
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_update_leaves_what_it_had_brought() {
    let service = Service::whole();
    let (client, mut car) = (service.client(), car());

    let update = Update::all();
    let update = client.update(&mut car, &update);
    let cancelled = tokio::time::timeout(Duration::from_millis(2_500), update).await;

    assert!(cancelled.is_err());
    assert!(car.location.value().is_some() && car.health.value().is_some());
    assert!(car.electric.value().is_none());
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_read_was_not_seen() {
    let service = Service::whole();
    let odometer = json!({"value": 100, "unit": "km"});
    let telemetry = json!({"odometer": odometer, "timestamp": "1970-01-01T00:00:00Z"});
    service.answers(TELEMETRY, 200, json!({ "payload": telemetry }));
    let (client, mut car) = (service.client(), car());

    client.update(&mut car, &Update::all()).await;
    let seen = car.seen();
    service.refuses(TELEMETRY, 500, "X", "out of order");
    client.update(&mut car, &Update::all()).await;

    assert_eq!(seen.odometer.unwrap().to_string(), "100 km");
    assert_eq!(seen.telemetry, Some(Timestamp::UNIX_EPOCH));
    assert_eq!(seen.contact, Some(Timestamp::UNIX_EPOCH));
    assert_eq!((car.seen().odometer, car.seen().telemetry), (None, None));
    assert!(car.telemetry.value().is_some());
}
