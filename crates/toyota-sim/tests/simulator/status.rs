use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use toyota_sim::{Payload, Route, WakeBehaviour, garage::Window};

use crate::support::{Answer, ELECTRIC, HYBRID, Owner, PETROL, return_code};

const STATUS: &str = "/v1/vehicle/status";
const OLD_STATUS: &str = "/v1/global/remote/status";
const WAKE: &str = "/v1/remote/status";
const OLD_WAKE: &str = "/v1/global/remote/refresh-status";

#[tokio::test]
async fn a_status_is_old_until_the_car_is_woken() {
    let owner = Owner::new().await;
    let sim = &owner.sim;
    sim.edit_car_state(PETROL, |car| car.doors.driver.open = true);

    let cached = owner.payload(STATUS, PETROL).await;
    let woken = owner.post(WAKE, PETROL, None).await;
    owner.wait(9);
    let early = owner.payload(STATUS, PETROL).await;
    owner.wait(17);
    let fresh = owner.payload(STATUS, PETROL).await;

    assert_eq!(cached["lastUpdateTimestamp"], "2026-08-30T16:45:02Z");
    assert_eq!(cached["overallStatus"], "ok");
    assert_eq!(cached["doors"]["driver"]["openStatus"]["status"], "closed");
    let envelope = woken.json();
    assert_eq!(
        envelope["status"]["serviceIdentifier"],
        "dcm19-remote-service"
    );
    assert_eq!(
        envelope["status"]["messages"][0]["responseCode"],
        "CTP-GENERIC-20001"
    );
    assert_eq!(return_code(&woken), "000000");
    assert_eq!(early, cached);
    assert_ne!(fresh["lastUpdateTimestamp"], cached["lastUpdateTimestamp"]);
    assert_eq!(fresh["doors"]["driver"]["openStatus"]["status"], "open");
    assert_eq!(fresh["overallWarningCounts"], 1);
    assert_eq!(sim.car_counters(PETROL).wakes, 1);
    assert_eq!(sim.car_counters(PETROL).requests(Route::Status), 3);
    assert_eq!(sim.car_counters(ELECTRIC).requests_total(), 0);
}

#[tokio::test]
async fn the_old_status_says_the_same_in_sections() {
    let owner = Owner::new().await;

    let answer = owner.payload(OLD_STATUS, HYBRID).await;

    assert_eq!(answer["occurrenceDate"], "2026-08-31T07:20:00Z");
    assert_eq!(answer["cautionOverallCount"], 1);
    let categories = answer["vehicleStatus"].as_array().unwrap();
    let names: Vec<&str> = categories
        .iter()
        .map(|category| category["category"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "carstatus_category_driver",
            "carstatus_category_passenger",
            "carstatus_category_other",
        ]
    );
    assert_eq!(
        section(&answer, "passenger_rear_window"),
        json!([{"value": "carstatus_closed", "status": 1}])
    );
    assert_eq!(
        section(&answer, "driver_door"),
        json!([
            {"value": "carstatus_closed", "status": 0},
            {"value": "carstatus_locked", "status": 0},
        ])
    );
    assert_eq!(
        answer["telemetry"]["fugage"],
        json!({"value": 41, "unit": "%"})
    );
}

#[tokio::test]
async fn the_driver_s_side_is_where_the_driver_sits() {
    let owner = Owner::new().await;
    for (left, rear) in [(true, "driver_rear_door"), (false, "passenger_rear_door")] {
        owner.sim.edit_car_state(PETROL, |car| {
            car.left_hand_drive = left;
            car.doors.rear_left.locked = false;
        });
        owner.sim.report(PETROL);

        let old = owner.payload(OLD_STATUS, PETROL).await;
        let new = owner.payload(STATUS, PETROL).await;

        assert_eq!(section(&old, rear)[1]["value"], "carstatus_unlocked");
        assert_eq!(new["doors"]["rearLeft"]["lockStatus"]["status"], "unlocked");
        assert_eq!(new["leftHandDrive"], left);
    }
}

#[tokio::test]
async fn what_the_car_cannot_tell_is_unknown() {
    let owner = Owner::new().await;

    let new = owner.payload(STATUS, ELECTRIC).await;
    let old = owner.payload(OLD_STATUS, ELECTRIC).await;

    assert_eq!(
        owner.sim.car_state(ELECTRIC).unwrap().windows.rear_left,
        Window::Unknown
    );
    assert_eq!(new["windows"]["rearLeft"]["status"], "unknown");
    assert_eq!(section(&old, "passenger_rear_window"), json!([]));
}

#[tokio::test]
async fn an_old_wake_has_to_say_who_asks_about_which_car() {
    let owner = Owner::new().await;
    let guid = owner.sim.account().guid().to_owned();
    let whole = json!({
        "deviceId": "here", "deviceType": "Android", "guid": guid, "vin": PETROL,
    });

    for missing in ["deviceId", "deviceType", "guid", "vin"] {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().remove(missing);
        let answer = owner.post(OLD_WAKE, PETROL, Some(body)).await;
        assert_eq!(
            answer.status,
            StatusCode::INTERNAL_SERVER_ERROR,
            "{missing}"
        );
    }
    let none = owner.post(OLD_WAKE, PETROL, None).await;
    let accepted = owner.post(OLD_WAKE, PETROL, Some(whole)).await;

    assert_eq!(none.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(return_code(&accepted), "000000");
    assert_eq!(owner.sim.car_counters(PETROL).wakes, 1);
}

#[tokio::test]
async fn a_status_can_be_forgotten_until_the_car_reports() {
    let owner = Owner::new().await;
    let half_an_hour = Duration::from_secs(30 * 60);
    let behaviour = WakeBehaviour::responsive().cold_after(half_an_hour);
    owner.sim.set_wakes(PETROL, behaviour);

    let cold = owner.get(STATUS, PETROL).await;
    let other_car = owner.get(STATUS, HYBRID).await;
    owner.post(WAKE, PETROL, None).await;
    owner.wait(25);
    let warm = owner.get(OLD_STATUS, PETROL).await;
    owner.wait(30 * 60);
    let cold_again = owner.get(OLD_STATUS, PETROL).await;

    for answer in [cold, cold_again] {
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        let expected = ("APIGW-403".to_owned(), "Unauthorized".to_owned());
        assert_eq!(answer.detail(), expected);
    }
    assert_eq!(other_car.status, StatusCode::OK);
    assert_eq!(warm.status, StatusCode::OK);
}

#[tokio::test]
async fn a_car_can_refuse_its_wakes_in_three_ways_or_be_silent() {
    for (behaviour, status, code, wakes) in [
        (WakeBehaviour::silent(), 200, "000000", 1),
        (WakeBehaviour::rejected(), 200, "010001", 0),
        (WakeBehaviour::forbidden(), 403, "", 0),
        (WakeBehaviour::failing(), 500, "", 0),
    ] {
        let owner = Owner::new().await;
        owner.sim.set_wakes(PETROL, behaviour);
        let before = owner.payload(STATUS, PETROL).await;

        let answer = owner.post(WAKE, PETROL, None).await;
        owner.wait(3600);
        let after = owner.payload(STATUS, PETROL).await;

        assert_eq!(answer.status, status);
        assert_eq!(return_code(&answer), code);
        assert_eq!(after, before);
        assert_eq!(owner.sim.car_counters(PETROL).wakes, wakes);
    }
}

#[tokio::test]
async fn fresh_reads_are_throttled_about_as_often_as_asked() {
    let owner = Owner::new().await;
    let behaviour = WakeBehaviour::responsive().throttled(0.5).unwrap();
    owner.sim.set_wakes(PETROL, behaviour);

    let mut throttled = 0;
    for _ in 0..100 {
        let answer = owner.get(STATUS, PETROL).await;
        throttled += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }

    assert!((30..70).contains(&throttled), "{throttled}");
    assert!(WakeBehaviour::responsive().throttled(1.1).is_err());
}

#[tokio::test]
async fn what_is_set_is_answered_whatever_happens() {
    let owner = Owner::new().await;
    let forced = json!({"lastUpdateTimestamp": "yesterday"});
    let set = |payload, value| {
        owner.sim.edit_account(|account| {
            account.car_mut(PETROL).unwrap().set(payload, value);
        });
    };

    set(Payload::Status, forced.clone());
    owner.sim.report(PETROL);
    let answer = owner.payload(STATUS, PETROL).await;
    owner.sim.edit_account(|account| {
        account.car_mut(PETROL).unwrap().release(Payload::Status);
    });
    let released = owner.payload(STATUS, PETROL).await;

    assert_eq!(answer, forced);
    assert_eq!(
        Some(&released),
        owner.sim.payload(PETROL, Payload::Status).as_ref()
    );
    assert_eq!(released["vin"], PETROL);
}

#[tokio::test]
async fn a_status_is_for_its_owner() {
    let owner = Owner::new().await;

    for path in [STATUS, OLD_STATUS, "/v2/notification/history"] {
        let strange: Answer = owner.get(path, "JT000000000000000").await;

        assert_eq!(strange.status, StatusCode::FORBIDDEN);
        assert_eq!(strange.detail().1, "invalid guid and vin mapping");
    }
}

fn section(answer: &Value, item: &str) -> Value {
    let name = format!("carstatus_item_{item}");
    let categories = answer["vehicleStatus"].as_array().unwrap();
    let mut sections = categories
        .iter()
        .flat_map(|category| category["sections"].as_array().unwrap());
    let found = sections.find(|section| section["section"] == name.as_str());
    found.unwrap()["values"].clone()
}
