//! Whether a car as a whole is locked, and whether anything of it is open.

use super::*;

#[test]
fn a_car_is_locked_only_if_each_door_that_it_tells_of_is_known_to_be() {
    let (locked, unlocked) = (door("locked", "closed"), door("unlocked", "closed"));
    for (other, expected) in [
        (locked.clone(), Some(true)),
        (unlocked.clone(), Some(false)),
        (json!({"openStatus": {"status": "closed"}}), None),
        (
            json!({"openStatus": {"status": "closed"}, "lockStatus": null}),
            None,
        ),
        (door("unknown", "closed"), None),
        (door("unknown", "unknown"), None),
        (json!(null), Some(true)),
        (json!({}), Some(true)),
    ] {
        let doors = json!({"driver": locked, "rearLeft": other, "hood": {"openStatus": {"status": "closed"}}});

        let it = status(&json!({ "doors": doors }));

        assert_eq!(it.is_locked(), expected, "{other}");
    }
    let doors = json!({"driver": unlocked, "rearLeft": door("unknown", "closed")});
    assert_eq!(status(&json!({ "doors": doors })).is_locked(), Some(false));
}

#[test]
fn nothing_is_open_only_if_all_that_the_car_tells_of_is_known_to_be_closed() {
    let hidden = json!({"lockStatus": {"status": "locked"}});
    for (doors, windows, expected) in [
        (json!({}), json!({}), Some(false)),
        (
            json!({"hood": {"openStatus": {"status": "open"}}}),
            json!({}),
            Some(true),
        ),
        (json!({"rearBack": hidden}), json!({}), None),
        (
            json!({"hood": {"openStatus": {"status": "unknown"}}}),
            json!({}),
            None,
        ),
        (json!({}), json!({"driver": {"status": "unknown"}}), None),
        (
            json!({}),
            json!({"driver": {"status": "close"}}),
            Some(false),
        ),
        (
            json!({"rearBack": hidden}),
            json!({"driver": {"status": "open"}}),
            Some(true),
        ),
    ] {
        let mut doors = doors;
        doors["driver"] = door("locked", "closed");

        let it = status(&json!({"doors": doors, "windows": windows}));

        assert_eq!(it.is_open(), expected, "{doors} {windows}");
    }
}

#[test]
fn what_is_said_in_new_words_is_neither_locked_nor_closed() {
    let (shut, new) = (
        json!([{"value": "carstatus_closed", "status": 0}, {"value": "carstatus_locked", "status": 0}]),
        json!([{"value": "carstatus_ajar", "status": 1}]),
    );
    for (values, expected) in [
        (&shut, (Some(true), Some(false))),
        (&new, (None, None)),
        (&json!([]), (None, None)),
    ] {
        let sections = json!([
            {"section": "carstatus_item_driver_door", "values": shut},
            {"section": "carstatus_item_passenger_door", "values": values},
        ]);

        let it = status(&json!({"vehicleStatus": [{"category": "c", "sections": sections}]}));

        assert_eq!((it.is_locked(), it.is_open()), expected, "{values}");
    }
    let windows = json!({"passenger": {"status": "ajar"}, "driver": {"status": "close"}});
    let answer = json!({"payload": {"windows": windows}});
    let window = Status::from_answer(answer).value.unwrap();
    assert_eq!(window.is_open(), None);
}
