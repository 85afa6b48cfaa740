use http::StatusCode;
use serde_json::{Value, json};
use toyota_sim::{
    Route, WakeBehaviour,
    garage::{Window, Windows},
};

use crate::support::{ELECTRIC, HYBRID, Owner, PETROL, return_code};

const COMMAND: &str = "/v1/global/remote/command";
const STATUS: &str = "/v1/vehicle/status";

#[tokio::test]
async fn a_lock_closes_later_and_is_seen_later_still() {
    let owner = Owner::new().await;
    let locked = || owner.sim.car_state(PETROL).unwrap().doors.driver.locked;
    let seen = async || {
        let status = owner.payload(STATUS, PETROL).await;
        status["doors"]["driver"]["lockStatus"]["status"].clone()
    };
    owner
        .sim
        .edit_car_state(PETROL, |car| car.doors.set_locked(false));
    owner.sim.report(PETROL);

    let answer = command(&owner, PETROL, "door-lock").await;
    let at_once = (locked(), seen().await);
    owner.wait(6);
    let soon = (locked(), seen().await);
    owner.wait(15);
    let later = (locked(), seen().await);

    assert_eq!(return_code(&answer), "000000");
    assert_eq!(at_once, (false, json!("unlocked")));
    assert_eq!(soon, (true, json!("unlocked")));
    assert_eq!(later, (true, json!("locked")));
    let (status, message) = owner.newest_notification(PETROL).await;
    assert_eq!(status, "completed");
    assert_eq!(message, "Runabout: the doors were locked.");
    assert_eq!(owner.sim.car_counters(PETROL).wakes, 0);
}

#[tokio::test]
async fn what_a_command_changed_is_newer_than_the_rest() {
    let owner = Owner::new().await;

    command(&owner, PETROL, "door-unlock").await;
    owner.wait(21);
    let status = owner.payload(STATUS, PETROL).await;

    let updated = |item: &Value| item["lastUpdateTimestamp"].clone();
    let doors = updated(&status["doors"]["driver"]["lockStatus"]);
    assert_eq!(updated(&status), doors);
    assert_eq!(
        updated(&status["windows"]["driver"]),
        "2026-08-30T16:45:02Z"
    );
}

#[tokio::test]
async fn each_command_does_what_it_says() {
    let owner = Owner::new().await;
    owner.sim.edit_car_state(ELECTRIC, |car| {
        car.windows.driver = Window::Open;
    });

    for name in [
        "trunk-unlock",
        "hazard-on",
        "power-window-close",
        "sound-horn",
    ] {
        command(&owner, ELECTRIC, name).await;
        owner.wait(7);
    }
    let after = owner.sim.car_state(ELECTRIC).unwrap();
    owner.wait(60);
    let later = owner.sim.car_state(ELECTRIC).unwrap();

    assert!(!after.doors.tailgate.locked);
    assert!(after.doors.driver.locked);
    assert!(after.lights.hazard);
    assert_eq!(after.windows, Windows::default());
    assert!(!later.lights.hazard, "they flash for a minute");
}

#[tokio::test]
async fn a_command_that_fails_is_explained_by_a_notification() {
    let owner = Owner::new().await;
    owner.sim.edit_car_state(HYBRID, |car| {
        car.doors.set_locked(false);
        car.doors.rear_right.open = true;
    });

    let answer = command(&owner, HYBRID, "door-lock").await;
    owner.wait(30);

    assert_eq!(return_code(&answer), "000000");
    let state = owner.sim.car_state(HYBRID).unwrap();
    assert!(!state.doors.driver.locked);
    let (status, message) = owner.newest_notification(HYBRID).await;
    assert_eq!(status, "interrupted");
    assert_eq!(
        message,
        "RAV4 PHEV: could not lock the doors: a door is open."
    );
}

#[tokio::test]
async fn the_gateway_can_refuse_what_a_car_is_told_under_200() {
    let owner = Owner::new().await;
    let refusing = WakeBehaviour::prompt().refusing_commands("600000");
    owner.sim.set_wakes(ELECTRIC, refusing);
    let before = owner.sim.car_state(ELECTRIC).unwrap();

    let unlock = command(&owner, ELECTRIC, "door-unlock").await;
    let heat = json!({"command": "start", "saveSettings": true, "duration": 7});
    let heat = owner
        .post("/v2/remote/climate-control", ELECTRIC, Some(heat))
        .await;
    let wake = owner.post("/v1/remote/status", ELECTRIC, None).await;
    let other = command(&owner, PETROL, "door-unlock").await;

    for answer in [unlock, heat] {
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(return_code(&answer), "600000");
    }
    let after = owner.sim.car_state(ELECTRIC).unwrap();
    assert_eq!(
        (after.doors, after.climate.phase),
        (before.doors, before.climate.phase)
    );
    let saved = owner
        .payload("/v1/vehicle/climate-settings", ELECTRIC)
        .await;
    assert_eq!(saved["duration"], 20);
    assert_eq!([return_code(&wake), return_code(&other)], ["000000"; 2]);
    assert_eq!(owner.sim.counters().commands_carried_out, 1);
}

#[tokio::test]
async fn a_prompt_car_lets_nobody_wait() {
    let owner = Owner::new().await;
    owner.sim.set_wakes(ELECTRIC, WakeBehaviour::prompt());

    command(&owner, ELECTRIC, "door-unlock").await;
    let unlocked = owner.payload(STATUS, ELECTRIC).await;
    owner.post("/v1/remote/status", ELECTRIC, None).await;
    let woken = owner.payload(STATUS, ELECTRIC).await;

    let driver = &unlocked["doors"]["driver"]["lockStatus"];
    assert_eq!(driver["status"], "unlocked");
    assert_eq!(
        unlocked["windows"]["driver"]["lastUpdateTimestamp"],
        "2026-09-01T05:00:00Z"
    );
    assert_ne!(
        woken["windows"]["driver"]["lastUpdateTimestamp"],
        "2026-09-01T05:00:00Z"
    );
}

#[tokio::test]
async fn a_silent_car_does_nothing_and_is_given_up() {
    let owner = Owner::new().await;
    owner.sim.set_wakes(PETROL, WakeBehaviour::silent());
    let before = owner.sim.car_state(PETROL);

    command(&owner, PETROL, "door-unlock").await;
    owner.wait(120);

    assert_eq!(owner.sim.car_state(PETROL), before);
    let (status, message) = owner.newest_notification(PETROL).await;
    assert_eq!(status, "interrupted");
    assert!(message.ends_with("the car cannot be reached."), "{message}");
}

#[tokio::test]
async fn commands_that_are_not_known_are_refused_and_not_counted() {
    let owner = Owner::new().await;

    for (vin, name, code) in [
        (PETROL, "find-vehicle", "CTP-REMOTE-40006"),
        (PETROL, "hazard-off", "CTP-REMOTE-40006"),
        (PETROL, "headlight-on", "CTP-REMOTE-40041"),
        (PETROL, "trunk-unlock", "CTP-REMOTE-40041"),
        (HYBRID, "power-window-close", "CTP-REMOTE-40041"),
    ] {
        let answer = command(&owner, vin, name).await;

        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}");
        assert_eq!(answer.detail().0, code, "{name}");
    }
    assert_eq!(owner.sim.counters().commands_carried_out, 0);
    let petrol = owner.sim.car_counters(PETROL);
    assert_eq!(petrol.requests(Route::Command), 4);
}

#[tokio::test]
async fn notifications_are_those_of_all_cars() {
    let owner = Owner::new().await;

    let answer = owner.get("/v2/notification/history", PETROL).await.json();

    assert_eq!(answer["statusCode"], 200);
    assert_eq!(answer["body"], "Success");
    assert_eq!(answer.get("status"), None);
    let lists = answer["payload"].as_array().unwrap();
    let vins: Vec<&Value> = lists.iter().map(|list| &list["vin"]).collect();
    assert_eq!(vins, [PETROL, HYBRID, ELECTRIC]);
    let electric = lists[2]["notifications"].as_array().unwrap();
    let dates: Vec<&str> = electric
        .iter()
        .map(|notification| notification["notificationDate"].as_str().unwrap())
        .collect();
    assert!(dates.is_sorted_by(|newer, older| newer >= older));
    let first = &electric[0];
    assert_eq!(first["messageId"].as_str().unwrap().len(), 24);
    assert_eq!(first["status"], 0);
    assert_eq!(first["isRead"], false);
    assert!(electric[1]["readTimestamp"].is_string());
}

async fn command(owner: &Owner, vin: &str, name: &str) -> crate::support::Answer {
    owner
        .post(COMMAND, vin, Some(json!({"command": name})))
        .await
}
