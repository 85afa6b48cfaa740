use http::{Method, StatusCode};
use serde_json::{Value, json};
use toyota_sim::garage::{ClimatePhase, Seat};

use crate::support::{ELECTRIC, HYBRID, Owner, PETROL, return_code};

const STATUS: &str = "/v1/vehicle/climate-status";
const OLD_STATUS: &str = "/v1/global/remote/climate-status";
const SETTINGS: &str = "/v1/vehicle/climate-settings";
const OLD_SETTINGS: &str = "/v1/global/remote/climate-settings";
const CONTROL: &str = "/v2/remote/climate-control";
const OLD_CONTROL: &str = "/v1/global/remote/climate-control";
const WAKE: &str = "/v1/remote/refresh-climate-status";

#[tokio::test]
async fn a_run_starts_goes_on_and_ends() {
    let owner = Owner::new().await;
    let word = async || owner.payload(STATUS, ELECTRIC).await["status"].clone();
    let off = (
        owner.payload(STATUS, ELECTRIC).await,
        owner.payload(OLD_STATUS, ELECTRIC).await,
    );

    let start = json!({
        "command": "start",
        "duration": 10,
        "temperature": {"value": 24, "unit": "C"},
        "heatingOptions": {"frontDefroster": "on"},
    });
    let accepted = owner.post(CONTROL, ELECTRIC, Some(start)).await;
    let at_once = word().await;
    owner.wait(6);
    let starting = word().await;
    owner.wait(40);
    let running = owner.payload(STATUS, ELECTRIC).await;
    let old_running = owner.payload(OLD_STATUS, ELECTRIC).await;
    owner.wait(600);
    let over = word().await;

    assert_eq!(
        off,
        (
            json!({"status": "stopped"}),
            json!({"type": "full", "status": 0})
        )
    );
    assert_eq!(return_code(&accepted), "000000");
    assert_eq!(at_once, "stopped");
    assert_eq!(starting, "starting");
    assert_eq!(running["status"], "running");
    assert_eq!(running["duration"], 10);
    assert_eq!(
        running["targetTemperature"],
        json!({"value": 24.0, "unit": "C"})
    );
    assert_eq!(running["heatingOptions"]["frontDefroster"], "on");
    assert_eq!(running["seatOptions"]["driverSeat"], "off");
    assert_eq!(old_running["status"], 1);
    assert_eq!(old_running["options"]["frontDefogger"], true);
    assert_eq!(old_running["startedAt"], running["startedAt"]);
    assert_eq!(over, "stopped");
    let (status, message) = owner.newest_notification(ELECTRIC).await;
    assert_eq!(status, "completed");
    assert_eq!(message, "Quiet one: the climate control has ended.");
}

#[tokio::test]
async fn the_cabin_warms_up_and_a_wake_tells() {
    let owner = Owner::new().await;
    start(&owner, ELECTRIC, 20).await;
    owner.wait(60);
    let before = owner.payload(STATUS, ELECTRIC).await;

    owner.wait(300);
    let stale = owner.payload(STATUS, ELECTRIC).await;
    owner.post(WAKE, ELECTRIC, None).await;
    owner.wait(25);
    let after = owner.payload(STATUS, ELECTRIC).await;

    assert_eq!(stale, before);
    let cabin = |status: &Value| status["currentTemperature"]["value"].as_f64().unwrap();
    assert!(cabin(&after) > cabin(&before) + 3.0);
    assert!(cabin(&after) < 21.0);
}

#[tokio::test]
async fn a_run_can_be_stopped() {
    let owner = Owner::new().await;
    let phase = || owner.sim.car_state(ELECTRIC).unwrap().climate.phase;
    start(&owner, ELECTRIC, 20).await;
    owner.wait(60);
    let running = phase();

    owner
        .post(CONTROL, ELECTRIC, Some(json!({"command": "stop"})))
        .await;
    owner.wait(7);
    let stopping = phase();
    owner.wait(30);

    assert_eq!(running, ClimatePhase::Running);
    assert_eq!(stopping, ClimatePhase::Stopping);
    assert_eq!(phase(), ClimatePhase::Stopped);
    assert_eq!(
        owner.payload(STATUS, ELECTRIC).await,
        json!({"status": "stopped"})
    );
}

#[tokio::test]
async fn a_car_that_is_not_locked_does_not_start() {
    let owner = Owner::new().await;
    owner
        .sim
        .edit_car_state(ELECTRIC, |car| car.doors.driver.locked = false);

    let accepted = start(&owner, ELECTRIC, 20).await;
    owner.wait(30);

    assert_eq!(accepted, "000000");
    assert_eq!(owner.payload(STATUS, ELECTRIC).await["status"], "stopped");
    let (status, message) = owner.newest_notification(ELECTRIC).await;
    assert_eq!(status, "interrupted");
    assert_eq!(
        message,
        "Quiet one: could not start the climate control: the car is not locked."
    );
}

#[tokio::test]
async fn twenty_minutes_are_all_there_is_between_two_drives() {
    let owner = Owner::new().await;
    let phase = || owner.sim.car_state(HYBRID).unwrap().climate.phase;

    start(&owner, HYBRID, 15).await;
    owner.wait(20 * 60);
    start(&owner, HYBRID, 15).await;
    owner.wait(4 * 60);
    let second = phase();
    owner.wait(3 * 60);
    let cut_short = phase();
    start(&owner, HYBRID, 1).await;
    owner.wait(30);

    assert_eq!(second, ClimatePhase::Running);
    assert_eq!(cut_short, ClimatePhase::Stopped);
    let (status, message) = owner.newest_notification(HYBRID).await;
    assert_eq!(status, "interrupted");
    assert!(
        message.ends_with("the car has to be started before."),
        "{message}"
    );
}

#[tokio::test]
async fn a_start_of_what_runs_gives_no_more_time() {
    let owner = Owner::new().await;
    let phase = || owner.sim.car_state(HYBRID).unwrap().climate.phase;

    start(&owner, HYBRID, 20).await;
    owner.wait(15 * 60);
    start(&owner, HYBRID, 20).await;
    owner.wait(4 * 60);
    let second = phase();
    owner.wait(2 * 60);

    assert_eq!(second, ClimatePhase::Running);
    assert_eq!(phase(), ClimatePhase::Stopped);
}

#[tokio::test]
async fn settings_are_kept_for_whom_asks_for_it() {
    let owner = Owner::new().await;
    let begin = |save: bool| {
        json!({
            "command": "start",
            "temperature": {"value": 26.5, "unit": "C"},
            "seatOptions": {"driverSeat": "high"},
            "saveSettings": save,
        })
    };

    owner.post(CONTROL, ELECTRIC, Some(begin(false))).await;
    let unchanged = owner.payload(SETTINGS, ELECTRIC).await;
    owner.post(CONTROL, ELECTRIC, Some(begin(true))).await;
    let kept = owner.payload(SETTINGS, ELECTRIC).await;
    owner.wait(6);

    assert_eq!(unchanged["temperature"]["value"], 21.0);
    assert_eq!(unchanged["duration"], 20);
    assert_eq!(kept["temperature"]["value"], 26.5);
    assert_eq!(kept["seatOptions"]["driverSeat"], "high");
    let run = owner.sim.car_state(ELECTRIC).unwrap().climate.settings;
    assert_eq!(run.seats.driver, Seat::High);
}

#[tokio::test]
async fn the_old_routes_set_first_and_start_then() {
    let owner = Owner::new().await;
    let settings = json!({
        "settingsOn": true,
        "temperature": 19,
        "temperatureUnit": "C",
        "acOperations": [{
            "categoryName": "defrost",
            "acParameters": [
                {"name": "frontDefrost", "enabled": true},
                {"name": "rearDefrost", "enabled": false},
            ],
        }],
    });
    let begin = json!({"command": "engine-start", "remoteHvac": {"engineStartTime": 5}});

    let set = owner
        .send(Method::PUT, OLD_SETTINGS, HYBRID, Some(settings))
        .await;
    let kept = owner.payload(OLD_SETTINGS, HYBRID).await;
    let started = owner.post(OLD_CONTROL, HYBRID, Some(begin)).await;
    owner.wait(60);
    let running = owner.payload(OLD_STATUS, HYBRID).await;
    owner
        .post(OLD_CONTROL, HYBRID, Some(json!({"command": "engine-stop"})))
        .await;
    owner.wait(60);
    let stopped = owner.payload(OLD_STATUS, HYBRID).await;

    assert_eq!(return_code(&set), "000000");
    assert_eq!(kept["temperature"], 19.0);
    assert_eq!(kept["minTemp"], 18);
    let parameters = &kept["acOperations"][0]["acParameters"];
    assert_eq!(parameters[0]["enabled"], true);
    assert_eq!(parameters[1]["enabled"], false);
    assert_eq!(return_code(&started), "000000");
    assert_eq!(running["status"], 1);
    assert_eq!(running["duration"], 5);
    assert_eq!(running["targetTemperature"]["value"], 19.0);
    assert_eq!(stopped, json!({"type": "full", "status": 0}));
    assert_eq!(owner.sim.counters().commands_carried_out, 2);
}

#[tokio::test]
async fn a_car_without_remote_climate_fails() {
    let owner = Owner::new().await;

    for path in [STATUS, OLD_STATUS, SETTINGS, OLD_SETTINGS] {
        let answer = owner.get(path, PETROL).await;

        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert_eq!(answer.detail().0, "ONE-GLOBAL-RS-40000");
    }
    let woken = owner.post(WAKE, PETROL, None).await;
    assert_eq!(woken.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn what_the_climate_control_cannot_do_is_refused() {
    let owner = Owner::new().await;

    for (path, body) in [
        (CONTROL, json!({"command": "begin"})),
        (CONTROL, json!({"command": "start", "duration": 21})),
        (
            CONTROL,
            json!({"command": "start", "temperature": {"value": 30, "unit": "C"}}),
        ),
        (OLD_CONTROL, json!({"command": "engine"})),
        (
            OLD_CONTROL,
            json!({"command": "engine-start", "remoteHvac": {"engineStartTime": 60}}),
        ),
    ] {
        let answer = owner.post(path, ELECTRIC, Some(body)).await;

        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.detail().0, "CTP-REMOTE-40006");
    }
    assert_eq!(owner.sim.counters().commands_carried_out, 0);
}

/// Starts the climate control and returns what the service says to it.
async fn start(owner: &Owner, vin: &str, minutes: u32) -> String {
    let body = json!({"command": "start", "duration": minutes});
    return_code(&owner.post(CONTROL, vin, Some(body)).await)
}
