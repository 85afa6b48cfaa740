use http::StatusCode;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use toyota_sim::garage::{ChargingSchedule, Plug, TimeOfDay};

use crate::support::{ELECTRIC, HYBRID, Owner, PETROL, return_code};

const STATUS: &str = "/v1/vehicle/electric/status";
const OLD_STATUS: &str = "/v1/global/remote/electric/status";
const WAKE: &str = "/v1/global/remote/electric/realtime-status";
const COMMAND: &str = "/v1/global/remote/electric/command";

#[tokio::test]
async fn a_charge_is_seen_when_the_car_is_woken() {
    let owner = Owner::new().await;

    let before = owner.payload(STATUS, ELECTRIC).await;
    owner.wait(40 * 60);
    let stale = owner.payload(STATUS, ELECTRIC).await;
    owner.post(WAKE, ELECTRIC, None).await;
    owner.wait(25);
    let fresh = owner.payload(STATUS, ELECTRIC).await;

    assert_eq!(before["batteryLevel"], 56);
    assert_eq!(before["chargingStatus"], "charging");
    assert_eq!(before["remainingChargeTime"], 176);
    assert_eq!(before["evRange"], json!({"value": 212.0, "unit": "km"}));
    assert_eq!(stale, before);
    assert_eq!(fresh["batteryLevel"], 66);
    assert_ne!(fresh["lastUpdateTimestamp"], before["lastUpdateTimestamp"]);
    let telemetry = owner.payload("/v3/telemetry", ELECTRIC).await;
    assert_eq!(telemetry["batteryLevel"], 66);
}

#[tokio::test]
async fn a_full_battery_reports_itself() {
    let owner = Owner::new().await;
    owner.get(STATUS, ELECTRIC).await;

    owner.wait(177 * 60);
    let full = owner.payload(STATUS, ELECTRIC).await;

    assert_eq!(full["batteryLevel"], 100);
    assert_eq!(full["chargingStatus"], "chargeComplete");
    assert_eq!(full["remainingChargeTime"], 65535);
    let (status, message) = owner.newest_notification(ELECTRIC).await;
    assert_eq!(status, "completed");
    assert_eq!(message, "Quiet one: the battery is full.");
}

#[tokio::test]
async fn a_hybrid_mixes_its_units_and_its_routes_its_members() {
    let owner = Owner::new().await;

    let new = owner.payload(STATUS, HYBRID).await;
    let old = owner.payload(OLD_STATUS, HYBRID).await;

    assert_eq!(new["chargingStatus"], "none");
    assert_eq!(new["remainingChargeTime"], 65335);
    assert_eq!(new["evRange"]["unit"], "km");
    assert_eq!(new["fuelRange"]["unit"], "mi");
    assert_eq!(new["fuelLevel"], 41);
    assert_eq!(new["phevUsableBatteryLevel"], 73);
    assert_eq!(old.get("phevUsableBatteryLevel"), None);
    let schedule = &new["chargingSchedules"][0];
    assert_eq!(schedule["type"], "startOnly");
    assert_eq!(schedule.get("endTime"), None);
    assert_eq!(schedule["days"]["fri"], 1);
    assert_eq!(
        new["nextChargingEvent"],
        json!({
            "type": "startOnly", "weekDay": 2, "startTime": {"hour": 1, "minute": 30},
        })
    );
}

#[tokio::test]
async fn the_next_charge_is_the_soonest_of_all_schedules() {
    let owner = Owner::new().await;
    let schedule = |enabled, hour, day: usize| ChargingSchedule {
        id: 7,
        enabled,
        start: TimeOfDay { hour, minute: 0 },
        end: None,
        days: std::array::from_fn(|it| it == day),
    };
    let today = Timestamp::try_from(owner.sim.clock().now()).unwrap();
    let today = today.to_zoned(TimeZone::UTC).weekday();
    let day = |ahead: i64| usize::try_from(today.wrapping_add(ahead).to_monday_zero_offset());
    let day = |ahead| day(ahead).unwrap();
    let schedules = vec![
        schedule(true, 4, day(5)),
        schedule(false, 4, day(1)),
        schedule(true, 3, day(2)),
    ];
    owner.sim.edit_car_state(HYBRID, |car| {
        car.battery.as_mut().unwrap().schedules = schedules;
    });
    owner.sim.report(HYBRID);

    let next = owner.payload(STATUS, HYBRID).await["nextChargingEvent"].take();

    assert_eq!(next["weekDay"], day(2) + 1);
    assert_eq!(next["startTime"], json!({"hour": 3, "minute": 0}));
}

#[tokio::test]
async fn a_car_without_a_battery_is_not_entitled() {
    let owner = Owner::new().await;

    let new = owner.get(STATUS, PETROL).await;
    let old = owner.get(OLD_STATUS, PETROL).await;
    let woken = owner.post(WAKE, PETROL, None).await;
    let charged = charge(&owner, PETROL, json!({"command": "CHARGE_NOW"})).await;

    for answer in [new, old] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.detail().1, "Unauthorized");
    }
    assert_eq!(woken.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(charged.detail().0, "CTP-REMOTE-40041");
}

#[tokio::test]
async fn a_charge_begins_when_it_is_told_to_and_the_plug_is_in() {
    let owner = Owner::new().await;
    let plug = || owner.sim.car_state(HYBRID).unwrap().battery.unwrap().plug;
    let now = json!({"command": "CHARGE_NOW"});

    charge(&owner, HYBRID, now.clone()).await;
    owner.wait(30);
    let (unplugged, told) = (plug(), owner.newest_notification(HYBRID).await);
    owner.sim.edit_car_state(HYBRID, |car| {
        car.battery.as_mut().unwrap().plug = Plug::Waiting;
    });
    let accepted = charge(&owner, HYBRID, now).await;
    owner.wait(30);

    assert_eq!(unplugged, Plug::Out);
    assert_eq!(told.0, "interrupted");
    assert!(told.1.ends_with("the car is not plugged in."), "{}", told.1);
    assert_eq!(return_code(&accepted), "000000");
    assert_eq!(plug(), Plug::Charging);
    let seen = owner.payload(STATUS, HYBRID).await;
    assert_eq!(seen["chargingStatus"], "charging");
}

#[tokio::test]
async fn a_reserved_charge_waits_for_its_hour() {
    let owner = Owner::new().await;
    let plug = || owner.sim.car_state(ELECTRIC).unwrap().battery.unwrap().plug;
    let reserve = json!({
        "command": "RESERVE_CHARGE",
        "reservationCharge": {
            "chargeType": "startOnly",
            "day": "WEDNESDAY",
            "startTime": {"hour": 23, "minute": 15},
        },
    });

    charge(&owner, ELECTRIC, reserve).await;
    owner.wait(30);
    let waiting = owner.payload(STATUS, ELECTRIC).await;
    let before = plug();
    owner.wait(7 * 24 * 3600);

    assert_eq!(waiting["chargingStatus"], "connected");
    assert_eq!(waiting["nextChargingEvent"]["weekDay"], 3);
    assert_eq!(before, Plug::Waiting);
    assert_ne!(plug(), Plug::Waiting);
}

#[tokio::test]
async fn half_a_charge_command_is_refused() {
    let owner = Owner::new().await;

    for (body, code) in [
        (json!({}), "CTP-REMOTE-40000"),
        (json!({"command": "RESERVE_CHARGE"}), "CTP-REMOTE-40000"),
        (json!({"command": "charge_now"}), "CTP-REMOTE-40006"),
    ] {
        let answer = charge(&owner, ELECTRIC, body).await;

        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.detail().0, code);
    }
    assert_eq!(owner.sim.counters().commands_carried_out, 0);
}

async fn charge(owner: &Owner, vin: &str, body: Value) -> crate::support::Answer {
    owner.post(COMMAND, vin, Some(body)).await
}
