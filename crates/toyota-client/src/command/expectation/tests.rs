//! What cars have to say of what was commanded.

use jiff::civil::time;
use serde_json::{Value, json};

use super::*;

const OLD: &str = "2026-11-23T10:00:00Z";

fn status(payload: &Value) -> Status {
    let answer = json!({ "payload": payload });
    Status::from_answer(answer).value.unwrap()
}

fn met(expectation: &Expectation, payload: &Value) -> Option<bool> {
    expectation.in_status(&status(payload)).met
}

fn doors(driver: &str, passenger: &str, trunk: &str) -> Value {
    let door = |lock: &str| json!({"lockStatus": {"status": lock, "lastUpdateTimestamp": OLD}});
    json!({"doors": {
        "driver": door(driver), "passenger": door(passenger), "rearBack": door(trunk),
    }})
}

#[test]
fn doors_are_locked_if_all_that_are_told_of_are_and_the_hatch_is_one_of_its_own() {
    for (payload, locked, trunk) in [
        (
            doors("locked", "locked", "unlocked"),
            Some(true),
            Some(false),
        ),
        (
            doors("locked", "unlocked", "locked"),
            Some(false),
            Some(true),
        ),
        // What is unknown is not locked, and one that is unlocked is enough.
        (doors("locked", "unknown", "unknown"), None, None),
        (
            doors("unlocked", "unknown", "locked"),
            Some(false),
            Some(true),
        ),
        (doors("unknown", "unknown", "locked"), None, Some(true)),
        // Of a door that is not told of nothing is to be known.
        (
            json!({"doors": {"driver": {"lockStatus": {"status": "locked"}}}}),
            Some(true),
            None,
        ),
        (json!({"vin": "V1"}), None, None),
    ] {
        for wanted in [true, false] {
            let is = |found: Option<bool>| found.map(|found| found == wanted);

            let seen = met(&Expectation::Locked(wanted), &payload);
            assert_eq!(seen, is(locked), "{payload}");
            assert_eq!(met(&Expectation::TrunkLocked(wanted), &payload), is(trunk));
        }
    }
}

#[test]
fn windows_are_open_if_one_is_and_closed_if_all_that_are_told_of_are() {
    let windows = |driver: &str, passenger: &str| json!({"windows": {"driver": {"status": driver}, "passenger": {"status": passenger}}});
    for (payload, open) in [
        (windows("close", "close"), Some(false)),
        (windows("close", "open"), Some(true)),
        (windows("unknown", "close"), None),
        (windows("unknown", "open"), Some(true)),
        (windows("unknown", "unknown"), None),
        (
            json!({"windows": {"driver": {"status": "close"}}}),
            Some(false),
        ),
    ] {
        let seen = met(&Expectation::WindowsOpen(true), &payload);
        assert_eq!(seen, open, "{payload}");
        let closed = open.map(|open| !open);
        assert_eq!(met(&Expectation::WindowsOpen(false), &payload), closed);
    }
}

#[test]
fn a_car_is_seen_locked_where_its_status_says_so_and_only_there() {
    let locks = ["locked", "unlocked", "unknown"];
    let told = locks.iter().flat_map(|a| locks.map(|b| (*a, b)));
    for (driver, passenger) in told {
        let payload = doors(driver, passenger, "locked");

        let seen = met(&Expectation::Locked(true), &payload);

        let told = status(&payload).is_locked();
        assert_eq!(seen, told, "{driver} {passenger}");
    }
}

#[test]
fn lights_are_told_by_the_newer_route_only() {
    let lights = json!({"lights": {"hazard": {"status": "on"}, "head": {"status": "off"}}});

    assert_eq!(met(&Expectation::Hazard(true), &lights), Some(true));
    assert_eq!(met(&Expectation::Headlights(true), &lights), Some(false));
    assert_eq!(met(&Expectation::Headlights(false), &lights), Some(true));
    let old = json!({"vehicleStatus": [], "occurrenceDate": OLD});
    assert_eq!(met(&Expectation::Hazard(true), &old), None);
}

#[test]
fn the_date_is_the_document_s_or_else_the_latest_of_its_parts() {
    let expectation = Expectation::Locked(true);
    let mut payload = doors("locked", "locked", "locked");
    let updated = expectation.in_status(&status(&payload)).updated;
    assert_eq!(updated, Some(OLD.parse().unwrap()));

    payload["lastUpdateTimestamp"] = "2026-11-23T11:00:00Z".into();
    let updated = expectation.in_status(&status(&payload)).updated;
    assert_eq!(updated, Some("2026-11-23T11:00:00Z".parse().unwrap()));
}

#[test]
fn climate_control_runs_from_its_start_to_its_stop() {
    for (state, on) in [
        ("starting", Some(true)),
        ("running", Some(true)),
        ("stopping", Some(false)),
        ("stopped", Some(false)),
        ("resting", None),
    ] {
        let answer = json!({"payload": {"status": state, "updatedAt": OLD}});
        let climate = ClimateStatus::from_answer(answer).value.unwrap();

        let sight = Expectation::Climate(true).in_climate(&climate);

        assert_eq!((sight.met, sight.updated), (on, Some(OLD.parse().unwrap())));
        let off = Expectation::Climate(false).in_climate(&climate);
        assert_eq!(off.met, on.map(|on| !on));
    }
}

#[test]
fn charging_is_told_by_the_charger_and_a_time_by_the_next_event() {
    let electric = |payload: Value| {
        let answer = json!({ "payload": payload });
        Electric::from_answer(answer).value.unwrap()
    };
    for (word, met) in [
        ("charging", Some(true)),
        ("chargeComplete", Some(true)),
        ("plugged", Some(false)),
        ("none", Some(false)),
        ("thinking", None),
    ] {
        let electric = electric(json!({"chargingStatus": word}));
        assert_eq!(
            Expectation::Charging.in_electric(&electric).met,
            met,
            "{word}"
        );
    }

    let (ten, six) = (time(22, 0, 0, 0), time(6, 0, 0, 0));
    let wanted = ChargingTime::between(Weekday::Monday, ten, six).unwrap();
    let wanted = Expectation::NextCharging(wanted);
    for (event, met) in [
        (
            json!({"type": "startEnd", "weekDay": 1, "startTime": {"hour": 22, "minute": 0}}),
            Some(true),
        ),
        (
            json!({"type": "startEnd", "weekDay": 2, "startTime": {"hour": 22, "minute": 0}}),
            Some(false),
        ),
        (
            json!({"type": "startEnd", "weekDay": 2, "endTime": {"hour": 6, "minute": 0}}),
            Some(true),
        ),
        (
            json!({"type": "startEnd", "weekDay": 1, "endTime": {"hour": 7, "minute": 0}}),
            Some(false),
        ),
        (
            json!({"type": "startEnd", "endTime": {"hour": 6, "minute": 0}}),
            None,
        ),
        (json!({"type": "startEnd", "weekDay": 1}), None),
        (json!(null), None),
    ] {
        let electric = electric(json!({"nextChargingEvent": event}));
        assert_eq!(wanted.in_electric(&electric).met, met, "{event}");
    }
}

#[test]
fn every_command_has_something_to_be_seen_or_nothing() {
    let seen = RemoteCommand::KNOWN
        .iter()
        .filter(|command| Expectation::of_remote(command).source().is_some());
    assert_eq!(seen.count(), 13);
    let reserve = ChargeCommand::Reserve(None);
    assert_eq!(Expectation::of_charge(&reserve), Expectation::Nothing);
    let stop = Expectation::of_climate(&ClimateCommand::Stop);
    assert_eq!(stop, Expectation::Climate(false));
}
