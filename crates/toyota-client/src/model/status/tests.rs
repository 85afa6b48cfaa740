//! Both routes: what they say, and what they leave open.

mod whole;

use serde_json::json;

use super::*;

fn status(payload: &Value) -> Status {
    let decoded = Status::from_answer(json!({ "payload": payload }));
    assert!(decoded.warnings.is_empty(), "{:?}", decoded.warnings);
    decoded.value.unwrap()
}

fn old(section: &str, values: &Value) -> Status {
    let sections = json!([{"section": section, "values": values}]);
    status(&json!({"vehicleStatus": [{"category": "c", "sections": sections}]}))
}

#[test]
fn the_older_route_says_closed_and_locked_by_alarms() {
    let (shut, ajar) = (Some(Open::Closed), Some(Open::Open));
    let (locked, unlocked) = (Some(Lock::Locked), Some(Lock::Unlocked));
    for (values, open, lock) in [
        (json!([["carstatus_closed", 0]]), shut, None),
        (json!([["carstatus_closed", 1]]), ajar, None),
        (json!([["CARSTATUS_CLOSED", "0"]]), shut, None),
        (json!([["carstatus_closed", null]]), None, None),
        (json!([["carstatus_open", 1]]), None, None),
        (json!([["carstatus_locked", 0]]), None, locked),
        (json!([["carstatus_locked", 1]]), None, None),
        (json!([["carstatus_unlocked", 1]]), None, unlocked),
        (json!([["carstatus_unlocked", 0]]), None, None),
        (
            json!([["carstatus_locked", 1], ["carstatus_unlocked", 1]]),
            None,
            unlocked,
        ),
        (
            json!([["carstatus_closed", 0], ["carstatus_locked", 0]]),
            shut,
            locked,
        ),
        (json!([]), None, None),
    ] {
        let entries = values.as_array().unwrap().iter();
        let entries: Vec<_> = entries
            .map(|entry| json!({"value": entry[0], "status": entry[1]}))
            .collect();

        let door = old("carstatus_item_driver_door", &entries.into())
            .doors
            .driver;

        assert_eq!((door.open, door.locked), (open, lock), "{values}");
    }
}

#[test]
fn the_older_route_names_each_thing() {
    let shut = json!([{"value": "carstatus_closed", "status": 0}]);
    let closed = Some(Open::Closed);
    let of = |section: &str| old(section, &shut);

    assert_eq!(of("carstatus_item_driver_door").doors.driver.open, closed);
    assert_eq!(
        of("carstatus_item_passenger_door").doors.passenger.open,
        closed
    );
    let rear = of("carstatus_item_driver_rear_door").doors.rear_driver;
    assert_eq!(rear.open, closed);
    let rear = of("carstatus_item_passenger_rear_door")
        .doors
        .rear_passenger;
    assert_eq!(rear.open, closed);
    assert_eq!(of("carstatus_item_rear_hatch").doors.trunk.open, closed);
    assert_eq!(of("carstatus_item_hood").hood.open, closed);
    assert_eq!(
        of("carstatus_item_driver_window").windows.driver.open,
        closed
    );
    let window = of("carstatus_item_passenger_window").windows.passenger;
    assert_eq!(window.open, closed);
    let window = of("carstatus_item_driver_rear_window").windows.rear_driver;
    assert_eq!(window.open, closed);
    let window = of("carstatus_item_passenger_rear_window")
        .windows
        .rear_passenger;
    assert_eq!(window.open, closed);
}

#[test]
fn what_the_older_route_says_of_other_things_is_kept() {
    let it = old(
        "carstatus_item_moonroof",
        &json!([{"value": "carstatus_closed"}]),
    );

    let kept = it.extra.get("vehicleStatus").unwrap();
    assert_eq!(kept[0]["sections"][0]["section"], "carstatus_item_moonroof");
}

#[test]
fn the_older_route_tells_of_fuel_and_place_along() {
    let it = status(&json!({
        "vehicleStatus": [],
        "telemetry": {
            "fugage": {"value": 41, "unit": "%"},
            "rage": {"value": 350, "unit": "Km"},
            "odo": {"value": 12_345, "unit": "km"},
        },
        "occurrenceDate": "2026-11-20T08:00:00Z",
        "cautionOverallCount": 2,
        "latitude": 1.5,
        "longitude": 2.5,
        "locationAcquisitionDatetime": "2026-11-20T07:00:00Z",
    }));

    assert_eq!(it.fuel_level, Some(41.0));
    assert_eq!(it.range.unwrap().to_string(), "350 km");
    assert_eq!(it.odometer.unwrap().to_string(), "12345 km");
    assert_eq!(it.warning_count, Some(2));
    assert_eq!(it.updated.unwrap().to_string(), "2026-11-20T08:00:00Z");
    assert!(it.coordinates.is_some() && it.acquired.is_some());
    assert_eq!((it.is_locked(), it.is_open()), (None, None));
}

fn door(lock: &str, open: &str) -> Value {
    let at = "2026-11-20T08:00:00Z";
    json!({
        "lockStatus": {"status": lock, "lastUpdateTimestamp": at},
        "openStatus": {"status": open, "lastUpdateTimestamp": "2026-11-20T09:00:00Z"},
    })
}

#[test]
fn the_newer_route_says_it_in_words() {
    let (shut, ajar) = (Some(Open::Closed), Some(Open::Open));
    let (locked, unlocked) = (Some(Lock::Locked), Some(Lock::Unlocked));
    for (lock, open, expected) in [
        ("locked", "closed", (locked, shut)),
        ("UNLOCKED", "Close", (unlocked, shut)),
        ("unlocked", "open", (unlocked, ajar)),
        ("unknown", "Unknown", (None, None)),
    ] {
        let driver = status(&json!({"doors": {"driver": door(lock, open)}}))
            .doors
            .driver;

        assert_eq!((driver.locked, driver.open), expected, "{lock} {open}");
        assert_eq!(
            driver.updated().unwrap().to_string(),
            "2026-11-20T09:00:00Z"
        );
        assert!(driver.lock_updated < driver.open_updated);
    }
}

#[test]
fn a_word_that_is_new_is_unknown_and_warned_of() {
    let answer = json!({"payload": {"windows": {"driver": {"status": "ajar"}}}});

    let Decoded { value, warnings } = Status::from_answer(answer);

    assert_eq!(value.unwrap().windows.driver.open, None);
    assert_eq!(
        warnings[0].to_string(),
        "payload.windows.driver.status: expected open or closed, found a text"
    );
}

#[test]
fn the_sides_follow_from_where_the_driver_sits() {
    for (left_hand_drive, driver_is_left) in [
        (json!(true), true),
        (json!(null), true),
        (json!("False"), false),
    ] {
        let it = status(&json!({
            "leftHandDrive": left_hand_drive,
            "doors": {"rearLeft": door("locked", "closed"), "rearRight": door("unlocked", "open")},
            "windows": {"rearLeft": {"status": "close"}, "rearRight": {"status": "open"}},
        }));

        let (doors, windows) = (it.doors, it.windows);
        let (left, right) = if driver_is_left {
            (doors.rear_driver, doors.rear_passenger)
        } else {
            (doors.rear_passenger, doors.rear_driver)
        };
        assert_eq!(
            (left.locked, right.locked),
            (Some(Lock::Locked), Some(Lock::Unlocked))
        );
        let (left, right) = if driver_is_left {
            (windows.rear_driver, windows.rear_passenger)
        } else {
            (windows.rear_passenger, windows.rear_driver)
        };
        assert_eq!(
            (left.open, right.open),
            (Some(Open::Closed), Some(Open::Open))
        );
    }
}

#[test]
fn the_newer_route_has_lights_and_a_reminder() {
    let it = status(&json!({
        "overallStatus": "warning",
        "overallWarningCounts": 1,
        "lastUpdateTimestamp": "2026-11-20T08:00:00Z",
        "lights": {
            "hazard": {"status": "on"},
            "tail": {"status": "OFF"},
            "head": {"status": "unknown"},
        },
        "rearSeatReminder": {"warning": false, "reason": "notDetected"},
        "doors": {"hood": {"openStatus": {"status": "open"}}, "rearBack": door("locked", "closed")},
    }));

    let lights = &it.lights;
    assert_eq!(
        (lights.hazard.on, lights.tail.on, lights.head.on),
        (Some(true), Some(false), None)
    );
    assert_eq!(it.rear_seat_reminder.as_ref().unwrap().warning, Some(false));
    assert_eq!(
        it.overall.as_ref().unwrap().meaning(),
        Some(Overall::Warning)
    );
    assert_eq!(it.hood.open, Some(Open::Open));
    assert_eq!(it.doors.trunk.locked, Some(Lock::Locked));
    assert_eq!((it.is_locked(), it.is_open()), (Some(true), Some(true)));
}

#[test]
fn nothing_said_is_nothing_open_and_nothing_locked() {
    let it = status(&json!({"lastUpdateTimestamp": "2026-11-20T08:00:00Z"}));

    assert_eq!((it.is_locked(), it.is_open()), (None, None));
    assert_eq!(
        (it.doors, it.windows),
        (Doors::default(), Windows::default())
    );
}
