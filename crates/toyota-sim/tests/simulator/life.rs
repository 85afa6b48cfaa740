use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde_json::Value;
use toyota_sim::{PlannedDrive, Position, Routine, Simulator, WakeBehaviour, garage::Plug};

use crate::support::{ELECTRIC, HYBRID, Owner, PETROL};

const DAY: u64 = 24 * 60 * 60;
const WORK: Position = Position {
    latitude: 50.9,
    longitude: 4.4,
};

#[tokio::test]
async fn a_drive_is_told_of_in_every_answer() {
    let owner = Owner::new().await;
    let sim = &owner.sim;
    let before = owner.payload("/v3/telemetry", PETROL).await;
    let began = sim.clock().now();

    sim.drive(PETROL, drive(sim.clock().now(), 1800, 25.0));
    owner.wait(900);
    let on_the_road = sim.car_state(PETROL).unwrap();
    let parked_before = owner.payload("/v1/location", PETROL).await;
    owner.wait(901);
    let after = owner.payload("/v3/telemetry", PETROL).await;
    let location = owner.payload("/v1/location", PETROL).await;

    assert!(on_the_road.driving);
    assert_eq!(parked_before["vehicleLocation"]["latitude"], 50.8949);
    assert_eq!(before["odometer"]["value"], 43087.0);
    assert_eq!(after["odometer"]["value"], 43112.0);
    assert_eq!(after["fuelLevel"], 58);
    assert_eq!(location["vehicleLocation"]["latitude"], WORK.latitude);
    assert_ne!(after["timestamp"], before["timestamp"]);
    assert_eq!(location["lastTimestamp"], after["timestamp"]);
    let trips = trips(&owner, PETROL, began).await;
    assert_eq!(
        trips.iter().map(|(metres, _)| *metres).collect::<Vec<_>>(),
        [25_000]
    );
}

#[tokio::test]
async fn every_car_can_be_driven_at_once_and_by_its_habits_after() {
    let owner = Owner::new().await;
    let sim = &owner.sim;
    let state = |vin| sim.car_state(vin).unwrap();
    let home = [PETROL, HYBRID, ELECTRIC].map(state);

    sim.drive_all();
    owner.wait(1);
    let on_the_road = [PETROL, HYBRID, ELECTRIC].map(state);
    owner.wait(600);
    let arrived = [PETROL, HYBRID, ELECTRIC].map(state);
    owner.wait(7 * DAY);
    let later = [PETROL, HYBRID, ELECTRIC].map(state);

    for car in 0..3 {
        assert!(on_the_road[car].driving && !arrived[car].driving);
        assert_ne!(arrived[car].position, home[car].position);
        let driven = arrived[car].odometer_km - home[car].odometer_km;
        assert!((driven - 6.0).abs() < 1e-6, "{driven}");
        assert!(later[car].odometer_km > arrived[car].odometer_km + 1.0);
    }
}

#[tokio::test]
async fn nothing_is_heard_of_a_silent_car() {
    let owner = Owner::new().await;
    owner.sim.set_wakes(PETROL, WakeBehaviour::silent());
    let before = owner.payload("/v3/telemetry", PETROL).await;

    let now = owner.sim.clock().now();
    owner.sim.drive(PETROL, drive(now, 600, 10.0));
    owner.wait(601);
    let silent = owner.payload("/v3/telemetry", PETROL).await;
    owner.sim.report(PETROL);
    let found = owner.payload("/v3/telemetry", PETROL).await;

    assert_eq!(silent, before);
    assert_eq!(found["odometer"]["value"], 43_097.0);
}

#[tokio::test]
async fn the_form_of_an_answer_outlives_what_it_says() {
    let owner = Owner::new().await;
    for vin in [HYBRID, ELECTRIC] {
        owner
            .sim
            .drive(vin, drive(owner.sim.clock().now(), 600, 10.0));
    }
    owner.wait(601);

    let hybrid = owner.payload("/v3/telemetry", HYBRID).await;
    let electric = owner.payload("/v3/telemetry", ELECTRIC).await;

    assert_eq!(hybrid["odometer"]["unit"], "Km");
    assert_eq!(hybrid["odometer"]["value"], 21_964.6);
    assert_eq!(hybrid["distanceToEmpty"]["unit"], "mi");
    assert_eq!(electric["odometer"]["value"], "8130");
    assert_eq!(electric.get("fuelLevel"), None);
}

#[tokio::test]
async fn a_hybrid_drives_on_its_battery_and_then_on_fuel() {
    let owner = Owner::new().await;
    let state = || owner.sim.car_state(HYBRID).unwrap();

    owner
        .sim
        .drive(HYBRID, drive(owner.sim.clock().now(), 1200, 20.0));
    owner.wait(1201);
    let electric = state();
    owner
        .sim
        .drive(HYBRID, drive(owner.sim.clock().now(), 3600, 80.0));
    owner.wait(3601);
    let burning = state();

    assert_eq!(electric.fuel, Some(41.0));
    assert!(electric.battery.unwrap().percent < 48.0);
    assert!(burning.fuel < Some(38.0));
    let left = burning.battery.unwrap().percent;
    assert!((7.9..8.1).contains(&left), "{left}");
}

#[tokio::test]
async fn a_drive_gives_the_climate_control_its_time_again_and_unplugs() {
    let owner = Owner::new().await;
    let path = "/v2/remote/climate-control";
    let start = serde_json::json!({"command": "start"});
    owner.post(path, ELECTRIC, Some(start.clone())).await;
    owner.wait(21 * 60);

    owner
        .sim
        .drive(ELECTRIC, drive(owner.sim.clock().now(), 600, 8.0));
    owner.wait(601);
    let plug = owner.sim.car_state(ELECTRIC).unwrap().battery.unwrap().plug;
    owner
        .sim
        .edit_car_state(ELECTRIC, |car| car.doors.set_locked(true));
    owner.post(path, ELECTRIC, Some(start)).await;
    owner.wait(60);
    let again = owner.payload("/v1/vehicle/climate-status", ELECTRIC).await;

    assert_eq!(plug, Plug::Out, "there is no plug away from home");
    assert_eq!(again["status"], "running");
}

#[tokio::test]
async fn somebody_with_habits_drives_day_after_day() {
    let owner = Owner::new().await;
    let began = owner.sim.clock().now();
    let odometer = || owner.sim.car_state(PETROL).unwrap().odometer_km;
    let start = odometer();
    owner.sim.set_routine(PETROL, Routine::Habitual);

    owner.wait(14 * DAY);

    let driven = trips(&owner, PETROL, began).await;
    assert!((15..50).contains(&driven.len()), "{}", driven.len());
    let metres: u64 = driven.iter().map(|(metres, _)| metres).sum();
    let kilometres = Duration::from_millis(metres).as_secs_f64();
    assert!((odometer() - start - kilometres).abs() < 0.1);
    let others = owner.sim.car_state(HYBRID).unwrap();
    assert!((others.odometer_km - 21_954.6).abs() < 1e-9, "it is parked");
}

#[tokio::test]
async fn a_car_comes_home_to_its_plug() {
    let owner = Owner::new().await;
    let home = owner.sim.car_state(HYBRID).unwrap().position;
    let now = owner.sim.clock().now();
    owner.sim.drive(HYBRID, drive(now, 600, 8.0));
    let back = now + Duration::from_secs(1200);
    let way_back = PlannedDrive::new(back, Duration::from_secs(600), 8.0, home);
    owner.sim.drive(HYBRID, way_back);

    owner.wait(1801);
    let waiting = owner.payload("/v1/vehicle/electric/status", HYBRID).await;
    owner.wait(5 * DAY);
    let charged = owner.payload("/v1/vehicle/electric/status", HYBRID).await;

    assert_eq!(waiting["chargingStatus"], "plugged");
    assert_eq!(charged["chargingStatus"], "chargeComplete");
    assert_eq!(charged["batteryLevel"], 100);
}

#[tokio::test]
async fn a_life_follows_from_its_seed_however_often_it_is_looked_at() {
    let lives = [(7, 1), (7, 24), (8, 1)].map(async |(seed, looks)| {
        let owner = Owner::of(Simulator::builder().seed(seed)).await;
        let began = owner.sim.clock().now();
        let noon = began + Duration::from_secs(DAY / 2);
        owner.sim.drive(PETROL, drive(noon, 600, 8.0));
        for _ in 0..looks {
            owner.wait(DAY / looks);
            owner.get("/v1/vehicle/status", PETROL).await;
            owner.post("/v1/remote/status", PETROL, None).await;
        }
        trips(&owner, PETROL, began).await
    });
    let [first, watched, other] = lives;

    let (first, watched, other) = (first.await, watched.await, other.await);

    assert_eq!(first.len(), 1);
    assert_eq!(first, watched);
    assert_ne!(first, other);
}

#[tokio::test]
async fn a_leap_of_a_thousand_years_is_survived() {
    let owner = Owner::new().await;
    for vin in [PETROL, HYBRID, ELECTRIC] {
        owner.sim.set_routine(vin, Routine::Habitual);
    }

    owner
        .sim
        .clock()
        .advance(Duration::from_secs(1000 * 365 * DAY));

    for vin in [PETROL, HYBRID, ELECTRIC] {
        let state = owner.sim.car_state(vin).unwrap();
        assert!(state.odometer_km > 9000.0);
        assert!(
            state
                .fuel
                .is_none_or(|percent| (0.0..=100.0).contains(&percent))
        );
    }
}

fn drive(start: SystemTime, seconds: u64, kilometres: f64) -> PlannedDrive {
    PlannedDrive::new(start, Duration::from_secs(seconds), kilometres, WORK)
}

/// The lengths of the trips since then, in metres, newest first, and their identifiers.
async fn trips(owner: &Owner, vin: &str, since: SystemTime) -> Vec<(u64, Value)> {
    let day = |at: SystemTime| Timestamp::try_from(at).unwrap().strftime("%F").to_string();
    let (from, to) = (day(since), day(owner.sim.clock().now()));
    let path = format!("/v1/trips?from={from}&to={to}&route=false&summary=false&limit=50&offset=0");
    let page = owner.payload(&path, vin).await;
    page["trips"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|trip| {
            let start: Timestamp = trip["summary"]["startTs"]
                .as_str()
                .unwrap()
                .parse()
                .unwrap();
            SystemTime::from(start) + Duration::from_secs(1) >= since
        })
        .map(|trip| {
            (
                trip["summary"]["length"].as_u64().unwrap(),
                trip["id"].clone(),
            )
        })
        .collect()
}
