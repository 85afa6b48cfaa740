//! What is asked for.

use serde_json::json;

use super::super::refusal::Refusal;
use super::*;
use crate::model::{Decoded, Vehicle};

fn car() -> Car {
    let flags = json!({"telemetryCapable": false, "vehicleStatus": true});
    let answer = json!({"payload": [{"vin": "JTSIM00000PET0001", "extendedCapabilities": flags}]});
    Car::new(Vehicle::list_from_answer(answer).value.remove(0))
}

fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(hours)
}

#[test]
fn what_the_car_is_said_to_lack_is_not_asked_for_unless_it_is_named() {
    let car = car();
    let lacking = Some(Skipped::NotSupported);
    let unwanted = Some(Skipped::Unwanted);
    for (update, telemetry, status) in [
        (Update::all(), lacking, None),
        (Update::all().only([DataSet::Telemetry]), None, unwanted),
        (Update::all().only([DataSet::Status]), unwanted, None),
        (Update::all().skip([DataSet::Status]), lacking, unwanted),
        (
            Update::all()
                .only([DataSet::Telemetry])
                .skip([DataSet::Telemetry]),
            unwanted,
            unwanted,
        ),
    ] {
        assert_eq!(
            update.skipped(&car, DataSet::Telemetry, at(0)),
            telemetry,
            "{update:?}"
        );
        assert_eq!(
            update.skipped(&car, DataSet::Status, at(0)),
            status,
            "{update:?}"
        );
    }
}

#[test]
fn the_owner_s_word_is_the_last() {
    let mut car = car();
    car.set_support(DataSet::Telemetry, Some(true));
    car.set_support(DataSet::Status, Some(false));

    let update = Update::all();
    let named = Update::all().only([DataSet::Status]);

    assert_eq!(update.skipped(&car, DataSet::Telemetry, at(0)), None);
    assert_eq!(
        named.skipped(&car, DataSet::Status, at(0)),
        Some(Skipped::NotSupported)
    );
}

#[test]
fn what_was_refused_is_asked_for_a_day_later() {
    let mut car = car();
    let history = car.history_mut(DataSet::Status);
    history.refuse(Refusal::Known, at(0));
    let update = Update::all();

    assert_eq!(car.supports(DataSet::Status), Support::No);
    let lacking = Some(Skipped::NotSupported);
    assert_eq!(update.skipped(&car, DataSet::Status, at(23)), lacking);
    assert_eq!(update.skipped(&car, DataSet::Status, at(24)), None);
}

#[test]
fn what_was_answered_once_is_asked_for_whatever_the_list_says() {
    let mut car = car();
    let (value, warnings) = (Some(crate::model::Telemetry::default()), Vec::new());
    car.telemetry
        .answered(Decoded { value, warnings }, at(0), |_| None);

    assert_eq!(car.supports(DataSet::Telemetry), Support::Yes);
    assert_eq!(Update::all().skipped(&car, DataSet::Telemetry, at(0)), None);
}
